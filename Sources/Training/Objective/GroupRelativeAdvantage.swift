/// `Aᵢ = (rᵢ − mean(r)) / (std(r) + ε)`, the advantage of GRPO.
///
/// Peers differ in both constants: verl, slime and SkyRL use ddof 1 with ε = 1e-6, TRL ddof 1 with 1e-4, open-instruct
/// ddof 0 with 1e-8.
public struct GroupRelativeAdvantage: AdvantageEstimator, Equatable {
    /// The divisor of the variance is the group's size minus this: 0 or 1.
    public var degreesOfFreedom: Int
    public var epsilon: Double

    public init(degreesOfFreedom: Int = 1, epsilon: Double = 1e-6) {
        precondition(degreesOfFreedom == 0 || degreesOfFreedom == 1, "ddof is 0 or 1")
        self.degreesOfFreedom = degreesOfFreedom
        self.epsilon = epsilon
    }

    public func advantages(of rewards: [Double]) -> [Double] {
        let statistics = RewardStatistics(rewards)
        guard !statistics.isDegenerate else { return rewards.map { _ in 0 } }
        let deviation = statistics.standardDeviation(degreesOfFreedom: degreesOfFreedom)
        return rewards.map { ($0 - statistics.mean) / (deviation + epsilon) }
    }
}
