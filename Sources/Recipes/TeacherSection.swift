import Agents
import Backends
import Synthesis

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
        failureKinds = section.toolFailures("tool_failures")
        systemPrompt = section.optionalText("student_system_prompt")
        section.finish()
    }

    var failures: ToolFailureSimulation? {
        failureRate > 0 ? ToolFailureSimulation(rate: failureRate, kinds: failureKinds) : nil
    }
}

/// A teacher that is a language model.
public struct TeacherModelSection: Sendable {
    /// Its spend limit is for the whole synthesis, over all launches.
    public var server: ChatServerSection
    /// Whether the model also shortens the thoughts of what is kept.
    public var rewritesThoughts: Bool

    init(_ section: RecipeSection) {
        server = ChatServerSection(section, name: "teacher")
        rewritesThoughts = section.boolean("rewrite_thoughts", default: false)
    }
}
