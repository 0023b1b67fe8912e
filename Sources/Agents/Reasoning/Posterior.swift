import Foundation

/// The hypotheses' probabilities after the evidence.
///
/// Invariant: the candidates' probabilities and `other` sum to 1, up to rounding. Evidence is added in the order given, so
/// that candidates with the same links have the same score to the last bit.
struct Posterior: Sendable {
    /// A finding, with what it says of every hypothesis.
    struct Evidence: Sendable {
        var text: String
        var isPresent: Bool
        var isCircumstance: Bool
        var model: FindingModel
    }

    /// Natural logarithms, up to one constant.
    let scores: [Double]
    /// The probability of something else.
    let other: Double
    private let logTotal: Double

    init(priors: [Double], elsePrior: Double, evidence: [Evidence]) {
        var scores = priors.map { log($0) }
        var other = log(elsePrior)
        for item in evidence {
            let model = item.model
            let unlinked = FindingModel.logLikelihood(model.unlinked, isPresent: item.isPresent)
            var next = 0
            for index in scores.indices {
                if next < model.entries.count, Int(model.entries[next].candidate) == index {
                    scores[index] += FindingModel.logLikelihood(
                        model.entries[next].probability, isPresent: item.isPresent)
                    next += 1
                } else {
                    scores[index] += unlinked
                }
            }
            other += FindingModel.logLikelihood(model.other, isPresent: item.isPresent)
        }
        let greatest = scores.reduce(other) { max($0, $1) }
        logTotal = greatest + log(scores.reduce(exp(other - greatest)) { $0 + exp($1 - greatest) })
        self.scores = scores
        self.other = exp(other - logTotal)
    }

    func probability(of candidate: Int) -> Double { exp(scores[candidate] - logTotal) }

    /// The mutual information, in bits, of the hypothesis and whether the finding is there.
    func information(of model: FindingModel) -> Double {
        var (linkedMass, presence, uncertainty) = (0.0, 0.0, 0.0)
        for entry in model.entries {
            let mass = probability(of: Int(entry.candidate))
            linkedMass += mass
            presence += mass * entry.probability
            uncertainty += mass * Self.entropy(entry.probability)
        }
        let unlinkedMass = max(0, 1 - other - linkedMass)
        presence += unlinkedMass * model.unlinked + other * model.other
        uncertainty += unlinkedMass * Self.entropy(model.unlinked) + other * Self.entropy(model.other)
        return max(0, Self.entropy(presence) - uncertainty)
    }

    private static func entropy(_ probability: Double) -> Double {
        let rest = 1 - probability
        guard probability > 0, rest > 0 else { return 0 }
        return -probability * log2(probability) - rest * log2(rest)
    }
}
