import Primitives
import Testing

@testable import Rewards

@Suite struct AttackTests {
    private func outcome(_ attack: Attack, _ answer: String) throws -> ScoreOutcome {
        try Scorer().score(
            ScoreCase(
                typeName: attack.type, gold: .string(attack.gold), prediction: .string(answer), policy: attack.policy,
                question: attack.question))
    }

    @Test(arguments: Attack.all)
    func `an attack is not rewarded`(attack: Attack) throws {
        let outcome = try outcome(attack, attack.answer)
        #expect(outcome.report.verdict != .correct && outcome.report.verdict != .goldError, "\(outcome.explanation)")
        #expect((outcome.reward ?? 0) == 0)
    }

    @Test(arguments: Attack.all)
    func `its benign twin is rewarded`(attack: Attack) throws {
        let outcome = try outcome(attack, attack.twin)
        #expect(outcome.report.verdict == .correct && outcome.reward == 1, "\(outcome.explanation)")
    }

    @Test func `there are attacks of many kinds`() {
        #expect(Attack.all.count >= 80)
        #expect(Set(Attack.all.map(\.kind)).count >= 30)
    }
}
