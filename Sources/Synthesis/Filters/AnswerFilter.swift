import Rewards

/// Keeps what ends with an answer that the exact verifier calls correct.
public struct AnswerFilter: TrajectoryFilter {
    public let name = "answer"
    private let verifier = AnswerVerifier()

    public init() {}

    public func problem(of candidate: FilterCandidate) -> String? {
        let demonstration = candidate.demonstration
        guard demonstration.stopReason == .answer else {
            let detail = demonstration.problem.map { ": \($0)" } ?? ""
            return "it ended with \(demonstration.stopReason.rawValue), expected an answer\(detail)"
        }
        let report = verifier.grade(
            finalText: demonstration.messages.last?.content ?? "", gold: candidate.question.gold)
        guard report.verdict != .correct else { return nil }
        return "the answer was graded \(report.verdict.rawValue), expected \(report.canonicalGold)"
    }
}
