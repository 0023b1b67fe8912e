import Agents
import Evaluation
import Rewards
import Testing

@testable import Training

@Suite struct GroupFilterTests {
    private func isInformative(_ group: RolloutGroup, _ filter: GroupFilter = GroupFilter()) -> Bool {
        PolicyObjective(filter: filter).isInformative(group)
    }

    private func isShipped(_ group: RolloutGroup, _ filter: GroupFilter = GroupFilter()) -> Bool {
        PolicyObjective(filter: filter).judge([group])[0].isShipped
    }

    @Test(
        arguments: [([1, 0], true), ([1, 1], false), ([0, 0], false), ([1], false), ([], false)] as [([Double], Bool)])
    func groupsMustDiffer(rewards: [Double], expected: Bool) {
        #expect(isInformative(.test(rewards: rewards)) == expected)
        #expect(isShipped(.test(rewards: rewards)) == expected)
    }

    @Test func groupsThatDifferInFormatOnlyAreNotInformativeByAccuracy() {
        let group = RolloutGroup.test(rewards: [0.2, 0.1])
        #expect(isInformative(group) && isShipped(group))
        let filter = GroupFilter(measure: .accuracy)
        #expect(!isInformative(group, filter) && !isShipped(group, filter))
        #expect(isInformative(.test(rewards: [1, 0.1]), filter))
    }

    @Test(arguments: [(0.0, 0.4, false), (0.25, 0.75, true), (0.5, 0.5, true), (0.6, 1, false)])
    func theAccuracyMustLieInTheWindow(low: Double, high: Double, expected: Bool) {
        let group = RolloutGroup.test(rewards: [1, 0, 1, 0])
        let filter = GroupFilter(accuracy: low...high)
        #expect(isInformative(group, filter) == expected)
        #expect(isShipped(group, filter) == expected)
    }

    @Test func groupsWithoutSignalAreShippedOnRequestAndCount() {
        let groups = [RolloutGroup.test(rewards: [1, 1]), .test(rewards: [1, 0])]
        let objective = PolicyObjective(filter: GroupFilter(keepsZeroAdvantages: true))
        let judged = objective.judge(groups)
        #expect(judged.map(\.isShipped) == [true, true])
        #expect(judged.map(\.hasSignal) == [false, true])
        #expect(!objective.isInformative(groups[0]), "dynamic sampling still looks for groups that differ")
        let update = objective.update(judged.flatMap(\.sequences))
        #expect(update.tokenCount == 12)
        #expect(update.datums[0].advantages.allSatisfy { $0 == 0 })
        let nothing = objective.judge([.test([.testFailure, .testFailure])])
        #expect(!nothing[0].isShipped)
    }

    /// Their rewards stay in the group's mean; their tokens do not train.
    @Test func cutEpisodesLendTheirRewardOnly() {
        let group = RolloutGroup.test([
            .test(reward: 1), .test(reward: 0, isTruncated: true), .test(reward: 0),
        ])
        let objective = PolicyObjective(
            estimator: MeanOnlyAdvantage(), filter: GroupFilter(dropsTruncated: true))
        let judged = objective.judge([group])[0]
        #expect(judged.rewards == [1, 0, 0])
        let mean = 1.0 / 3
        let wanted: [Double?] = [1 - mean, nil, -mean]
        #expect(judged.advantages == wanted)
        #expect(judged.sequences.count == 2)
    }

    @Test func aGroupWithAFailedEpisodeIsKeptOrDroppedWhole() {
        let group = RolloutGroup.test([.test(reward: 1), .testFailure, .test(reward: 0)])
        var objective = PolicyObjective(estimator: MeanOnlyAdvantage())
        #expect(objective.isInformative(group))
        #expect(objective.judge([group])[0].advantages == [0.5, nil, -0.5])
        objective.keepsPartialGroups = false
        #expect(!objective.isInformative(group))
        #expect(objective.judge([group])[0].advantages == [nil, nil, nil])
    }

    @Test func aDroppedGroupLeavesNoTraceInBatchStatistics() {
        let broken = RolloutGroup.test([.test(reward: 9), .testFailure, .test(reward: 0)])
        let objective = PolicyObjective(estimator: BatchNormalizedAdvantage(), keepsPartialGroups: false)
        let whole = RolloutGroup.test(rewards: [1, 0])
        #expect(objective.judge([broken, whole])[1].advantages == objective.judge([whole])[0].advantages)
    }

    /// Compared with the batch, a group that is right throughout has advantages too.
    @Test func estimatorsWithoutABaselineShipEqualGroups() {
        let judged = PolicyObjective(estimator: ReinforcePlusPlusAdvantage()).judge([
            .test(rewards: [1, 1]), .test(rewards: [0, 0]),
        ])
        #expect(judged.map(\.isShipped) == [true, true])
        #expect((judged[0].advantages[0] ?? 0) > 0 && (judged[1].advantages[0] ?? 0) < 0)
    }

    /// Discounted advantages stand on the tokens that the policy wrote, in order, and nowhere else.
    @Test func advantagesOfTokensFindTheirPlaces() {
        let objective = PolicyObjective(estimator: ReinforcePlusPlusAdvantage(discount: 0.5))
        let judged = objective.judge([.test([.test(reward: 1, lengths: [2, 1]), .test(reward: 0, lengths: [2])])])[0]
        let tokens = judged.sequences[0].tokenAdvantages ?? []
        #expect(tokens.count == 6)
        #expect(tokens[0] == 0 && tokens[1] == 0 && tokens[4] == 0)
        #expect(tokens[2] < tokens[3] && tokens[3] < tokens[5])
        #expect(judged.advantages[0] == (tokens[2] + tokens[3] + tokens[5]) / 3)
    }

    // MARK: Metrics

    /// tinker-cookbook measures the groups that its filter left: of an all-good, a mixed and an all-bad group it says that all
    /// are mixed.
    @Test func metricsAreOfAllArrivalsAndNamedWhereTheyAreNot() {
        let groups = [[1.0, 1], [1, 0], [0, 0]].enumerated().map { index, rewards in
            RolloutGroup.test(rewards.map { .test(reward: $0) }, index: index)
        }
        var row = StepMetrics(stage: .reinforcement, step: 1)
        let judged = PolicyObjective().judge(groups)
        RolloutMetrics(groups: judged, policyVersion: 0).record(in: &row)
        #expect(row["group/frac_mixed"] == 1.0 / 3)
        #expect(row["group/frac_all_correct"] == 1.0 / 3)
        #expect(row["group/count"] == 3 && row["shipped/groups"] == 1 && row["shipped/episodes"] == 2)
        #expect(row["reward/mean"] == 0.5 && row["accuracy"] == 0.5)
        #expect(row["shipped/reward/mean"] == 0.5 && row["shipped/accuracy"] == 0.5)
        #expect(!row.names.contains("reward/judged/mean"), "nothing was shaped")
        // The filter drops groups with all that belongs to them: every judged group still knows its own place.
        #expect(judged.filter(\.isShipped).map(\.group.index) == [1])
    }

    @Test func aStepThatShipsNothingHasNoShippedReward() {
        var row = StepMetrics(stage: .reinforcement, step: 1)
        let judged = PolicyObjective().judge([.test(rewards: [1, 1])])
        RolloutMetrics(groups: judged, policyVersion: 0).record(in: &row)
        #expect(row["shipped/groups"] == 0)
        #expect(row.names.contains("shipped/reward/mean") && row["shipped/reward/mean"] == nil)
        #expect(row["reward/mean"] == 1)
    }
}
