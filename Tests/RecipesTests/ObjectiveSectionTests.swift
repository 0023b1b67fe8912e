import Backends
import Foundation
import Testing
import Training

@testable import Recipes

/// What a recipe can say about the objective, and what it cannot.
struct ObjectiveSectionTests {
    private static func text(_ rl: String) -> String {
        RecipeTests.minimal + "\n  " + rl.replacing("\n", with: "\n  ")
    }

    private func section(_ rl: String) throws -> ObjectiveSection {
        try #require(try RecipeTests.read(Self.text(rl)).reinforcement).objective
    }

    private func objective(_ rl: String) throws -> PolicyObjective {
        try section(rl).objective(keepsPartialGroups: true)
    }

    @Test func theDefaultsAreThoseOfBefore() throws {
        let recipe = try RecipeTests.read(RecipeTests.minimal)
        let objective = try #require(recipe.reinforcement).objective.objective(keepsPartialGroups: true)
        #expect(objective.loss == .importanceSampling)
        #expect(objective.aggregation == .tokenMean)
        #expect(objective.estimator as? GroupRelativeAdvantage == GroupRelativeAdvantage())
        #expect(objective.mismatch == nil && objective.reference == nil && objective.entropyBonus == nil)
        #expect(objective.shaping == RewardShaping() && objective.filter == GroupFilter())
        // Runs of before resume: their resolved recipe has not changed.
        let wanted = """
              loss:
                kind: importance_sampling
                clip_low: 0.8
                clip_high: 1.2
                aggregation: token_mean
              advantage:
                kind: grpo
              reward:
            """
        #expect(recipe.resolvedYAML.contains(wanted))
    }

    @Test(arguments: [
        ("kind: importance_sampling", PolicyLoss.importanceSampling), ("kind: ppo", .ppo(clipLow: 0.8, clipHigh: 1.2)),
        ("kind: ppo, clip_high: 1.28, dual_clip: 3", .ppo(clipLow: 0.8, clipHigh: 1.28, dualClip: 3)),
        ("kind: cispo", .cispo(clipLow: 0, clipHigh: 4)), ("kind: gspo", .gspo(clipLow: 0.9997, clipHigh: 1.0004)),
        ("kind: dro, beta: 0.5", .dro(beta: 0.5)),
    ]) func lossesAreReadWithTheirBounds(text: String, loss: PolicyLoss) throws {
        #expect(try objective("loss: {\(text)}").loss == loss)
    }

    @Test func sequenceRatiosAreAveragedOverSequences() throws {
        #expect(try objective("loss: {kind: gspo}").aggregation == .sequenceMean)
        #expect(try objective("loss: {kind: gspo, aggregation: token_mean}").aggregation == .tokenMean)
    }

    @Test(arguments: [
        ("token_mean", LossAggregation.tokenMean), ("sequence_mean", .sequenceMean),
        ("sequence_mean_over_all", .sequenceMeanOverAll), ("sequence_sum", .sequenceSum),
        ("sequence_sum_over_all", .sequenceSumOverAll), ("token_sum", .tokenSum),
        ("constant_length, maximum_length: 512", .constantLength(maximum: 512)),
        ("constant_length_over_all, maximum_length: 512", .constantLengthOverAll(maximum: 512)),
    ]) func aggregationsAreRead(text: String, aggregation: LossAggregation) throws {
        #expect(try objective("loss: {aggregation: \(text)}").aggregation == aggregation)
    }

    @Test func everyEstimatorIsReached() throws {
        var types: Set<String> = []
        for kind in AdvantageSection.Kind.allCases {
            types.insert("\(type(of: try section("advantage: {kind: \(kind.rawValue)}").advantage.estimator))")
        }
        #expect(types.count == AdvantageSection.Kind.allCases.count)
        let plain = try section("advantage: {kind: grpo, degrees_of_freedom: 0, epsilon: 1e-8}").advantage.estimator
        #expect(plain as? GroupRelativeAdvantage == GroupRelativeAdvantage(degreesOfFreedom: 0, epsilon: 1e-8))
        let trl = try section("advantage: {kind: batch_normalized}").advantage.estimator
        #expect(trl as? BatchNormalizedAdvantage == BatchNormalizedAdvantage(epsilon: 1e-4))
        let discounted = try section("advantage: {kind: reinforce_plus_plus, discount: 0.9}").advantage.estimator
        #expect(discounted as? ReinforcePlusPlusAdvantage == ReinforcePlusPlusAdvantage(discount: 0.9))
    }

