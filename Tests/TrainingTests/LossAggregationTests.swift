import Primitives
import Testing

@testable import Training

/// The batch of the reference: token losses [1, 2, 3], [4] and an empty row.
@Suite struct LossAggregationTests {
    static let rows: [[Double]] = [[1, 2, 3], [4], []]

    @Test(
        .enabled(if: SharedData.isPresent, "needs ../shared/golden/grpo.json"),
        arguments: [
            (LossAggregation.tokenMean, "verl token-mean"), (.sequenceMean, "verl seq-mean-token-mean"),
            (.sequenceMeanOverAll, "trl grpo"), (.sequenceMeanOverAll, "skyrl sequence_mean"),
            (.tokenSum, "tinker  sum"),
        ])
    func agreesWithThePeer(aggregation: LossAggregation, peer: String) throws {
        let golden = try #require(
            try SharedData.grpo()["aggregation (loss [[1,2,3,_],[4,_,_,_],[_,_,_,_]])"]?[peer]?.doubleValue)
        let factors = aggregation.tokenFactors(policyTokenCounts: Self.rows.map(\.count))
        let loss = zip(Self.rows, factors).reduce(0) { $0 + $1.0.reduce(0, +) * $1.1 }
        #expect(abs(loss - golden) < 1e-12)
    }

    @Test(arguments: LossAggregation.allCases) func aBatchWithoutTokensHasNoLoss(aggregation: LossAggregation) {
        #expect(aggregation.tokenFactors(policyTokenCounts: [0, 0]) == [0, 0])
    }
}
