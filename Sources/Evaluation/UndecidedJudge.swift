import Backends
import Rewards
import Storage

/// Lets a language model decide the answers that the verifier left undecided; what the verifier decided stands.
///
/// A judge that fails, or that judges a canary wrongly, stops the run with an error.
public struct UndecidedJudge: Sendable {
    private let judge: Judge

    /// - Parameter cachePath: a file that keeps the judge's replies, so that a resumed run asks nothing twice.
    public init(model: any ChatModel, concurrency: Int, cachePath: String) throws(JudgeError) {
        judge = try Judge(
            model: ChatJudgeModel(model: model), modelName: model.name, canaries: Self.canaries,
            cache: RunJudgeCache(path: cachePath), concurrency: concurrency, hash: { SHA256.hex($0) })
    }

    /// The report with the judge's verdict where the verifier had none, else the report as it is.
    public func decide(
        _ report: VerdictReport, question: String, gold: String, answer: String
    ) async throws(JudgeError) -> VerdictReport {
        guard report.verdict == .undecided else { return report }
        let judgements = try await judge.judge([JudgeQuestion(question: question, gold: gold, answer: answer)])
        guard let judgement = judgements.first else { return report }
        var decided = report
        decided.verdict = judgement.isCorrect ? .correct : .incorrect
        decided.guarantee = .judged
        decided.problem = nil
        decided.rules.append("a judge's decision")
        return decided
    }

    /// What no working judge gets wrong.
    private static let canaries = [
        JudgeCanary(
            name: "right capital",
            question: JudgeQuestion(question: "What is the capital of France?", gold: "Paris", answer: "Paris"),
            isCorrect: true),
        JudgeCanary(
            name: "wrong capital",
            question: JudgeQuestion(question: "What is the capital of France?", gold: "Paris", answer: "Berlin"),
            isCorrect: false),
    ]
}
