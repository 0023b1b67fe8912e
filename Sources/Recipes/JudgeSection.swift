import Backends
import Evaluation
import Foundation
import Rewards
import Transport

/// A language model behind an OpenAI-compatible server that scores answers by a rubric: the expert part of the reward.
public struct JudgeSection: Sendable {
    public var url: String
    public var model: String
    /// The environment variable that holds the key; the key itself is never written anywhere.
    public var apiKeyVariable: String?
    public var criteria: [RubricCriterion]
    public var concurrency: Int

    init(_ section: RecipeSection) {
        url = section.text("url", default: nil)
        model = section.text("model", default: nil)
        apiKeyVariable = section.optionalText("api_key_env")
        concurrency = section.integer("concurrency", default: 8, in: 1...10_000)
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
        if !criteria.contains(where: { $0.points > 0 }) {
            section.reader.complain(section.place, "judge.criteria needs a criterion with positive points")
        }
    }

    private static func criterion(_ text: String, number: Int) -> RubricCriterion? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let words = text[text.index(after: colon)...].drop(while: \.isWhitespace)
        guard let points = Double(text[..<colon]), points.isFinite, !words.isEmpty else { return nil }
        return RubricCriterion(id: "criterion-\(number)", text: String(words), points: points)
    }

    /// - Parameter cachePath: where replies are kept for a resumed run.
    func expert(cachePath: String) throws -> ExpertJudge {
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
        let chat = OpenAIChatModel(
            name: model, baseURL: url, apiKey: key, apiKeyVariable: apiKeyVariable, client: HTTPClient())
        return try ExpertJudge(model: chat, criteria: criteria, concurrency: concurrency, cachePath: cachePath)
    }
}
