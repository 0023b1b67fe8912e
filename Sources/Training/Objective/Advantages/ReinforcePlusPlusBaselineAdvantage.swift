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
            zip(groups, centred).map { RewardGroup(rewards: $1.values, tokenCounts: $0.tokenCounts) })
        return zip(groups, centred).map { group, centred in
            // Exact zeros throughout are what a degenerate group is centred to.
            let isDegenerate = centred.values.allSatisfy { $0 ?? 0 == 0 }
            return GroupAdvantages(values: centred.values.map { $0.map { isDegenerate ? 0 : whitened($0) } })
        }
    }
}
