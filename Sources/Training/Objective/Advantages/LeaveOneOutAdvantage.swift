/// `Aᵢ = rᵢ − mean(r without rᵢ) = n / (n − 1) · (rᵢ − mean(r))`, the advantage of RLOO (arXiv 2402.14740).
public struct LeaveOneOutAdvantage: GroupAdvantageEstimator, Equatable {
    public init() {}

    public func advantages(ofDiffering rewards: [Double], statistics: RewardStatistics) -> [Double] {
        let scale = Double(rewards.count) / Double(rewards.count - 1)
        return rewards.map { scale * ($0 - statistics.mean) }
    }
}
