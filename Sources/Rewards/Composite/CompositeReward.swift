/// The reward of one episode (see ``RewardWeights`` and ``RewardComposition``).
///
/// - task: 1 for a correct answer, else 0.
/// - format: 1 for an episode that is valid by ``FormatReport``, else 0.
/// - efficiency: ``ToolEfficiency`` of the episode's calls.
/// - expert: what a judge gave, from 0 to 1.
///
/// Efficiency is gated by correctness because an ungated one pays most for not researching at all: in a group without a
/// correct answer the episodes that gave up first would be the best ones, and the policy would learn to stop calling
/// tools. With the gate it only ranks correct answers.
public struct CompositeReward: Sendable, Hashable {
    public var composition: RewardComposition
    public var verifier: AnswerVerifier

    public init(composition: RewardComposition = RewardComposition(), verifier: AnswerVerifier = AnswerVerifier()) {
        self.composition = composition
        self.verifier = verifier
    }

    /// The verdict on the episode's answer; the first half of scoring, because a judge is asked between the halves.
    public func verdict(input: RewardInput) -> VerdictReport {
        do throws(RewardError) {
            let prepared = try PreparedGold(input.gold, limits: verifier.limits)
            return verifier.grade(input.finalText, against: prepared, question: input.question)
        } catch {
            return VerdictReport(verdict: .goldError, type: input.gold.type, problem: error.description, operations: 0)
        }
    }

    /// Whether a judge's opinion on an episode with this verdict would count.
    public func wantsExpert(for verdict: VerdictReport) -> Bool {
        composition.weights.expert > 0 && verdict.verdict.trains
            && (verdict.verdict == .correct || !composition.onlyWhenCorrect.contains(.expert))
    }

    public func score(input: RewardInput) -> RewardBreakdown {
        score(input: input, verdict: verdict(input: input), expert: nil)
    }

    /// - Parameter expert: the judge's score, where one was asked.
    public func score(input: RewardInput, verdict: VerdictReport, expert: Double?) -> RewardBreakdown {
        let weights = composition.weights
        let isCorrect = verdict.verdict == .correct
        let formatReport = FormatReport(
            turnViolations: input.formatViolations, endedWithAnswer: input.endedWithAnswer)
        let task = isCorrect ? 1.0 : 0.0
        let format = formatReport.isValid ? 1.0 : 0.0
        let efficiency =
            counts(.efficiency, isCorrect)
            ? ToolEfficiency.value(calls: input.toolCallCount, expected: input.expectedToolCalls) : 0
        var parts: [RewardPart] = []
        if let expert, weights.expert > 0 {
            parts.append(
                RewardPart(name: .expert, value: expert, weight: weights.expert, counts: counts(.expert, isCorrect)))
        }
        for part in composition.shaping {
            parts.append(
                RewardPart(
                    name: part.shaping.name, value: value(of: part.shaping, input: input, isCorrect: isCorrect),
                    weight: part.weight, counts: counts(part.shaping.name, isCorrect)))
        }
        var total = weights.task * task + weights.format * format + weights.efficiency * efficiency
        for part in parts { total += part.contribution }
        return RewardBreakdown(
            task: task, format: format, efficiency: efficiency, total: total, verdict: verdict,
            formatViolation: formatReport.violation, parts: parts)
    }

    private func counts(_ part: RewardPart.Name, _ isCorrect: Bool) -> Bool {
        isCorrect || !composition.onlyWhenCorrect.contains(part)
    }

    private func value(of shaping: RewardComposition.Shaping, input: RewardInput, isCorrect: Bool) -> Double {
        let length = input.responseTokens.count
        switch shaping {
        case .overlong(let maximum, let buffer):
            return SoftOverlong(maximumLength: maximum, buffer: buffer).value(length: length)
        case .repetition(let gram):
            return RepetitionPenalty(ngramSize: gram, maximumPenalty: -1).value(input.responseTokens)
        case .cosineLength(let maximum):
            return CosineLength(maximumLength: maximum).value(length: length, isCorrect: isCorrect)
        case .citation:
            return LiteralCitation.value(text: input.finalText, evidence: input.observations)
        }
    }
}
