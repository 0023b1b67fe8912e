import Backends
import Evaluation
import Rewards

/// A language model behind an OpenAI-compatible server. It scores answers by a rubric, which is the expert part of the
/// reward, and decides the answers that the verifier left undecided, if it is told to.
public struct JudgeSection: Sendable {
    public var server: ChatServerSection
    public var criteria: [RubricCriterion]
    public var concurrency: Int
    public var decidesUndecided: Bool
    /// What one launch may spend, whoever asks.
    private let spending: SpendLimit?

    init(_ section: RecipeSection) {
        server = ChatServerSection(section, name: "judge")
        spending = server.spending()
        concurrency = section.integer("concurrency", default: 8, in: 1...10_000)
        decidesUndecided = section.boolean("decides_undecided", default: false)
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
            model: server.chatModel(spending: spending), criteria: criteria, concurrency: concurrency,
            cachePath: directory + "/judge.jsonl")
    }

    /// - Parameter directory: the run directory, which keeps replies for a resumed run.
    func undecided(in directory: String) throws -> UndecidedJudge? {
        guard decidesUndecided else { return nil }
        return try UndecidedJudge(
            model: server.chatModel(spending: spending), concurrency: concurrency,
            cachePath: directory + "/judge_verdicts.jsonl")
    }
}
