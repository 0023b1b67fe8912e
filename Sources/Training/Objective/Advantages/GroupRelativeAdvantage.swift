/// `Aᵢ = (rᵢ − mean(r)) / (std(r) + ε)`, the advantage of GRPO (arXiv 2402.03300, section 4.1.2).
///
/// Peers differ in both constants: verl, slime and SkyRL use ddof 1 with ε = 1e-6, TRL ddof 1 with 1e-4, open-instruct
/// ddof 0 with 1e-8. verl gives a group of one its raw reward; here it has nothing to be compared with and gets 0.
public struct GroupRelativeAdvantage: GroupAdvantageEstimator, Equatable {
    /// The divisor of the variance is the group's size minus this: 0 or 1.
    public var degreesOfFreedom: Int
    public var epsilon: Double

    public init(degreesOfFreedom: Int = 1, epsilon: Double = 1e-6) {
        precondition(degreesOfFreedom == 0 || degreesOfFreedom == 1, "ddof is 0 or 1")
        self.degreesOfFreedom = degreesOfFreedom
        self.epsilon = epsilon
    }

    public func advantages(ofDiffering rewards: [Double], statistics: RewardStatistics) -> [Double] {
        let deviation = statistics.standardDeviation(degreesOfFreedom: degreesOfFreedom)
        return rewards.map { ($0 - statistics.mean) / (deviation + epsilon) }
    }
}
