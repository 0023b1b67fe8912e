/// The reward of one episode: `α · task + β · format + γ · efficiency` (see ``RewardWeights``).
///
/// - task: 1 for a correct answer, else 0.
/// - format: 1 for an episode that is valid by ``FormatReport``, else 0.
/// - efficiency: `max(0, 1 − max(0, calls − expected) / expected)` for a correct answer, else 0.
///
/// Efficiency is gated by correctness because an ungated one pays most for not researching at all: in a group without a
/// correct answer the episodes that gave up first would be the best ones, and the policy would learn to stop calling
/// tools. With the gate it only ranks correct answers.
public struct CompositeReward: Sendable, Hashable {
    public var weights: RewardWeights
    public var verifier: AnswerVerifier

    public init(weights: RewardWeights = RewardWeights(), verifier: AnswerVerifier = AnswerVerifier()) {
        self.weights = weights
        self.verifier = verifier
    }

    public func score(input: RewardInput) -> RewardBreakdown {
        let verdict = verifier.grade(finalText: input.finalText, gold: input.gold)
        let formatReport = FormatReport(
            turnViolations: input.formatViolations, endedWithAnswer: input.endedWithAnswer)
        let isCorrect = verdict.verdict == .correct
        let task = isCorrect ? 1.0 : 0.0
        let format = formatReport.isValid ? 1.0 : 0.0
        let efficiency =
            isCorrect ? Self.efficiency(calls: input.toolCallCount, expected: input.expectedToolCalls) : 0.0
        return RewardBreakdown(
            task: task, format: format, efficiency: efficiency,
            total: weights.task * task + weights.format * format + weights.efficiency * efficiency,
            verdict: verdict, formatViolation: formatReport.violation)
    }

    /// 1 up to the expected number of calls, then falling linearly to 0 at twice that number. Where no call is expected,
    /// any call is too many.
    static func efficiency(calls: Int, expected: Int) -> Double {
        guard expected > 0 else { return calls == 0 ? 1 : 0 }
        return max(0, 1 - Double(max(0, calls - expected)) / Double(expected))
    }
}
