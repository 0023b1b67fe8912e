import Primitives
import Testing

@testable import Agents

@Suite struct PosteriorTests {
    private func evidence(_ probabilities: [Double], unlinked: Double = 0.1, other: Double = 0.2) -> Posterior.Evidence
    {
        Posterior.Evidence(
            text: "", isPresent: true, isCircumstance: false,
            model: FindingModel(
                entries: probabilities.enumerated().map {
                    FindingModel.Entry(candidate: Int32($0), probability: $1, link: nil, isPartial: false)
                }, unlinked: unlinked, other: other))
    }

    /// Fifty findings of probability 10⁻⁶ multiply to 10⁻³⁰⁰ before ten thousand candidates are even summed.
    @Test func tenThousandCandidatesDoNotUnderflow() {
        let count = 10_000
        let item = evidence([2e-6], unlinked: 1e-6, other: 1e-6)
        let posterior = Posterior(
            priors: [Double](repeating: 0.9 / Double(count), count: count), elsePrior: 0.1,
            evidence: [Posterior.Evidence](repeating: item, count: 60))
        let sum = (0..<count).reduce(posterior.other) { $0 + posterior.probability(of: $1) }
        #expect(abs(sum - 1) < 1e-9)
        // 2⁶⁰ to one against each of the others.
        #expect(posterior.probability(of: 0) > 1 - 1e-9)
        let expected = 0.1 / (0.9 / Double(count)) / 0x1p60
        #expect(abs(posterior.other / expected - 1) < 1e-6)
    }

    @Test(arguments: 0..<20) func aGreaterLikelihoodGivesAGreaterPosterior(number: Int) {
        var random = CounterRandom(seed: 5, stage: .worlds, step: number)
        let priors = (0..<6).map { _ in 0.05 + 0.1 * random.uniform() }
        let likelihoods = (0..<6).map { _ in 0.01 + 0.9 * random.uniform() }
        let rest = evidence((0..<6).map { _ in 0.01 + 0.9 * random.uniform() })
        let place = random.integer(below: 6)
        var last = -1.0
        for step in 1...9 {
            var raised = likelihoods
            raised[place] = Double(step) / 10
            let posterior = Posterior(priors: priors, elsePrior: 0.1, evidence: [evidence(raised), rest])
            #expect(posterior.probability(of: place) > last)
            last = posterior.probability(of: place)
        }
    }

    @Test func withoutEvidenceThePriorsStay() {
        let posterior = Posterior(priors: [0.5, 0.3], elsePrior: 0.2, evidence: [])
        #expect(abs(posterior.probability(of: 0) - 0.5) < 1e-15 && abs(posterior.other - 0.2) < 1e-15)
    }
}
