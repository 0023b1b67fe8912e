import Foundation
import Primitives
import Testing

@testable import Training

@Suite struct MismatchTests {
    static let ratios: [Double] = [0.25, 0.5, 1, 1.9, 2.5, 8]

    private func corrected(
        _ correction: MismatchCorrection, ratios: [Double] = ratios
    ) -> (weights: [Double], statistics: MismatchStatistics) {
        var statistics = MismatchStatistics()
        let weights = correction.weights(logRatios: ratios.map { log($0) }, recording: &statistics)
        return (weights, statistics)
    }

    static let weights: [(key: [String], weighting: MismatchCorrection.Weighting)] = [
        (["verl rollout_is=token threshold=2.0 ratios[.25,.5,1,1.9,2.5,8]", "w"], .tokenTruncation(maximum: 2)),
        (["slime tis clip_low=0 clip=2"], .tokenTruncation(maximum: 2)),
        (["trl token_truncate max=3"], .tokenTruncation(maximum: 3)),
        (["verl rollout_is=token threshold=0.5_2.0 ratios[.25,.5,1,1.9,2.5,8]", "w"], .tokenMask(low: 0.5, high: 2)),
        (["slime icepop .5..2"], .tokenMask(low: 0.5, high: 2)),
        (["trl token_mask max=3"], .tokenMask(low: 0, high: 3)),
        (["verl rollout_is=sequence threshold=2.0 ratios[.25,.5,1,1.9,2.5,8]", "w"], .sequenceTruncation(maximum: 2)),
        (
            ["verl rollout_is=sequence threshold=0.5_5.0 ratios[.25,.5,1,1.9,2.5,8]", "w"],
            .sequenceMask(low: 0.5, high: 5)
        ),
        (["trl sequence_mask max=3 (default)"], .sequenceMask(low: 0, high: 3)),
        (["trl sequence_truncate max=3"], .sequenceTruncation(maximum: 3)),
        (["trl sequence ratio"], .sequenceTruncation(maximum: 100)),
    ]

