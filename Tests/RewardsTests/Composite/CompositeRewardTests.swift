import Primitives
import Testing

@testable import Rewards

@Suite struct CompositeRewardTests {
    private let reward = CompositeReward()

    private func input(
        _ text: String, violations: [String] = [], endedWithAnswer: Bool = true, calls: Int = 2, expected: Int = 2
    ) -> RewardInput {
        RewardInput(
            finalText: text, gold: Gold(type: .entity, value: "aspirin"), formatViolations: violations,
            endedWithAnswer: endedWithAnswer, toolCallCount: calls, expectedToolCalls: expected)
    }

    @Test func `a correct, well-formed and economical episode gets all parts`() {
        let score = reward.score(input: input("<answer>aspirin</answer>"))
        #expect([score.task, score.format, score.efficiency] == [1, 1, 1])
        #expect(score.total == 1.0 + 0.2 + 0.1)
        #expect(score.isCorrect && score.trains)
    }

    @Test func `a wrong answer gets the format part only`() {
        let score = reward.score(input: input("<answer>ibuprofen</answer>", calls: 0))
        #expect([score.task, score.format, score.efficiency] == [0, 1, 0])
        #expect(score.total == 0.2)
    }

    @Test func `one violation costs the format part`() {
        let score = reward.score(input: input("<answer>aspirin</answer>", violations: ["turn 1: two tool calls"]))
        #expect(score.format == 0)
        #expect(score.formatViolation == "turn 1: two tool calls")
    }

    @Test func `an episode that ended without an answer is not well-formed`() {
        let score = reward.score(input: input("", endedWithAnswer: false))
        #expect(score.format == 0 && score.total == 0)
        #expect(score.verdict.verdict == .malformed && score.trains)
    }

    @Test(arguments: [
        (0, 2, 1.0), (2, 2, 1.0), (3, 2, 0.5), (4, 2, 0.0), (9, 2, 0.0), (4, 3, 1 - 1.0 / 3), (0, 0, 1.0), (1, 0, 0.0),
    ])
    func `efficiency falls linearly beyond the expected calls`(calls: Int, expected: Int, efficiency: Double) {
        let score = reward.score(input: input("<answer>aspirin</answer>", calls: calls, expected: expected))
        #expect(score.efficiency == efficiency)
    }

    @Test func `weights are the caller's`() {
        let weighted = CompositeReward(
            composition: RewardComposition(weights: RewardWeights(task: 2, format: 0.5, efficiency: 0.25)))
        #expect(weighted.score(input: input("<answer>aspirin</answer>", calls: 3)).total == 2.625)
    }

    @Test func `an unusable gold gives no reward that trains`() {
        var broken = input("<answer>aspirin</answer>")
        broken.gold.value = ""
        let score = reward.score(input: broken)
        #expect(score.task == 0 && !score.trains)
    }

    @Test func `rewards survive storage`() throws {
        for calls in 2...7 {
            let score = reward.score(
                input: input("<answer>aspirin</answer>", violations: ["v"], calls: calls, expected: 3))
            #expect(try RewardBreakdown(json: .parse(score.json.text)) == score)
        }
    }
}
