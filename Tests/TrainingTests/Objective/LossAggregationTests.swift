import Primitives
import Testing

@testable import Training

/// The batch of the reference: token losses [1, 2, 3], [4] and an empty row.
@Suite struct LossAggregationTests {
    static let rows: [[Double]] = [[1, 2, 3], [4], []]

    static let all: [LossAggregation] = [
        .tokenMean, .sequenceMean, .sequenceMeanOverAll, .sequenceSum, .sequenceSumOverAll, .constantLength(maximum: 4),
        .constantLengthOverAll(maximum: 4), .tokenSum,
    ]

    static let peers: [String: LossAggregation] = [
        "verl token-mean": .tokenMean, "verl token-sum": .tokenSum, "verl seq-mean-token-sum": .sequenceSum,
        "verl seq-mean-token-sum-norm": .constantLength(maximum: 4),
        "verl seq-mean-token-sum-norm factor=100": .constantLength(maximum: 100),
        "verl seq-mean-token-mean": .sequenceMean, "trl grpo": .sequenceMeanOverAll, "trl bnpo": .tokenMean,
        "trl dapo (num_items=4)": .tokenMean,
        "trl dr_grpo (max_completion_length=4)": .constantLengthOverAll(maximum: 4),
        "prime-rl  sum/rl_scale(4)": .tokenMean, "tinker  sum": .tokenSum,
        "slime sum_of_sample_mean/n(3)": .sequenceMeanOverAll,
        "skyrl seq_mean_token_sum_norm(max_seq_len=4)": .constantLengthOverAll(maximum: 4),
        "skyrl sequence_mean": .sequenceMeanOverAll,
    ]

    private func loss(_ aggregation: LossAggregation, _ rows: [[Double]], share: Double = 1) -> Double {
        let factors = aggregation.tokenFactors(policyTokenCounts: rows.map(\.count), share: share)
        return zip(rows, factors).reduce(0) { $0 + $1.0.reduce(0, +) * $1.1 }
    }

    @Test(.enabled(if: SharedData.isPresent, "needs ../shared/golden/grpo.json"))
    func everyPeerAgreesUnderTheNameOfItsConvention() throws {
        let entries = try #require(
            try SharedData.grpo()["aggregation (loss [[1,2,3,_],[4,_,_,_],[_,_,_,_]])"]?.objectValue)
        #expect(Set(entries.members.map(\.key)) == Set(Self.peers.keys))
        for (peer, wanted) in entries.members {
            let aggregation = try #require(Self.peers[peer])
            #expect(abs(loss(aggregation, Self.rows) - (wanted.doubleValue ?? .nan)) < 1e-6, "\(peer)")
        }
    }

    @Test func sumsWithEmptyRowsCounted() {
        #expect(abs(loss(.sequenceSumOverAll, Self.rows) - 10.0 / 3) < 1e-12)
    }

    @Test(arguments: all) func aBatchWithoutTokensHasNoLoss(aggregation: LossAggregation) {
        #expect(aggregation.tokenFactors(policyTokenCounts: [0, 0]) == [0, 0])
        #expect(aggregation.tokenFactors(policyTokenCounts: []).isEmpty)
    }

    /// Two passes add up to the whole where each has the share that it is of what the aggregation divides by.
    @Test(arguments: all) func sharesAddUpToTheWhole(aggregation: LossAggregation) {
        var random = CounterRandom(seed: 3, stage: .reinforcement)
        for _ in 0..<30 {
            let rows = (0..<6).map { _ in (0..<random.integer(below: 5)).map { _ in random.uniform() } }
            let parts = [Array(rows.prefix(2)), Array(rows.suffix(4))]
            let size: ([[Double]]) -> Double = { rows in
                switch aggregation {
                case .tokenMean, .tokenSum: Double(rows.reduce(0) { $0 + $1.count })
                case .sequenceMean, .sequenceSum, .constantLength: Double(rows.count { !$0.isEmpty })
                case .sequenceMeanOverAll, .sequenceSumOverAll, .constantLengthOverAll: Double(rows.count)
                }
            }
            let sum = parts.reduce(0) { $0 + loss(aggregation, $1, share: size($1) / max(1, size(rows))) }
            #expect(abs(sum - loss(aggregation, rows)) < 1e-12)
        }
    }
}
