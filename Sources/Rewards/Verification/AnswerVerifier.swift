import Primitives

/// Grades what a policy wrote against a gold: exactly, in bounded work, and with the reasons.
///
/// Nothing on the way runs code, solves or simplifies at a model's request, or waits for a clock, so that the same text
/// gets the same verdict in every process and under every load.
public struct AnswerVerifier: Sendable, Hashable {
    public var limits: WorkLimits

    public init(limits: WorkLimits = WorkLimits()) { self.limits = limits }

    /// Grades against a gold that is read for this one answer; an unusable gold is the verdict `goldError`.
    public func grade(finalText: String, gold: Gold) -> VerdictReport {
        do throws(RewardError) {
            return grade(finalText, against: try PreparedGold(gold, limits: limits))
        } catch {
            return VerdictReport(verdict: .goldError, type: gold.type, problem: error.description, operations: 0)
        }
    }

    /// - Parameters:
    ///   - text: the visible text of the last assistant message.
    ///   - authored: the byte ranges of `text` that the policy wrote; `nil` for all of it.
    ///   - question: where given, an answer that repeats a formula of the question instead of answering it is refused.
    public func grade(
        _ text: String, against prepared: PreparedGold, authored: [Range<Int>]? = nil, question: String? = nil
    ) -> VerdictReport {
        var work = Work(limits: limits)
        var report = VerdictReport(
            verdict: .incorrect, type: prepared.gold.type, canonicalGold: prepared.canonical, operations: 0)
        do throws(AnswerProblem) {
            let found = try prepared.extraction.extract(Array(text.utf8), authored: authored, work: &work)
            report.span = found.span
            guard found.bytes.count <= limits.bytes else {
                throw .overBudget("the answer has \(found.bytes.count) bytes; at most \(limits.bytes) are read")
            }
            let answer = try TextHygiene.clean(found.bytes[...], work: &work)
            guard !answer.isEmpty else { throw .malformed("the answer is empty") }
            let value = try prepared.reader.read(answer, side: .prediction, work: &work)
            report.canonicalAnswer = value.text
            if let question, EchoRule.isEcho(answer, of: question, gold: prepared.gold) {
                throw .refused("the answer repeats an expression of the question instead of answering it")
            }
            try decide(value, against: prepared, report: &report, work: &work)
        } catch {
            report.verdict = Self.verdict(for: error)
            report.problem = error.description
        }
        report.rules = work.rules
        report.operations = work.operations + prepared.operations
        return report
    }

    /// Any accepted value will do; where none is equal and one comparison was undecided, so is the verdict.
    private func decide(
        _ value: CanonicalValue, against prepared: PreparedGold, report: inout VerdictReport, work: inout Work
    ) throws(AnswerProblem) {
        var doubt: AnswerProblem?
        for (index, accepted) in prepared.accepted.enumerated() {
            try work.spend(1)
            do throws(AnswerProblem) {
                let comparison = try prepared.reader.compare(gold: accepted, prediction: value, work: &work)
                report.guarantee = comparison.guarantee
                if comparison.isEqual {
                    report.verdict = .correct
                    if index > 0 { work.apply("alias") }
                    return
                }
            } catch {
                guard case .undecided = error else { throw error }
                doubt = error
            }
        }
        if let doubt { throw doubt }
    }

    static func verdict(for problem: AnswerProblem) -> Verdict {
        switch problem {
        case .malformed, .refused: .malformed
        case .undecided: .undecided
        case .overBudget: .overBudget
        }
    }
}
