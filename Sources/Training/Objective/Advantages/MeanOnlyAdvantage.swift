/// `Aᵢ = rᵢ − mean(r)`: without the division, easy and hard questions keep their natural weight (Dr. GRPO, arXiv
/// 2503.20783; the default of tinker-cookbook, prime-rl and nanochat).
public struct MeanOnlyAdvantage: GroupAdvantageEstimator, Equatable {
    public init() {}

    public func advantages(ofDiffering rewards: [Double], statistics: RewardStatistics) -> [Double] {
        rewards.map { $0 - statistics.mean }
    }
}
