import Primitives
import Testing

@testable import Training

@Suite struct ShapingTests {
    static let lengths = [70, 80, 85, 100, 120]

    @Test(.enabled(if: SharedData.isPresent, "needs ../shared/golden/grpo.json"))
    func withoutAFloorThePunishmentIsVerls() throws {
        let wanted = try Golden.numbers("verl DAPO overlong max=100 buf=20 pf=1, len 70,80,85,100,120")
        let shaping = OverlongShaping(maximumTokens: 100, bufferTokens: 20, floor: nil)
        #expect(Golden.agree(Self.lengths.map(shaping.penalty), wanted))
    }

    @Test func theFloorHoldsBeyondTheMaximum() {
        let shaping = OverlongShaping(maximumTokens: 100, bufferTokens: 20, factor: 2, floor: 2)
        #expect(Self.lengths.map(shaping.penalty) == [0, 0, -0.5, -2, -2])
    }

    @Test(.enabled(if: SharedData.isPresent, "needs ../shared/golden/grpo.json"))
    func lengthsCostWhatTheyCostInPrime() throws {
        let key = "prime-rl grpo length_penalty linear (w_out=1.0,w_in=.1,w_turn=.1)"
        let sizes = zip([100, 50, 200, 200], zip([10, 10, 20, 40], [1, 1, 2, 4])).map {
            LengthShaping.Size(output: $0, input: $1.0, turns: $1.1)
        }
        let shaping = LengthShaping(output: 1, input: 0.1, turns: 0.1)
        let shaped = shaping.shaped([1, 0, 0, 1], sizes: sizes).compactMap(\.self)
        #expect(Golden.agree(MeanOnlyAdvantage().advantages(of: shaped), try Golden.numbers(key)))
    }

    @Test func episodesWithoutRewardsDoNotSetTheMeasure() {
        let sizes = [10, 20, 1000].map { LengthShaping.Size(output: $0, input: 0, turns: 0) }
        let shaped = LengthShaping(output: 0.5).shaped([1, 1, nil], sizes: sizes)
        #expect(shaped == [0.75, 0.5, nil])
    }

    @Test func wrongGroupsPayNothingForLength() {
        let sizes = [10, 20].map { LengthShaping.Size(output: $0, input: 1, turns: 1) }
        #expect(LengthShaping().shaped([0, 0], sizes: sizes) == [0, 0])
        #expect(LengthShaping().shaped([-1, 0], sizes: sizes) == [-1, 0])
        #expect(LengthShaping().shaped([], sizes: []).isEmpty)
    }

    /// A group whose answers are all right becomes informative where they differ in length.
    @Test func shapedRewardsDecideWhatIsInformative() {
        let group = RolloutGroup.test([.test(reward: 1, lengths: [2]), .test(reward: 1, lengths: [4])])
        #expect(!PolicyObjective().isInformative(group))
        let shaping = RewardShaping(length: LengthShaping(output: 0.5, input: 0, turns: 0))
        let objective = PolicyObjective(shaping: shaping, estimator: MeanOnlyAdvantage())
        #expect(objective.isInformative(group))
        let judged = objective.judge([group])[0]
        #expect(judged.rewards == [0.75, 0.5])
        #expect(judged.isShipped)
        var row = StepMetrics(stage: .reinforcement, step: 1)
        RolloutMetrics(groups: [judged], policyVersion: 0).record(in: &row)
        #expect(row["reward/mean"] == 1 && row["reward/judged/mean"] == 0.625)
    }

    @Test func overlongEpisodesAreCheckedByTheTokensThatThePolicyWrote() {
        let group = RolloutGroup.test([.test(reward: 1, lengths: [4, 4]), .test(reward: 0, lengths: [2])])
        let shaping = RewardShaping(overlong: OverlongShaping(maximumTokens: 10, bufferTokens: 4, floor: 1))
        #expect(shaping.rewards(of: group) == [0.5, 0])
    }
}
