import Backends
import Foundation
import Primitives
import Testing

@testable import Training

/// Losses and clip fractions of peers, each under its own convention written as absolute bounds.
@Suite(.enabled(if: SharedData.isPresent, "needs ../shared/golden/grpo.json"))
struct PolicyLossTests {
    static let ratios: [Double] = [0.5, 0.9, 1, 1.1, 1.25, 1.5, 5]

    static let peers: [(name: String, loss: PolicyLoss)] = [
        ("verl vanilla c=3 eps .2/.2", .ppo(clipLow: 0.8, clipHigh: 1.2, dualClip: 3)),
        ("verl vanilla c=3 clip-higher .2/.28", .ppo(clipLow: 0.8, clipHigh: 1.28, dualClip: 3)),
        ("trl grpo eps.2 delta=None", .ppo(clipLow: 0.8, clipHigh: 1.2)),
        ("trl grpo eps.2 delta=4", .ppo(clipLow: 0.8, clipHigh: 1.2, dualClip: 4)),
        ("tinker ppo .8/1.2", .ppo(clipLow: 0.8, clipHigh: 1.2)),
        ("tinker importance_sampling", .importanceSampling),
        // One name, three conventions: 1 ± ε, an upper bound alone, and two bounds.
        ("verl cispo eps .2/.2", .cispo(clipLow: 0.8, clipHigh: 1.2)),
        ("verl cispo clip-higher .2/.28", .cispo(clipLow: 0.8, clipHigh: 1.28)),
        ("trl cispo epsilon_high=5", .cispo(clipLow: 0, clipHigh: 5)),
        ("tinker cispo 0/4", .cispo(clipLow: 0, clipHigh: 4)),
    ]

    /// One token with the sampler's logprob −1.
    private func statistics(_ loss: PolicyLoss, advantage: Double, ratio: Double) -> PolicyStatistics {
        let sequence = PolicySequence(
            tokens: [1, 2], policyMask: [false, true], logprobs: [0, -1], advantage: advantage)
        let logprobs = [[Float(log(ratio) - 1)]]
        return PolicyObjective(aggregation: .tokenSum, loss: loss)
            .update([sequence], trainerLogprobs: logprobs).statistics(trainerLogprobs: logprobs)
    }

    @Test(arguments: peers.indices, [1.0, -1]) func lossesAgree(peer: Int, advantage: Double) throws {
        let (name, loss) = Self.peers[peer]
        let key = "\(name) A=\(advantage > 0 ? "+1.0" : "-1.0")"
        let entry = try #require(try SharedData.grpo()[key])
        let wanted = try #require(entry.arrayValue ?? entry["loss"]?.arrayValue).compactMap(\.doubleValue)
        let found = Self.ratios.map { statistics(loss, advantage: advantage, ratio: $0).loss }
        #expect(Golden.agree(found, wanted, within: 2e-6))
        guard entry["pg_clipfrac"] != nil else { return }
        let fractions = try Golden.numbers(key, "pg_clipfrac")
        let dual = try Golden.numbers(key, "pg_clipfrac_lower")
        for (index, ratio) in Self.ratios.enumerated() {
            let found = statistics(loss, advantage: advantage, ratio: ratio)
            #expect((found.clipFractionLow ?? 0) + (found.clipFractionHigh ?? 0) == fractions[index])
            #expect(found.dualClipFraction == dual[index])
        }
    }

    @Test func sequenceRatiosAgreeWithVerl() throws {
        let key = "verl gspo 3e-4/4e-4 (seq log-ratios .002, -.005)"
        let sequences = [
            PolicySequence(
                tokens: [0, 1, 2, 3], policyMask: [false, true, true, true], logprobs: [0, -1, -1, -1], advantage: 1),
            PolicySequence(
                tokens: [0, 1, 2, 3], policyMask: [false, true, true, false], logprobs: [0, -1, -1, 0], advantage: -1),
        ]
        let trainer: [[Float]] = [[-0.999, -0.998, -0.997], [-1.01, -1, -7]]
        let objective = PolicyObjective(
            aggregation: .sequenceMean, loss: .gspo(clipLow: 1 - 3e-4, clipHigh: 1 + 4e-4))
        let update = objective.update(sequences, trainerLogprobs: trainer)
        let statistics = update.statistics(trainerLogprobs: trainer)
        #expect(abs(statistics.loss - (try Golden.number(key, "loss"))) < 1e-7)
        #expect(abs(statistics.divergenceV1 - (try Golden.number(key, "actor/ppo_kl"))) < 1e-6)
        let clipped = (statistics.clipFractionLow ?? 0) + (statistics.clipFractionHigh ?? 0)
        #expect(clipped == (try Golden.number(key, "actor/pg_clipfrac")))
        #expect(statistics.dualClipFraction == nil, "verl states 0 for a loss without a dual clip")
        #expect(update.datums.allSatisfy { $0.advantages.allSatisfy { $0 == 0 } }, "clipped sequences are not moved")
    }

    @Test func divergenceAndEntropyAgreeWithTinkerAndPrime() throws {
        let sequence = PolicySequence(
            tokens: [0, 1, 2, 3], policyMask: [false, true, true, true], logprobs: [0, -1, -1, -1], advantage: 1)
        let trainer: [[Float]] = [[-1, -0.5, -2]]
        let statistics = PolicyObjective().update([sequence]).statistics(trainerLogprobs: trainer)
        let golden = try Golden.numbers("tinker kl_sample_train_v1,v2,entropy (sampling -1, training [-1,-.5,-2])")
        #expect(
            Golden.agree([statistics.divergenceV1, statistics.divergenceV2, statistics.entropyEstimate], golden))
        let prime = try Golden.numbers("prime-rl mismatch_kl trainer[-1,-.5,-2] inference -1")
        #expect(abs(statistics.divergenceV3 - prime.reduce(0, +) / 3) < 1e-6)
    }
}
