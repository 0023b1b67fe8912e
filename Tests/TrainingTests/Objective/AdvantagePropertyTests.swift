import Primitives
import Testing

@testable import Training

/// What every estimator promises, on random batches.
@Suite struct AdvantagePropertyTests {
    /// What an estimator claims.
    struct Claim: Sendable, CustomTestStringConvertible {
        enum Sum: Sendable { case none, group, lengthWeightedGroup, batchTokens }
        var name: String
        var estimator: any AdvantageEstimator
        var sum: Sum
        var isShiftInvariant = true
        /// How the advantages scale with the rewards: by their 0th or 1st power.
        var power: Double
        var testDescription: String { name }
    }

    static let claims: [Claim] = [
        Claim(
            name: "grpo", estimator: GroupRelativeAdvantage(degreesOfFreedom: 1, epsilon: 0), sum: .group, power: 0),
        Claim(
            name: "grpo ddof 0", estimator: GroupRelativeAdvantage(degreesOfFreedom: 0, epsilon: 0), sum: .group,
            power: 0),
        Claim(name: "mean_only", estimator: MeanOnlyAdvantage(), sum: .group, power: 1),
        Claim(name: "rloo", estimator: LeaveOneOutAdvantage(), sum: .group, power: 1),
        Claim(
            name: "leave_one_out_std", estimator: LeaveOneOutDeviationAdvantage(epsilon: 0), sum: .none, power: 0),
        Claim(name: "pass_at_k", estimator: PassAtKAdvantage(epsilon: 0), sum: .none, power: 0),
        Claim(
            name: "max_rl", estimator: MaximumRewardAdvantage(), sum: .group, isShiftInvariant: false, power: 0),
        Claim(name: "batch_normalized", estimator: BatchNormalizedAdvantage(epsilon: 0), sum: .group, power: 0),
        Claim(name: "optimal_baseline", estimator: OptimalBaselineAdvantage(), sum: .lengthWeightedGroup, power: 1),
        Claim(name: "reinforce_plus_plus", estimator: ReinforcePlusPlusAdvantage(), sum: .batchTokens, power: 0),
        Claim(
            name: "discounted", estimator: ReinforcePlusPlusAdvantage(discount: 0.9), sum: .batchTokens,
            isShiftInvariant: false, power: 0),
        Claim(
            name: "reinforce_plus_plus_baseline", estimator: ReinforcePlusPlusBaselineAdvantage(), sum: .batchTokens,
            power: 0),
    ]

    /// Groups of two to seven positive rewards, no two of which are equal.
    static func batch(_ number: Int, missing: Bool = false) -> [RewardGroup] {
        var random = CounterRandom(seed: 8, stage: .reinforcement, step: number)
        return (0..<1 + random.integer(below: 5)).map { _ in
            let count = 2 + random.integer(below: 6)
            var rewards: [Double?] = (0..<count).map { _ in 0.1 + random.uniform() }
            if missing { for index in rewards.indices where random.uniform() < 0.3 { rewards[index] = nil } }
            return RewardGroup(rewards: rewards, tokenCounts: (0..<count).map { _ in 1 + random.integer(below: 9) })
        }
    }

    static func mapped(_ groups: [RewardGroup], _ change: (Double) -> Double) -> [RewardGroup] {
        groups.map { RewardGroup(rewards: $0.rewards.map { $0.map(change) }, tokenCounts: $0.tokenCounts) }
    }

    private static func flat(_ advantages: [GroupAdvantages]) -> [Double] {
        advantages.flatMap { $0.values.compactMap(\.self) + $0.tokenValues.flatMap(\.self) }
    }