    @Test(.enabled(if: SharedData.isPresent, "needs ../shared/golden/grpo.json"), arguments: weights.indices)
    func weightsAgree(index: Int) throws {
        let (key, weighting) = Self.weights[index]
        var value = try SharedData.grpo()
        for name in key { value = try #require(value[name]) }
        var wanted = try #require(value.arrayValue).compactMap(\.doubleValue)
        // TRL states one weight for the sequence.
        if wanted.count == 1 { wanted = Self.ratios.map { _ in wanted[0] } }
        #expect(Golden.agree(corrected(MismatchCorrection(weighting)).weights, wanted))
    }

    @Test(
        .enabled(if: SharedData.isPresent, "needs ../shared/golden/grpo.json"),
        arguments: [
            ("token threshold=2.0", MismatchCorrection.Weighting.tokenTruncation(maximum: 2)),
            ("token threshold=0.5_2.0", .tokenMask(low: 0.5, high: 2)),
            ("sequence threshold=2.0", .sequenceTruncation(maximum: 2)),
            ("sequence threshold=0.5_5.0", .sequenceMask(low: 0.5, high: 5)),
        ])
    func statisticsAgreeWithVerl(name: String, weighting: MismatchCorrection.Weighting) throws {
        let entry = try #require(
            try SharedData.grpo()["verl rollout_is=\(name) ratios[.25,.5,1,1.9,2.5,8]"]?.objectValue)
        let statistics = corrected(MismatchCorrection(weighting)).statistics
        func wanted(_ key: String) -> Double? {
            entry.members.first { $0.key == "rollout_is_" + key }?.value.doubleValue
        }
        #expect(abs(statistics.mean - (wanted("mean") ?? .nan)) < 1e-6)
        #expect(abs(statistics.effectiveSampleSize - (wanted("eff_sample_size") ?? .nan)) < 1e-6)
        if let fraction = wanted("oob_ratio") { #expect(statistics.outOfBoundFraction == fraction) }
        // verl's maximum is of the bounded weights for tokens and of the raw ratio for sequences; here each has its name.
        let maximum = name.hasPrefix("token") ? statistics.maximum : statistics.ratioMaximum
        #expect(abs(maximum - (wanted("max") ?? .nan)) < 1e-6)
    }

    /// verl raises ZeroDivisionError here (sequence mode, ratio 4.75, window 0.5 to 2).
    @Test(arguments: [
        MismatchCorrection(.sequenceMask(low: 0.5, high: 2)), MismatchCorrection(.tokenMask(low: 1, high: 1.0001)),
        MismatchCorrection(.none, geometricBounds: 0.999...1.001),
    ]) func everythingMaskedDividesByNothing(correction: MismatchCorrection) {
        let (weights, statistics) = corrected(correction, ratios: [0.25, 0.5, 1.01, 1.9, 2.5, 8])
        #expect(weights.allSatisfy { $0 == 0 })
        #expect(statistics.metrics.allSatisfy { $0.value?.isFinite == true })
        #expect(statistics.effectiveSampleSize == 0 && statistics.mean == 0)
    }

    @Test func nothingIsDividedByNothing() {
        var statistics = MismatchStatistics()
        #expect(MismatchCorrection(.none).weights(logRatios: [], recording: &statistics).isEmpty)
        #expect(statistics.metrics.allSatisfy { $0.value == 0 })
    }

    /// The geometric mean of the ratios, 4.75^(1/6), does not grow with length as their product does.
    @Test func sequencesAreGivenUpForTheirGeometricMean() {
        let mean = pow(4.75, 1.0 / 6)
        let kept = corrected(MismatchCorrection(.none, geometricBounds: 0.5...mean + 1e-9))
        #expect(kept.weights == [1, 1, 1, 1, 1, 1])
        #expect(kept.statistics.rejectedFraction == 0)
        let given = corrected(MismatchCorrection(.tokenTruncation(maximum: 2), geometricBounds: 0.5...mean - 1e-9))
        #expect(given.weights == [0, 0, 0, 0, 0, 0])
        #expect(given.statistics.rejectedFraction == 1)
    }

    @Test func enormousRatiosStayFinite() {
        let weights = corrected(MismatchCorrection(.sequenceTruncation(maximum: 1e12)), ratios: [1e300, 1e300]).weights
        #expect(weights.allSatisfy { $0 == exp(20) })
    }

    @Test func passesCombineExactly() {
        var whole = MismatchStatistics()
        let correction = MismatchCorrection(.tokenMask(low: 0.5, high: 2))
        let parts = [Self.ratios, [1.5, 3]].map { ratios -> MismatchStatistics in
            _ = correction.weights(logRatios: ratios.map { log($0) }, recording: &whole)
            return corrected(correction, ratios: ratios).statistics
        }
        #expect(MismatchStatistics(combining: parts) == whole)
    }

    // MARK: In an update

    /// The weight multiplies the advantage, the ratio is taken against the trainer's logprobs, and what a batch is divided by
    /// stays.
    @Test func theCorrectedUpdateIsDecoupled() {
        let sequence = PolicySequence(
            tokens: [0, 1, 2, 3], policyMask: [false, true, false, true], logprobs: [0, -1, 0, -2], advantage: 3)
        let proximal: [[Float]] = [[-1 + 0.25, -7, -2 - 5]]
        let current: [[Float]] = [[-1 + 0.5, -7, -2 - 5]]
        let objective = PolicyObjective(
            aggregation: .tokenMean, loss: .ppo(clipLow: 0.8, clipHigh: 1.2),
            mismatch: MismatchCorrection(.tokenMask(low: 0.5, high: 2)))
        #expect(objective.needsProximalLogprobs && !objective.needsTrainerLogprobs)
        let update = objective.update([sequence], proximalLogprobs: proximal)
        let datum = update.datums[0]
        #expect(datum.logprobs == [-0.75, 0, -7])
        #expect(datum.weights == [1, 0, 1])
        #expect(abs(Double(datum.advantages[0]) - 1.5 * exp(0.25)) < 1e-6)
        #expect(datum.advantages[1...] == [0, 0])
        let metrics = update.metrics(trainerLogprobs: current)
        func value(_ name: String) -> Double? { metrics.first { $0.name == name }?.value ?? nil }
        #expect(value("mismatch/out_of_bound_fraction") == 0.5)
        // exp(0.25) is clipped at 1.2; against the sampler it would be exp(0.5).
        #expect(abs((value("loss") ?? .nan) + 1.2 * 1.5 * exp(0.25)) < 1e-6)
        #expect(abs((value("kl/sampler_trainer_v1") ?? .nan) - (-0.5 + 5) / 2) < 1e-6, "against the sampler")
    }

    @Test func anUpdateWithoutOwnProximalLogprobsIsTheFirst() {
        let (sequences, trainer) = PolicyUpdateTests.batch(5)
        let objective = PolicyObjective(
            loss: .gspo(clipLow: 0.9, clipHigh: 1.1), mismatch: MismatchCorrection(.tokenTruncation(maximum: 2)))
        let first = objective.update(sequences, trainerLogprobs: trainer)
        let same = objective.update(sequences, trainerLogprobs: trainer, proximalLogprobs: trainer)
        #expect(first.datums == same.datums)
        #expect(first.statistics(trainerLogprobs: trainer).clipFractionHigh == 0, "its ratio is 1 everywhere")
    }
}
