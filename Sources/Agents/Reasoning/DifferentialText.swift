import Foundation

/// A differential as the policy model reads it.
struct DifferentialText {
    let differential: Differential
    let parameters: ReasoningParameters

    var text: String {
        var lines = [verdict]
        if !differential.findings.isEmpty { lines += hypotheses }
        lines += unused
        if !differential.questions.isEmpty {
            let questions = differential.questions.map { "\($0.finding) (\(Self.number($0.bits)) bits)" }
            lines.append("Most telling findings to look for next: " + questions.joined(separator: ", ") + ".")
        }
        lines.append(differential.priors)
        lines.append(
            "Where the source states no frequency, a disease shows a linked finding in "
                + "\(Self.percent(parameters.edgeFrequency)) of patients; × is how much more often the disease shows the "
                + "finding than diseases do on average.")
        return lines.joined(separator: "\n")
    }

    private var verdict: String {
        switch differential.verdict {
        case .supported:
            let leader = differential.hypotheses.first
            return "Leading diagnosis: \(leader?.name ?? "none") (\(Self.percent(leader?.posterior ?? 0)))."
        case .supportedCategory:
            return "Leading diagnosis: \(differential.category?.name ?? "none") or a kind of it "
                + "(\(Self.percent(differential.category?.posterior ?? 0)) together); which of them is not decided."
        case .notEnoughInformation(let reason):
            var text = "Not enough information: \(Self.words(reason))."
            if let category = differential.category {
                text +=
                    " The diseases of the category \(category.name) have \(Self.percent(category.posterior)) together."
            }
            return text
        }
    }

    private var hypotheses: [String] {
        differential.hypotheses.enumerated().map { place, hypothesis in
            let factors = hypothesis.factors.map { factor in
                let name = (factor.finding.isPresent ? "" : "no ") + Self.unnegated(factor.finding)
                return "\(name) ×\(Self.ratio(factor.logLikelihoodRatio)) [\(Self.words(factor.basis))]"
            }
            return "\(place + 1). \(hypothesis.name) (\(hypothesis.id)): \(Self.percent(hypothesis.posterior)), "
                + "before the findings \(Self.percent(hypothesis.prior)). " + factors.joined(separator: "; ")
        } + [
            "A disease not described: \(Self.percent(differential.elsePosterior)). The other "
                + "\(differential.candidateCount - differential.hypotheses.count) diseases described: "
                + "\(Self.percent(differential.restPosterior))."
        ]
    }

    private var unused: [String] {
        differential.unused.map { term in
            switch term.reason {
            case .unknown(let suggestions):
                "Not used, unknown finding: \"\(term.text)\""
                    + (suggestions.isEmpty
                        ? "." : " (known are \(suggestions.map { "\"\($0)\"" }.joined(separator: ", "))).")
            case .notLinked: "Not used, no disease is linked to it: \"\(term.text)\"."
            case .implied(let other): "Not counted again, implied by \"\(other)\": \"\(term.text)\"."
            case .contradicted(let other): "Not used, contradicted by \"\(other)\": \"\(term.text)\"."
            }
        }
    }

    // MARK: Words

    static func words(_ reason: Differential.Reason) -> String {
        switch reason {
        case .noCandidate: "the graph describes no disease by findings"
        case .noKnownFinding: "no finding is known that a disease is linked to"
        case .somethingElseLeads: "a disease that is not described is likelier than any that is"
        case .leaderBelow(let bound): "no disease reaches \(percent(bound))"
        }
    }

    static func words(_ basis: Differential.Basis) -> String {
        switch basis {
        case .fact(let relation, let disease, let finding, let evidence):
            "\(disease) \(relation) \(finding)" + (evidence.first.map { ", \($0.source)" } ?? "")
        case .table(let disease, let finding, let source): "frequency of \(finding) in \(disease), \(source)"
        case .identity: "the finding is this disease"
        case .category(let basis): "by category: \(words(basis))"
        case .noLink: "not linked"
        case .circumstance(let text): text
        }
    }

    /// A finding without the negation it was written with.
    private static func unnegated(_ finding: Differential.Finding) -> String {
        guard !finding.isPresent else { return finding.text }
        let negation = CaseResolver.negations.first { finding.text.lowercased().hasPrefix($0) }
        return String(finding.text.dropFirst(negation?.count ?? 0))
    }

    static func percent(_ share: Double) -> String {
        let percent = share * 100
        return
            (percent >= 10
            ? String(format: "%.0f", percent)
            : percent >= 0.1
                ? String(format: "%.1f", percent)
                : percent > 0 ? "<0.1" : "0") + " %"
    }

    private static func ratio(_ logRatio: Double) -> String {
        let ratio = exp(min(logRatio, 30))
        return String(format: ratio >= 10 ? "%.0f" : ratio >= 0.1 ? "%.2g" : "%.1g", ratio)
    }

    private static func number(_ value: Double) -> String { String(format: "%.2f", value) }
}
