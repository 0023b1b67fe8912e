import Testing

@testable import Backends

/// The gradient of a policy loss is a sum of `∇(r · A)` with some coefficient per token; equal coefficients, equal gradients.
@Suite struct LossCompensationTests {
    private let batch = [
        Datum.example(count: 4, advantage: 0.5), Datum.example(count: 9, advantage: -1.25),
        Datum.example(count: 2, advantage: 2),
    ]

    /// What a server that reduces to the mean of datum means multiplies each token's `∇r` by.
    private func meanCoefficients(_ sent: [Datum]) -> [[Float]] {
        sent.map { datum in
            let total = max(datum.weights.reduce(0, +), 1e-9)
            return zip(datum.weights, datum.advantages).map { $0 * $1 / total / Float(sent.count) }
        }
    }

    private func sumCoefficients(_ sent: [Datum]) -> [[Float]] {
        sent.map { zip($0.weights, $0.advantages).map { $0 * $1 } }
    }

    private func isClose(_ left: [[Float]], _ right: [[Float]]) -> Bool {
        left.count == right.count
            && zip(left.joined(), right.joined()).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) }
    }

    @Test func aMeanOfDatumMeansBecomesTheSumOfTokens() {
        let sent = LossCompensation.policyDatums(batch, profile: .skyRL)
        #expect(isClose(meanCoefficients(sent), sumCoefficients(batch)))
    }

    @Test func aSumOfTokensIsSentAsItIs() {
        #expect(LossCompensation.policyDatums(batch, profile: .embedded) == batch)
    }

    @Test func weightsThatAreNotSentAreFoldedIntoTheAdvantages() {
        var datum = Datum.example(count: 4, advantage: 2)
        datum.weights = [0, 0, 0.5, 1]
        datum.advantages = [2, 2, 2, 2]
        #expect(LossCompensation.policyDatums([datum], profile: .tinker)[0].advantages == [0, 0, 1, 2])
    }

    @Test func crossEntropyBecomesTheSumOfTokensToo() {
        var weighted = batch
        weighted[1].weights = weighted[1].weights.map { $0 * 0.25 }
        weighted[2].weights = [0, 0]
        let sent = LossCompensation.crossEntropyAsImportanceSampling(
            weighted, logprobs: weighted.map { Array(repeating: -1, count: $0.count) })
        // At q = logp the gradient of r · A is A · ∇logp.
        #expect(isClose(meanCoefficients(sent), weighted.map(\.weights)))
    }
}
