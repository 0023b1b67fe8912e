import Evaluation
import Foundation
import Primitives
import Testing

@testable import Training

@Suite struct ReferenceTests {
    @Test(
        .enabled(if: SharedData.isPresent, "needs ../shared/golden/grpo.json"),
        arguments: [
            ("verl k1", DivergenceEstimator.k1), ("verl abs", .absolute), ("verl k2", .k2), ("verl k3", .clampedK3),
            ("trl k3 (no clamp)", .k3),
        ])
    func estimatesAgree(peer: String, estimator: DivergenceEstimator) throws {
        let policy = try Golden.numbers("kl inputs logp")
        let reference = try Golden.numbers("kl inputs ref")
        let found = zip(policy, reference).map { estimator(policy: $0, reference: $1) }
        #expect(Golden.agree(found, try Golden.numbers(peer)))
    }

    /// The mean over many draws of each unbiased estimate is the divergence of two categorical distributions.
    @Test(arguments: [DivergenceEstimator.k1, .k3]) func unbiasedEstimatesAverageToTheDivergence(
        estimator: DivergenceEstimator
    ) {
        let (policy, reference) = ([0.5, 0.3, 0.2], [0.2, 0.2, 0.6])
        let exact = zip(policy, reference).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) }
        let mean = zip(policy, reference).reduce(0) {
            $0 + $1.0 * estimator(policy: log($1.0), reference: log($1.1))
        }
        #expect(abs(mean - exact) < 1e-12)
    }

    @Test(
        .enabled(if: SharedData.isPresent, "needs ../shared/golden/grpo.json"),
        arguments: [
            (0.0, "tinker kl penalty adv add (coef .1; sampled[-1,-2,-.5], base[-1.5,-1,-.5], mask[1,1,0])"),
            (0.5, "  with kl_discount_factor=.5"),
        ])
    func advantagesGainTinkersTerms(discount: Double, key: String) throws {
        let distances = [TokenDistance(policy: -1, reference: -1.5), TokenDistance(policy: -2, reference: -1)]
        let found = ReferencePenalty.advantageTerms([distances], coefficient: 0.1, discount: discount)
        let trimmed = key.trimmingCharacters(in: .whitespaces)
        let entries = try #require(try SharedData.grpo().objectValue).members
        let entry = try #require(entries.first { $0.key.trimmingCharacters(in: .whitespaces) == trimmed })
        let wanted = try #require(entry.value.arrayValue).compactMap(\.doubleValue)
        #expect(Golden.agree(found[0] + [0], wanted))
        let mean = distances.reduce(0) { $0 + $1.difference } / 2
        #expect(mean == -0.25, "tinker's kl_policy_base")
    }

    @Test func withoutADiscountTheTermsSumToZero() {
        var random = CounterRandom(seed: 5, stage: .reinforcement)
        let sequences = (0..<5).map { number in
            (0..<number).map { _ in TokenDistance(policy: -random.uniform(), reference: -random.uniform()) }
        }
        let terms = ReferencePenalty.advantageTerms(sequences, coefficient: 0.3, discount: 0)
        #expect(terms.map(\.count) == [0, 1, 2, 3, 4])
        #expect(abs(terms.joined().reduce(0, +)) < 1e-12)
        #expect(ReferencePenalty.advantageTerms([[], []], coefficient: 1, discount: 0.5) == [[], []])
    }

    // MARK: On groups

    /// Two episodes of three policy tokens after a prompt of two; the second token of the first is 2 nats from the reference.
    private static func group(rewards: [Double] = [1, 0]) -> RolloutGroup {
        var group = RolloutGroup.test(rewards: rewards)
        group.referenceLogprobs = [[[0, -1, -3, -1]], [[0, -1, -1, -1]]]
        return group
    }

    @Test func aRewardPenaltyIsTakenBeforeAdvantages() {
        let objective = PolicyObjective(
            estimator: MeanOnlyAdvantage(), reference: ReferencePenalty(.reward(.k1, coefficient: 0.25)))
        #expect(objective.needsReference && objective.isGroupLocal)
        let judged = objective.judge([Self.group()])[0]
        #expect(judged.rewards == [0.5, 0])
        #expect(judged.advantages == [0.25, -0.25])
    }

    @Test func anAdvantagePenaltyMovesTokensOfWhatIsShipped() {
        let objective = PolicyObjective(
            estimator: MeanOnlyAdvantage(), reference: ReferencePenalty(.advantage(coefficient: 0.6)))
        #expect(!objective.isGroupLocal)
        let judged = objective.judge([Self.group(), Self.group(rewards: [1, 1])])
        #expect(judged[0].advantages == [0.5, -0.5])
        let mean = 2.0 / 6
        let sequences = judged[0].sequences
        let wanted = [0, 0, 0.5 + 0.6 * mean, 0.5 + 0.6 * (mean - 2), 0.5 + 0.6 * mean]
        #expect(Golden.agree(sequences[0].tokenAdvantages ?? [], wanted, within: 1e-12))
        #expect(!judged[1].isShipped)
        #expect(judged[1].sequences.allSatisfy { $0.tokenAdvantages == nil })
    }

    @Test func aMetricChangesNothing() {
        let objective = PolicyObjective(estimator: MeanOnlyAdvantage(), reference: ReferencePenalty())
        let judged = objective.judge([Self.group()])
        #expect(judged[0].rewards == [1, 0])
        var row = StepMetrics(stage: .reinforcement, step: 1)
        RolloutMetrics(groups: judged, policyVersion: 0).record(in: &row)
        #expect(row["kl/reference_k1"] == 2.0 / 6)
        #expect(row["kl/reference_k2"] == 2.0 / 6)
        #expect(abs((row["kl/reference_k3"] ?? .nan) - (exp(-2) + 1) / 6) < 1e-12)
    }

    // MARK: Entropy bonus

    @Test func theEntropyBonusNeverTurnsASign() {
        let bonus = EntropyBonus(coefficient: 0.4, divisor: 2)
        var random = CounterRandom(seed: 6, stage: .reinforcement)
        for _ in 0..<200 {
            let (logprob, advantage) = (-5 * random.uniform(), 2 * random.uniform() - 1)
            let gained = bonus.bonus(logprob: logprob, advantage: advantage)
            #expect(gained >= 0 && gained <= abs(advantage) / 2 && gained <= 0.4 * -logprob)
            #expect((advantage + gained) * advantage >= 0)
        }
        #expect(bonus.bonus(logprob: -0.1, advantage: 1) == 0.4 * 0.1)
        #expect(bonus.bonus(logprob: -9, advantage: -1) == 0.5)
        #expect(bonus.bonus(logprob: -9, advantage: 0) == 0)
    }

    @Test func hesitantTokensGain() {
        let episodes = [1.0, 0].map { ScoredEpisode.test(reward: $0) { position in position == 3 ? -0.5 : 0 } }
        let judged = PolicyObjective(estimator: MeanOnlyAdvantage(), entropyBonus: EntropyBonus())
            .judge([.test(episodes)])[0]
        #expect(judged.sequences.map(\.tokenAdvantages) == [[0, 0, 0.5, 0.7, 0.5], [0, 0, -0.5, -0.3, -0.5]])
        #expect(judged.advantages == [0.5, -0.5])
    }
}