    @Test(arguments: [
        ("{}", ReferencePenalty(.metric)),
        ("{form: reward, coefficient: 0.01}", .init(.reward(.k1, coefficient: 0.01))),
        ("{form: reward, coefficient: 1, estimator: k3_clamped}", .init(.reward(.clampedK3, coefficient: 1))),
        ("{form: advantage, coefficient: 0.1, discount: 0.5}", .init(.advantage(coefficient: 0.1, discount: 0.5))),
    ]) func referencesAreRead(text: String, penalty: ReferencePenalty) throws {
        let reference = try #require(try section("kl: \(text)").reference)
        #expect(reference.penalty == penalty)
        #expect(reference.manifest == nil)
    }

    @Test func aReferenceMayBeAManifest() throws {
        let path = "../other/manifests/000020.rl.json"
        #expect(
            try section("kl: {reference: manifest, manifest: \(path)}").reference?.manifest
                == "/other/manifests/000020.rl.json")
    }

    @Test(arguments: [
        ("{}", MismatchCorrection(.tokenTruncation(maximum: 2))),
        ("{weight: token_mask, low: 0.5}", .init(.tokenMask(low: 0.5, high: 2))),
        ("{weight: sequence_truncation, high: 3}", .init(.sequenceTruncation(maximum: 3))),
        ("{weight: sequence_mask, high: 3}", .init(.sequenceMask(low: 0, high: 3))),
        (
            "{weight: none, reject_below: 0.99, reject_above: 1.01}",
            .init(.none, geometricBounds: 0.99...1.01)
        ),
        ("{reject_above: 1.01}", .init(.tokenTruncation(maximum: 2), geometricBounds: 0...1.01)),
    ]) func mismatchCorrectionsAreRead(text: String, correction: MismatchCorrection) throws {
        #expect(try objective("mismatch: \(text)").mismatch == correction)
    }

    @Test func shapingFiltersAndBonusAreRead() throws {
        let objective = try objective(
            """
            entropy_bonus: {coefficient: 0.1, divisor: 4}
            shaping:
              overlong: {maximum_tokens: 100, buffer_tokens: 20, factor: 0.5}
              length: {output: 0.3}
            filters: {informative: accuracy, maximum_accuracy: 0.9, zero_advantage: keep, truncated_episodes: drop}
            """)
        #expect(objective.entropyBonus == EntropyBonus(coefficient: 0.1, divisor: 4))
        #expect(
            objective.shaping.overlong
                == OverlongShaping(maximumTokens: 100, bufferTokens: 20, factor: 0.5, floor: 0.5))
        #expect(objective.shaping.length == LengthShaping(output: 0.3, input: 0.1, turns: 0.1))
        #expect(
            objective.filter
                == GroupFilter(
                    measure: .accuracy, accuracy: 0...0.9, keepsZeroAdvantages: true, dropsTruncated: true))
    }

    /// Everything that was read is written, and reads back.
    @Test(arguments: [
        "loss: {kind: ppo, dual_clip: 3, aggregation: constant_length, maximum_length: 64}\nkl: {form: reward, coefficient: 0.1}",
        "loss: {kind: gspo}\nadvantage: {kind: reinforce_plus_plus, discount: 0.5}\nfilters: {minimum_accuracy: 0.1}",
        "loss: {kind: cispo}\nmismatch: {weight: none, reject_above: 2}\nentropy_bonus: {}\nkl: {reference: manifest, manifest: m.json}",
        "advantage: {kind: grpo, degrees_of_freedom: 0}\nshaping: {overlong: {maximum_tokens: 9, buffer_tokens: 3}}",
    ]) func theResolvedRecipeSaysTheSame(rl: String) throws {
        let recipe = try RecipeTests.read(Self.text(rl))
        let node = try RecipeNode.parse(recipe.resolvedYAML, source: "/runs/tiny/recipe.yaml")
        let again = try Recipe(node, paths: RecipePaths(destination: "/runs/tiny"))
        #expect(again.resolvedYAML == recipe.resolvedYAML)
        let (one, two) = (try #require(recipe.reinforcement).objective, try #require(again.reinforcement).objective)
        #expect(one.loss.loss == two.loss.loss && one.loss.aggregation == two.loss.aggregation)
        #expect(one.mismatch == two.mismatch && one.filter == two.filter && one.shaping == two.shaping)
        #expect(one.reference?.penalty == two.reference?.penalty && one.reference?.manifest == two.reference?.manifest)
    }

    @Test(arguments: [
        ("loss: {kind: ppo2}", "one of: importance_sampling, ppo, cispo, gspo, dro"),
        ("loss: {kind: cispo, dual_clip: 3}", "rl.loss.dual_clip has no meaning where rl.loss.kind is cispo"),
        ("loss: {kind: ppo, dual_clip: 1.1}", "rl.loss.dual_clip (1.1) must be above rl.loss.clip_high (1.2)"),
        (
            "loss: {maximum_length: 9}", "rl.loss.maximum_length has no meaning where rl.loss.aggregation is token_mean"
        ),
        ("loss: {aggregation: constant_length}", "rl.loss.maximum_length is missing"),
        ("loss: {epsilon_high: 0.2}", "unknown key `rl.loss.epsilon_high`"),
        ("advantage: {discount: 0.9}", "rl.advantage.discount has no meaning where rl.advantage.kind is grpo"),
        (
            "advantage: {kind: mean_only, epsilon: 1}",
            "rl.advantage.epsilon has no meaning where rl.advantage.kind is mean_only"
        ),
        (
            "advantage: {kind: rloo, degrees_of_freedom: 1}",
            "rl.advantage.degrees_of_freedom has no meaning where rl.advantage.kind is rloo"
        ),
        (
            "group_size: 2\nadvantage: {kind: leave_one_out_std}",
            "rl.advantage.kind is leave_one_out_std, which needs rl.group_size of at least 3, found 2"
        ),
        ("kl: {coefficient: 0.1}", "rl.kl.coefficient has no meaning where rl.kl.form is metric"),
        ("kl: {form: reward}", "rl.kl.coefficient is missing"),
        (
            "kl: {form: advantage, coefficient: 1, estimator: k2}",
            "rl.kl.estimator has no meaning where rl.kl.form is advantage"
        ),
        (
            "kl: {form: reward, coefficient: 1, discount: 0.5}",
            "rl.kl.discount has no meaning where rl.kl.form is reward"
        ),
        ("mismatch: {low: 0.5}", "rl.mismatch.low has no meaning where rl.mismatch.weight is token_truncation"),
        (
            "mismatch: {weight: none, high: 2, reject_above: 2}",
            "rl.mismatch.high has no meaning where rl.mismatch.weight is none"
        ),
        ("mismatch: {weight: none}", "neither rl.mismatch.reject_below nor rl.mismatch.reject_above"),
        ("mismatch: {}\nloss: {kind: ppo, dual_clip: 3}", "rl.loss.dual_clip would see none"),
        ("entropy_bonus: {divisor: 0.5}", "rl.entropy_bonus.divisor must be a number from 1.0"),
        (
            "shaping: {overlong: {maximum_tokens: 3, buffer_tokens: 4}}",
            "must not exceed rl.shaping.overlong.maximum_tokens"
        ),
        (
            "shaping: {overlong: {maximum_tokens: 9, buffer_tokens: 4}}\nreward: {overlong: {weight: 0.2}}",
            "rl.shaping.overlong and rl.reward.overlong both punish"
        ),
        ("shaping: {repetition: 1}", "unknown key `rl.shaping.repetition`"),
        (
            "filters: {minimum_accuracy: 0.5, maximum_accuracy: 0.2}",
            "rl.filters.minimum_accuracy (0.5) must not exceed rl.filters.maximum_accuracy (0.2)"
        ),
        ("filters: {zero_advantages: keep}", "did you mean `rl.filters.zero_advantage`"),
    ]) func whatMakesNoSenseIsNamed(rl: String, says: String) {
        let problems = RecipeTests.problems(of: Self.text(rl))
        #expect(problems.contains { $0.contains(says) }, "\(problems)")
        #expect(problems.count == 1, "\(problems)")
    }

    @Test func theBackendIsAskedForLossesThatItKnows() throws {
        let recipe = try RecipeTests.read(Self.text("loss: {kind: gspo}"))
        #expect(recipe.reinforcement?.objective.loss.loss.serverLoss == .importanceSampling)
    }

    /// The table of the README has every name that a recipe can use (prime-rl's documentation describes a clamp and metrics
    /// that its code does not have).
    @Test func theDocumentationNamesEveryChoice() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(
            contentsOf: root.appendingPathComponent("Sources/Training/README.md"), encoding: .utf8)
        let names =
            AdvantageSection.Kind.allCases.map(\.rawValue) + LossSection.Kind.allCases.map(\.rawValue)
            + LossSection.Aggregation.allCases.map(\.rawValue) + DivergenceEstimator.allCases.map(\.rawValue)
            + ReferenceSection.Form.allCases.map(\.rawValue) + GroupFilter.Measure.allCases.map(\.rawValue)
            + ObjectiveSection.Weighting.allCases.map(\.rawValue)
        for name in names { #expect(text.contains("`\(name)`"), "\(name)") }
    }
}
