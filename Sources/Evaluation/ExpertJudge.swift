import Backends
import Rewards
import Storage

/// The expert part of the composite reward: a judge's rubric score of an episode's answer, from 0 to 1.
///
/// The judge sees the question and the extracted answer. A judge that fails, or that judges a canary wrongly, stops the
/// run with an error; it never becomes a score of zero.
public struct ExpertJudge: Sendable {
    public let criteria: [RubricCriterion]
    private let judge: RubricJudge

    /// - Parameter cachePath: a file that keeps the judge's replies, so that a resumed run asks nothing twice.
    public init(
        model: any ChatModel, criteria: [RubricCriterion], concurrency: Int, cachePath: String
    ) throws(JudgeError) {
        self.criteria = criteria
        judge = try RubricJudge(
            model: ChatJudgeModel(model: model), modelName: model.name, canaries: Self.canaries,
            cache: RunJudgeCache(path: cachePath), concurrency: concurrency, hash: { SHA256.hex($0) })
    }

    public func score(question: String, answer: String) async throws(JudgeError) -> Double {
        let judgements = try await judge.judge([
            RubricQuestion(question: question, answer: answer, criteria: criteria)
        ])
        return min(1, max(0, judgements.first?.score ?? 0))
    }

    /// What no working judge gets wrong.
    private static let canaries = [
        RubricCanary(
            name: "capital",
            question: RubricQuestion(
                question: "What is the capital of France?", answer: "Paris",
                criteria: [
                    RubricCriterion(id: "paris", text: "The answer names Paris.", points: 1),
                    RubricCriterion(id: "berlin", text: "The answer names Berlin.", points: 1),
                ]), met: [true, false])
    ]
}
