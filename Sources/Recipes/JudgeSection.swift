import Backends
import Evaluation
import Foundation
import Rewards
import Transport

/// A language model behind an OpenAI-compatible server. It scores answers by a rubric, which is the expert part of the
/// reward, and decides the answers that the verifier left undecided, if it is told to.
public struct JudgeSection: Sendable {
    public var url: String
    public var model: String
    /// The environment variable that holds the key; the key itself is never written anywhere.
    public var apiKeyVariable: String?
    public var criteria: [RubricCriterion]
    public var concurrency: Int
    public var decidesUndecided: Bool
    /// Whether answers are streamed, so that silence and not length ends a request.
    public var streams: Bool
    /// Shared by everything that asks the judge.
    let limiter: RateLimiter
    /// What one launch may spend; `nil` is without limit.
    let spending: SpendLimit?

    init(_ section: RecipeSection) {
        url = section.text("url", default: nil)
        model = section.text("model", default: nil)
        apiKeyVariable = section.optionalText("api_key_env")
        concurrency = section.integer("concurrency", default: 8, in: 1...10_000)
        decidesUndecided = section.boolean("decides_undecided", default: false)
        streams = section.boolean("stream", default: false)
        limiter = RateLimiter(
            RateLimit(
                requestsPerMinute: section.optionalNumber("requests_per_minute", in: 0.01...1e6),
                tokensPerMinute: section.optionalNumber("tokens_per_minute", in: 1...1e12)))
        let price = TokenPrice(
            prompt: section.number("prompt_price", default: 0, in: 0...1e6),
            completion: section.number("completion_price", default: 0, in: 0...1e6))
        spending = section.optionalNumber("spend_limit_usd", in: 0...1e9).map { SpendLimit(limit: $0, price: price) }
        if spending != nil, price.prompt == 0, price.completion == 0 {
            section.reader.complain(
                section.place,
                "judge.spend_limit_usd needs judge.prompt_price and judge.completion_price, in dollars per million tokens"
            )
        }
        criteria = section.texts("criteria", default: []).enumerated().compactMap { index, text in
            let criterion = Self.criterion(text, number: index + 1)
            if criterion == nil {
                section.reader.complain(
                    section.place,
                    "judge.criteria: expected points, a colon and a text, such as `5: names its source`, found `\(text)`"
                )
            }
            return criterion
        }
        section.finish()
        if !criteria.isEmpty || !decidesUndecided, !criteria.contains(where: { $0.points > 0 }) {
            section.reader.complain(section.place, "judge.criteria needs a criterion with positive points")
        }
    }

    private static func criterion(_ text: String, number: Int) -> RubricCriterion? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let words = text[text.index(after: colon)...].drop(while: \.isWhitespace)
        guard let points = Double(text[..<colon]), points.isFinite, !words.isEmpty else { return nil }
        return RubricCriterion(id: "criterion-\(number)", text: String(words), points: points)
    }

    /// - Parameter directory: the run directory, which keeps replies for a resumed run.
    func expert(in directory: String) throws -> ExpertJudge {
        try ExpertJudge(
            model: chatModel(), criteria: criteria, concurrency: concurrency, cachePath: directory + "/judge.jsonl")
    }

    /// - Parameter directory: the run directory, which keeps replies for a resumed run.
    func undecided(in directory: String) throws -> UndecidedJudge? {
        guard decidesUndecided else { return nil }
        return try UndecidedJudge(
            model: chatModel(), concurrency: concurrency, cachePath: directory + "/judge_verdicts.jsonl")
    }

    private func chatModel() throws -> any ChatModel {
        let key = try apiKeyVariable.map { variable throws(RecipeError) in
            guard let key = ProcessInfo.processInfo.environment[variable] else {
                throw RecipeError(problems: [
                    .init(
                        place: .init(source: "judge", line: 0),
                        text: "judge.api_key_env names \(variable), but that environment variable is not set")
                ])
            }
            return key
        }
        let server = OpenAIChatModel(
            name: model, baseURL: url, apiKey: key, apiKeyVariable: apiKeyVariable, streams: streams,
            client: HTTPClient())
        return LimitedChatModel(server, limiter: limiter, spending: spending)
    }
}
