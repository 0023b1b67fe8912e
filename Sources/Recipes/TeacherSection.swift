import Agents
import Backends
import Foundation
import Storage
import Synthesis
import Transport

/// Who demonstrates, within which bounds: `teacher`. A recipe with it is one for `synthesize`.
public struct TeacherSection: Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        /// Reads passages by the wording of the relations; offline.
        case rules
        /// A language model behind an OpenAI-compatible server.
        case model
    }

    public enum Calls: String, CaseIterable, Sendable {
        case native, tagged

        var format: LanguageModelTeacher.CallFormat { self == .native ? .native : .tagged }
    }

    public var kind: Kind
    /// Whether the rule-based teacher looks candidates up by the calls of one turn.
    public var parallelCalls: Bool
    /// The model's server; `nil` for the rule-based teacher.
    public var model: TeacherModelSection?
    public var callFormat: Calls
    public var temperature: Double
    public var topP: Double
    /// Trajectories per question.
    public var rollouts: Int
    public var guidedShare: Double
    public var concurrency: Int
    public var budgets: DemonstrationBudgets
    public var failureRate: Double
    public var failureKinds: [ToolFailureSimulation.Kind]
    public var systemPrompt: String?

    init(_ section: RecipeSection) {
        kind = section.choice("kind", default: Kind.rules) ?? .rules
        parallelCalls = kind == .rules ? section.boolean("parallel_calls", default: false) : false
        model = kind == .model ? TeacherModelSection(section) : nil
        callFormat = kind == .model ? section.choice("calls", default: Calls.native) ?? .native : .native
        temperature = kind == .model ? section.number("temperature", default: 0.6, in: 0...10) : 0
        topP = kind == .model ? section.number("top_p", default: 0.95, in: 0...1) : 1
        rollouts = section.integer("rollouts", default: kind == .model ? 3 : 1, in: 1...1000)
        guidedShare = section.number("guided_share", default: 0.5, in: 0...1)
        concurrency = section.integer("concurrency", default: 8, in: 1...10_000)
        let seconds = section.optionalNumber("time_limit_s", in: 1...1e6)
        budgets = DemonstrationBudgets(
            maximumTurns: section.integer("turns", default: 30, in: 1...4000),
            maximumToolCalls: section.integer("tool_calls", default: 40, in: 1...4000),
            maximumTokens: section.integer("tokens", default: 32_768, in: 16...10_000_000),
            maximumTokensPerTurn: section.integer("tokens_per_turn", default: 2048, in: 1...1_000_000),
            maximumTime: seconds.map { .seconds($0) },
            maximumRepetitions: section.integer("repetitions", default: 3, in: 2...1000))
        failureRate = section.number("tool_failure_rate", default: 0.05, in: 0...1)
        let kinds = section.texts(
            "tool_failures", default: ToolFailureSimulation.Kind.allCases.map(\.rawValue))
        failureKinds = kinds.compactMap { text in
            let kind = ToolFailureSimulation.Kind(rawValue: text)
            if kind == nil {
                let known = ToolFailureSimulation.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                section.reader.complain(
                    section.place(of: "tool_failures"),
                    "teacher.tool_failures: there is no failure `\(text)`; failures are \(known)")
            }
            return kind
        }
        systemPrompt = section.optionalText("student_system_prompt")
        section.finish()
    }

    var failures: ToolFailureSimulation? {
        failureRate > 0 ? ToolFailureSimulation(rate: failureRate, kinds: failureKinds) : nil
    }
}

/// The server of a teacher that is a language model.
public struct TeacherModelSection: Sendable {
    public var url: String
    public var name: String
    /// The environment variable that holds the key; the key itself is never written anywhere.
    public var apiKeyVariable: String?
    public var streams: Bool
    public var price: TokenPrice
    /// What the whole synthesis may cost, over all launches; `nil` is without limit.
    public var spendLimit: Double?
    /// Whether the model also shortens the thoughts of what is kept.
    public var rewritesThoughts: Bool
    let limiter: RateLimiter

    init(_ section: RecipeSection) {
        url = section.text("url", default: nil)
        name = section.text("model", default: nil)
        apiKeyVariable = section.optionalText("api_key_env")
        streams = section.boolean("stream", default: false)
        limiter = RateLimiter(
            RateLimit(
                requestsPerMinute: section.optionalNumber("requests_per_minute", in: 0.01...1e6),
                tokensPerMinute: section.optionalNumber("tokens_per_minute", in: 1...1e12)))
        price = TokenPrice(
            prompt: section.number("prompt_price", default: 0, in: 0...1e6),
            completion: section.number("completion_price", default: 0, in: 0...1e6))
        spendLimit = section.optionalNumber("spend_limit_usd", in: 0...1e9)
        if spendLimit != nil, price.prompt == 0, price.completion == 0 {
            section.reader.complain(
                section.place,
                "teacher.spend_limit_usd needs teacher.prompt_price and teacher.completion_price, in dollars per million "
                    + "tokens")
        }
        rewritesThoughts = section.boolean("rewrite_thoughts", default: false)
    }

    /// The model with its limits; answers are kept in the output directory, so that none is asked for twice.
    /// - Parameter spent: dollars that earlier launches spent.
    func languageModel(directory: String, spent: Double) throws -> RecipeLanguageModel {
        let key = try apiKeyVariable.map { variable throws(RecipeError) in
            guard let key = ProcessInfo.processInfo.environment[variable] else {
                throw RecipeError(problems: [
                    .init(
                        place: .init(source: "teacher", line: 0),
                        text: "teacher.api_key_env names \(variable), but that environment variable is not set")
                ])
            }
            return key
        }
        let server = OpenAIChatModel(
            name: name, baseURL: url, apiKey: key, apiKeyVariable: apiKeyVariable, streams: streams,
            client: HTTPClient())
        let spending = spendLimit.map { SpendLimit(limit: $0, price: price, spent: spent) }
        let limited = LimitedChatModel(server, limiter: limiter, spending: spending)
        let cached = try CachedChatModel(limited, server: url, path: directory + "/teacher_answers.jsonl")
        return RecipeLanguageModel(cached, price: price)
    }
}
