/// `Aᵢ = (rᵢ − mean(group)) / (std(batch) + ε)` with ddof 1 over all rewards of the batch (TRL's `scale_rewards: batch`,
/// after arXiv 2508.08221): groups with little spread are not blown up to that of the others.
public struct BatchNormalizedAdvantage: AdvantageEstimator, Equatable {
    public var epsilon: Double

    public init(epsilon: Double = 1e-4) { self.epsilon = epsilon }

    public var isGroupLocal: Bool { false }

    public func advantages(ofBatch groups: [RewardGroup]) -> [GroupAdvantages] {
        let deviation = RewardStatistics(groups.flatMap(\.present)).standardDeviation(degreesOfFreedom: 1)
        return groups.map { group in
            let centred = MeanOnlyAdvantage().advantages(of: group.present)
            return GroupAdvantages(values: group.filled(centred.map { $0 == 0 ? 0 : $0 / (deviation + epsilon) }))
        }
    }
}
