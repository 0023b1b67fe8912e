/// Grades the visible text of an episode's last assistant message against a gold, exactly and in linear time.
///
/// The caller passes what the policy wrote in that one message, never a tool's output. Nothing on the way runs code,
/// simplifies expressions or waits for a clock, so that the same text always gets the same verdict.
public struct AnswerVerifier: Sendable, Hashable {
    /// The longest answer, in UTF-8 bytes between the tags, that is read.
    public var maximumAnswerBytes: Int

    public init(maximumAnswerBytes: Int = 1024) {
        self.maximumAnswerBytes = maximumAnswerBytes
    }

    /// Finds exactly one `<answer>…</answer>` in `finalText` and compares its canonical form with the gold's.
    public func grade(finalText: String, gold: Gold) -> VerdictReport {
        let canonicalGold = CanonicalForm(of: gold.value, kind: gold.kind)
        var report = VerdictReport(
            verdict: .goldError, canonicalGold: canonicalGold.value ?? "", operations: canonicalGold.operations)
        guard let goldValue = canonicalGold.value else {
            report.problem = "gold \"\(gold.value)\": \(canonicalGold.problem ?? "no canonical form")"
            return report
        }
        var accepted = [(text: gold.value, value: goldValue)]
        for alias in gold.aliases {
            let canonicalAlias = CanonicalForm(of: alias, kind: gold.kind)
            report.operations += canonicalAlias.operations
            guard let value = canonicalAlias.value else {
                report.problem = "alias \"\(alias)\": \(canonicalAlias.problem ?? "no canonical form")"
                return report
            }
            accepted.append((alias, value))
        }

        let bytes = Array(finalText.utf8)
        let extractor = AnswerExtractor(bytes)
        report.operations += extractor.operations
        report.span = extractor.span
        guard let span = extractor.span else {
            report.verdict = .malformed
            report.problem = extractor.problem
            return report
        }
        guard span.count <= maximumAnswerBytes else {
            report.verdict = .overBudget
            report.problem = "the answer has \(span.count) bytes; at most \(maximumAnswerBytes) are read"
            return report
        }
        let answer = CanonicalForm(of: String(decoding: bytes[span], as: UTF8.self), kind: gold.kind)
        report.operations += answer.operations
        report.rules = answer.rules
        report.canonicalAnswer = answer.value
        guard let value = answer.value else {
            report.verdict = .malformed
            report.problem = "the answer is no \(gold.kind.rawValue): \(answer.problem ?? "no canonical form")"
            return report
        }
        // Byte equality: Swift's == on strings would apply canonical equivalence once more.
        let match = accepted.firstIndex { $0.value.utf8.elementsEqual(value.utf8) }
        report.operations += accepted.count
        report.verdict = match == nil ? .incorrect : .correct
        if let match, match > 0 { report.rules.append("alias \"\(accepted[match].text)\"") }
        return report
    }
}
