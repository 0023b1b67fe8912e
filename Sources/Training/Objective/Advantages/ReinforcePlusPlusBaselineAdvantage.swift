/// REINFORCE++-baseline (arXiv 2501.03262): `rᵢ − mean(group)`, whitened over all policy tokens of the batch (verl's
/// `reinforce_plus_plus_baseline`).
///
/// Whitening moves every token by the batch's mean, which is not zero where lengths differ. verl moves degenerate groups too,
/// whose episodes then are pushed though nothing is known of them; here they count in the statistics and keep exact zeros.
public struct ReinforcePlusPlusBaselineAdvantage: AdvantageEstimator, Equatable {
    public init() {}

    public var isGroupLocal: Bool { false }

    public func advantages(ofBatch groups: [RewardGroup]) -> [GroupAdvantages] {
        let centred = MeanOnlyAdvantage().advantages(ofBatch: groups)
        let whitened = TokenWhitening(
            zip(groups, centred).flatMap { group, centred in
                RewardGroup(rewards: centred.values, tokenCounts: group.tokenCounts).returns
            })
        return zip(groups, centred).map { group, centred in
            let isDegenerate = RewardStatistics(group.present).isDegenerate
            return GroupAdvantages(values: centred.values.map { $0.map { isDegenerate ? 0 : whitened($0) } })
        }
    }
}
