/// `A = (best − second best) / (std(r) + ε)` with ddof 1 for the best episode, 0 for all others: only an answer that makes
/// the difference for the best of k is reinforced (verl's `grpo_passk`, after arXiv 2503.19595).
///
/// Where two episodes share the best reward nothing is gained by either, and all advantages are 0. The advantages do not sum
/// to zero; they are never negative.
public struct PassAtKAdvantage: GroupAdvantageEstimator, Equatable {
    public var epsilon: Double

    public init(epsilon: Double = 1e-6) { self.epsilon = epsilon }

    public func advantages(ofDiffering rewards: [Double], statistics: RewardStatistics) -> [Double] {
        var second = -Double.infinity
        var best = 0
        for index in rewards.indices.dropFirst() {
            if rewards[index] > rewards[best] {
                second = rewards[best]
                best = index
            } else {
                second = max(second, rewards[index])
            }
        }
        var advantages = [Double](repeating: 0, count: rewards.count)
        advantages[best] =
            (rewards[best] - second) / (statistics.standardDeviation(degreesOfFreedom: 1) + epsilon)
        return advantages
    }
}