    @Test(arguments: claims) func sumsToZeroWhereItShould(claim: Claim) {
        for number in 0..<40 {
            let groups = Self.batch(number)
            let advantages = claim.estimator.advantages(ofBatch: groups)
            var tokens = 0.0
            for (group, result) in zip(groups, advantages) {
                let values = result.values.compactMap(\.self)
                let weighted = zip(values, group.tokenCounts).reduce(0) { $0 + $1.0 * Double($1.1) }
                tokens += weighted
                if case .group = claim.sum { #expect(abs(values.reduce(0, +)) < 1e-9) }
                if case .lengthWeightedGroup = claim.sum { #expect(abs(weighted) < 1e-9) }
            }
            if case .batchTokens = claim.sum { #expect(abs(tokens) < 1e-9) }
        }
    }

    @Test(arguments: claims) func shiftsAndScalesAsClaimed(claim: Claim) {
        for number in 0..<40 {
            let groups = Self.batch(number)
            let plain = Self.flat(claim.estimator.advantages(ofBatch: groups))
            let shifted = Self.flat(claim.estimator.advantages(ofBatch: Self.mapped(groups) { $0 + 0.75 }))
            #expect(Golden.agree(plain, shifted, within: 1e-8) == claim.isShiftInvariant)
            // A power of two scales exactly; only the constant of whitening (1e-8 under the root) does not scale with it.
            let scaled = Self.flat(claim.estimator.advantages(ofBatch: Self.mapped(groups) { $0 * 4 }))
            #expect(Golden.agree(plain.map { claim.power == 0 ? $0 : $0 * 4 }, scaled, within: 1e-5))
        }
    }

    @Test(arguments: claims) func theOrderDoesNotMatter(claim: Claim) {
        for number in 0..<40 {
            let groups = Self.batch(number, missing: true)
            let plain = claim.estimator.advantages(ofBatch: groups)
            var random = CounterRandom(seed: 9, stage: .reinforcement, step: number)
            var order = Array(groups.indices)
            random.shuffle(&order)
            let orders = groups.map { group in
                var order = Array(group.rewards.indices)
                random.shuffle(&order)
                return order
            }
            let permuted = order.map { place in
                RewardGroup(
                    rewards: orders[place].map { groups[place].rewards[$0] },
                    tokenCounts: orders[place].map { groups[place].tokenCounts[$0] })
            }
            for (place, result) in zip(order, claim.estimator.advantages(ofBatch: permuted)) {
                let wanted = orders[place].map { plain[place].values[$0] }
                #expect(wanted.map { $0 == nil } == result.values.map { $0 == nil })
                #expect(
                    Golden.agree(wanted.compactMap(\.self), result.values.compactMap(\.self), within: 1e-9))
            }
        }
    }

    /// A missing reward leaves the others as if its episode had never been.
    @Test(arguments: claims) func aMissingRewardIsNotThere(claim: Claim) {
        for number in 0..<40 {
            let groups = Self.batch(number, missing: true)
            let without = groups.map { group in
                let present = group.rewards.indices.filter { group.rewards[$0] != nil }
                return RewardGroup(
                    rewards: present.map { group.rewards[$0] }, tokenCounts: present.map { group.tokenCounts[$0] })
            }
            let found = claim.estimator.advantages(ofBatch: groups)
            for (group, result) in zip(groups, found) {
                #expect(group.rewards.map { $0 == nil } == result.values.map { $0 == nil })
            }
            #expect(
                found.map { $0.values.compactMap(\.self) }
                    == claim.estimator.advantages(ofBatch: without).map { $0.values.compactMap(\.self) })
        }
    }

    @Test(arguments: claims) func groupLocalMeansThatOtherGroupsDoNotMatter(claim: Claim) {
        var differs = false
        for number in 0..<20 {
            let groups = Self.batch(number) + Self.batch(number + 100)
            let alone = groups.map { claim.estimator.advantages(ofBatch: [$0])[0] }
            if alone != claim.estimator.advantages(ofBatch: groups) { differs = true }
        }
        #expect(differs != claim.estimator.isGroupLocal)
    }

    /// Exactly zero, though the mean of three times 0.1 is not 0.1 in floating point; beside a group that differs.
    @Test(arguments: claims.filter { $0.estimator is ReinforcePlusPlusAdvantage == false })
    func degenerateGroupsHaveExactZeros(claim: Claim) {
        let lively = RewardGroup(rewards: [1, 0.25, 0], tokenCounts: [3, 1, 1])
        for rewards in [[], [0.7], [0.1, 0.1, 0.1], [nil, 0.3], [nil, nil], [0.1, nil, 0.1, 0.1]] as [[Double?]] {
            let group = RewardGroup(rewards: rewards, tokenCounts: rewards.map { _ in 2 })
            for batch in [[group], [lively, group]] {
                let found = claim.estimator.advantages(ofBatch: batch).last
                #expect(found?.values == rewards.map { $0.map { _ in 0 } }, "\(rewards)")
            }
        }
    }

    /// Without a baseline per question the batch is what must differ.
    @Test(arguments: [1, 0.5]) func aDegenerateBatchHasExactZerosWithoutABaseline(discount: Double) {
        let estimator = ReinforcePlusPlusAdvantage(discount: discount)
        for rewards in [[], [0.7], [nil, nil], [0.1, nil, 0.1]] as [[Double?]] {
            let group = RewardGroup(rewards: rewards, tokenCounts: rewards.map { _ in 1 })
            for result in estimator.advantages(ofBatch: [group, group]) {
                #expect(result.values == rewards.map { $0.map { _ in 0 } })
            }
        }
        #expect(estimator.advantages(ofBatch: []).isEmpty)
    }

    @Test func theLeaveOneOutDeviationIsThatOfTheOthers() {
        for number in 0..<40 {
            for group in Self.batch(number) where group.rewards.count > 2 {
                let rewards = group.present
                let found = LeaveOneOutDeviationAdvantage(epsilon: 1e-6).advantages(of: rewards)
                for index in rewards.indices {
                    var others = rewards
                    others.remove(at: index)
                    let statistics = RewardStatistics(others)
                    let deviation = statistics.standardDeviation(degreesOfFreedom: 1)
                    let wanted = (rewards[index] - statistics.mean) / (deviation + 1e-6)
                    #expect(abs(found[index] - wanted) < 1e-6 * max(1, abs(wanted)))
                }
            }
        }
    }

    @Test func discountedTokensAverageToTheValue() {
        let group = RewardGroup(rewards: [1, nil, 0.5], tokenCounts: [4, 2, 0])
        let found = ReinforcePlusPlusAdvantage(discount: 0.5).advantages(ofBatch: [group])[0]
        #expect(found.tokenValues.map(\.count) == [4, 0, 0])
        #expect(zip(found.tokenValues[0], found.tokenValues[0].dropFirst()).allSatisfy(<))
        #expect(found.values == [found.tokenValues[0].reduce(0, +) / 4, nil, 0])
    }

    @Test func rewardsBelowZeroOnAverageHaveNoMaximumRewardAdvantage() {
        #expect(MaximumRewardAdvantage().advantages(of: [-1, 0, -2]) == [0, 0, 0])
    }
}
