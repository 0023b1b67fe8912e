/// `Aᵢ = rᵢ − Σⱼ lⱼ rⱼ / Σⱼ lⱼ` with `l` the number of tokens that the policy wrote: the baseline of least variance if the
/// gradient of an episode grows with the root of its length (OPO, arXiv 2505.23585; verl's `opo`).
///
/// The advantages weighted by length sum to zero. A group in which nobody wrote anything has the plain mean as its baseline.
public struct OptimalBaselineAdvantage: AdvantageEstimator, Equatable {
    public init() {}

    public var isGroupLocal: Bool { true }

    public func advantages(ofBatch groups: [RewardGroup]) -> [GroupAdvantages] {
        groups.map { group in
            let statistics = RewardStatistics(group.present)
            guard !statistics.isDegenerate else {
                return GroupAdvantages(values: group.rewards.map { $0.map { _ in 0 } })
            }
            var (weighted, length) = (0.0, 0.0)
            for (reward, count) in zip(group.rewards, group.tokenCounts) {
                guard let reward else { continue }
                weighted += Double(count) * reward
                length += Double(count)
            }
            let baseline = length > 0 ? weighted / length : statistics.mean
            return GroupAdvantages(values: group.rewards.map { $0.map { $0 - baseline } })
        }
    }
}
