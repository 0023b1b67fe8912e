/// `Aᵢ = (rᵢ − mean(others)) / (std(others) + ε)` with ddof 1, where the others are the group without `rᵢ` (NeMo-RL's
/// default: leave-one-out baseline with normalisation).
///
/// Where the others are all equal they have no spread, and the difference stays as it is, as in NeMo-RL. NeMo-RL also leaves
/// it so in groups of two, where the spread of the single other is undefined, so that rewards of 3 and −1 get ±4 and the
/// scale of the rewards comes through. Here a group of two is divided by the spread of the whole group.
public struct LeaveOneOutDeviationAdvantage: GroupAdvantageEstimator, Equatable {
    public var epsilon: Double

    public init(epsilon: Double = 1e-6) { self.epsilon = epsilon }

    public func advantages(ofDiffering rewards: [Double], statistics: RewardStatistics) -> [Double] {
        let count = Double(rewards.count)
        let scale = count / (count - 1)
        guard rewards.count > 2 else {
            let deviation = statistics.standardDeviation(degreesOfFreedom: 1)
            return rewards.map { scale * ($0 - statistics.mean) / (deviation + epsilon) }
        }
        // Σ over the others of (rⱼ − their mean)² = Σ over all of (rⱼ − mean)² − n/(n−1) · (rᵢ − mean)².
        let squares = statistics.squaredDeviations
        let lowest = rewards.count { $0 == statistics.minimum }
        let highest = rewards.count { $0 == statistics.maximum }
        return rewards.map { reward in
            let difference = reward - statistics.mean
            let othersAreEqual =
                (reward == statistics.maximum && lowest == rewards.count - 1)
                || (reward == statistics.minimum && highest == rewards.count - 1)
            if othersAreEqual { return scale * difference }
            let variance = max(0, squares - scale * difference * difference) / (count - 2)
            return scale * difference / (variance.squareRoot() + epsilon)
        }
    }
}
