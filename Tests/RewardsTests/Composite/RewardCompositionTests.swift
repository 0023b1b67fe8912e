import Primitives
import Testing

@testable import Rewards

@Suite struct RewardCompositionTests {
    private func input(_ answer: String, tokens: [Int32] = [1, 2, 3], observations: [String] = []) -> RewardInput {
        RewardInput(
            finalText: answer, gold: Gold(type: .text, value: "aspirin"), formatViolations: [], endedWithAnswer: true,
            toolCallCount: 1, expectedToolCalls: 1, responseTokens: tokens, observations: observations)
    }

    private let right = "<answer>aspirin</answer>"
    private let wrong = "<answer>heparin</answer>"

    private func reward(
        _ shaping: RewardComposition.Shaping, weight: Double = 0.1, only: Set<RewardPart.Name> = []
    ) -> CompositeReward {
        CompositeReward(
            composition: RewardComposition(shaping: [.init(shaping, weight: weight)], onlyWhenCorrect: only))
    }

    @Test func `each part is kept with its value and weight`() {
        let score = reward(.overlong(maximumTokens: 10, bufferTokens: 4))
            .score(input: input(right, tokens: [Int32](0..<8)))
        #expect(score.parts == [RewardPart(name: .overlong, value: -0.5, weight: 0.1, counts: true)])
        #expect(abs(score.total - (1.0 + 0.2 + 0.1 - 0.05)) < 1e-12)
    }

    @Test func `a part that counts only when correct is kept and not added for a wrong answer`() {
        let evidence = ["Aspirin irreversibly inhibits cyclooxygenase."]
        let text = wrong + "<cite>irreversibly inhibits</cite>"
        let score = reward(.citation, only: [.citation, .efficiency]).score(input: input(text, observations: evidence))
        #expect(score.parts.first?.value == 1 && score.parts.first?.counts == false)
        #expect(score.total == 0.2)
    }

    @Test(arguments: [
        ("<cite>irreversibly  INHIBITS</cite>", 1.0), ("<cite>reversibly activates</cite>", 0.0), ("", 0.0),
        ("<cite>irreversibly inhibits</cite> <cite>made up words</cite>", 0.5), ("<cite>a</cite>", 0.0),
        ("<cite>irreversibly inhibits", 0.0),
    ])
    func `a citation must stand in what the tools answered`(text: String, value: Double) {
        let score = reward(.citation).score(
            input: input(right + text, observations: ["aspirin irreversibly inhibits cyclooxygenase"]))
        #expect(score.parts.first?.value == value)
    }

    @Test func `repetition and length are measured on the policy's tokens`() {
        let repeated = reward(.repetition(length: 2)).score(input: input(right, tokens: [5, 5, 5, 5, 5]))
        #expect(repeated.parts.first?.value == -0.75)
        let short = reward(.cosineLength(maximumTokens: 100)).score(input: input(right, tokens: []))
        #expect(short.parts.first?.value == 1)
        let wrong = reward(.cosineLength(maximumTokens: 100)).score(input: input(wrong, tokens: []))
        #expect(wrong.parts.first?.value == -1)
    }

    @Test func `an expert is asked only where the opinion would count`() {
        var composition = RewardComposition(weights: RewardWeights(expert: 0.5))
        let gated = CompositeReward(composition: composition)
        #expect(gated.wantsExpert(for: gated.verdict(input: input(right))))
        #expect(!gated.wantsExpert(for: gated.verdict(input: input(wrong))))
        composition.onlyWhenCorrect = []
        let open = CompositeReward(composition: composition)
        #expect(open.wantsExpert(for: open.verdict(input: input(wrong))))
        composition.weights.expert = 0
        #expect(!CompositeReward(composition: composition).wantsExpert(for: open.verdict(input: input(right))))
    }

    @Test func `an expert's score enters with its weight`() {
        let reward = CompositeReward(composition: RewardComposition(weights: RewardWeights(expert: 0.5)))
        let verdict = reward.verdict(input: input(right))
        let score = reward.score(input: input(right), verdict: verdict, expert: 0.8)
        #expect(abs(score.total - (1 + 0.2 + 0.1 + 0.4)) < 1e-12)
    }

    @Test(arguments: [
        (RewardComposition(), true), (RewardComposition(weights: RewardWeights(task: 0.2)), false),
        (RewardComposition(weights: RewardWeights(expert: 2), onlyWhenCorrect: []), false),
        (RewardComposition(weights: RewardWeights(expert: 2)), true),
        (RewardComposition(shaping: [.init(.overlong(maximumTokens: 9, bufferTokens: 3), weight: 0.9)]), false),
        (RewardComposition(shaping: [.init(.cosineLength(maximumTokens: 9), weight: 3)]), true),
    ])
    func `a composition in which a wrong answer could win has a problem`(composition: RewardComposition, isSound: Bool)
    {
        #expect((composition.problem == nil) == isSound)
        let (least, most) = composition.bounds
        #expect((least > most) == isSound)
    }

    @Test func `parts survive storage`() throws {
        let score = reward(.repetition(length: 2)).score(input: input(right, tokens: [1, 1, 1]))
        #expect(try RewardBreakdown(json: .parse(score.json.text)) == score)
    }
}
