/// `Aᵢ = (rᵢ − mean(r)) / mean(r)`, or 0 where the mean is not positive: with rewards of 0 and 1 the gradient of the
/// likelihood of success rather than of its probability (max-RL; prime-rl's and SkyRL's `max_rl`). Invariant to the rewards'
/// scale, not to a shift.
public struct MaximumRewardAdvantage: GroupAdvantageEstimator, Equatable {
    public init() {}

    public func advantages(ofDiffering rewards: [Double], statistics: RewardStatistics) -> [Double] {
        let mean = statistics.mean
        return rewards.map { mean > 0 ? ($0 - mean) / mean : 0 }
    }
}
