/// `Aᵢ = rᵢ − mean(r)`: without the division, easy and hard questions keep their natural weight (Dr. GRPO).
public struct MeanOnlyAdvantage: AdvantageEstimator, Equatable {
    public init() {}

    public func advantages(of rewards: [Double]) -> [Double] {
        let statistics = RewardStatistics(rewards)
        guard !statistics.isDegenerate else { return rewards.map { _ in 0 } }
        return rewards.map { $0 - statistics.mean }
    }
}
