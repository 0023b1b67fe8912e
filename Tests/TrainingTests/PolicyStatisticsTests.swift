import Backends
import Foundation
import Primitives
import Testing

@testable import Training

@Suite struct PolicyStatisticsTests {
    static let ratios: [Double] = [0.5, 0.9, 1, 1.1, 1.25, 1.5, 5]

    /// A datum whose first position was not written by the policy.
    private func datum(sampler: [Float], advantage: Float) -> Datum {
        let tokens = (0...sampler.count).map(TokenID.init)
        return Datum(
            inputTokens: tokens, targetTokens: tokens.map { $0 + 1 }, weights: [0] + sampler.map { _ in 1 },
            logprobs: [0] + sampler, advantages: [0] + sampler.map { _ in advantage })
    }

    @Test(.enabled(if: SharedData.isPresent, "needs ../shared/golden/grpo.json"))
    func divergenceAndEntropyAgreeWithTinker() throws {
        let key = "tinker kl_sample_train_v1,v2,entropy (sampling -1, training [-1,-.5,-2])"
        let golden = try #require(try SharedData.grpo()[key]?.arrayValue).compactMap(\.doubleValue)
        let statistics = PolicyStatistics(
            datums: [datum(sampler: [-1, -1, -1], advantage: 1)], logprobs: [[-9, -1, -0.5, -2]],
            loss: .importanceSampling)
        #expect(statistics.tokenCount == 3)
        #expect(abs(statistics.divergenceV1 - golden[0]) < 1e-6)
        #expect(abs(statistics.divergenceV2 - golden[1]) < 1e-6)
        #expect(abs(statistics.entropyEstimate - golden[2]) < 1e-6)
    }

    @Test(
        .enabled(if: SharedData.isPresent, "needs ../shared/golden/grpo.json"),
        arguments: [
            ("tinker importance_sampling", LossFunction.importanceSampling),
            ("tinker ppo .8/1.2", .ppo(clipLow: 0.8, clipHigh: 1.2)),
        ], [Float(1), -1])
    func lossAgreesWithTinker(peer: (name: String, loss: LossFunction), advantage: Float) throws {
        let key = "\(peer.name) A=\(advantage > 0 ? "+1.0" : "-1.0")"
        let golden = try #require(try SharedData.grpo()[key]?.arrayValue).compactMap(\.doubleValue)
        for (ratio, expected) in zip(Self.ratios, golden) {
            let statistics = PolicyStatistics(
                datums: [datum(sampler: [-1], advantage: advantage)], logprobs: [[0, Float(log(ratio) - 1)]],
                loss: peer.loss)
            #expect(abs(statistics.loss - expected) < 1e-5)
        }
    }

    @Test(
        .enabled(if: SharedData.isPresent, "needs ../shared/golden/grpo.json"),
        arguments: [(Float(1), 0.0, 3.0), (-1, 1, 0)])
    func clipFractionsCountTheClippedSide(advantage: Float, low: Double, high: Double) throws {
        let key = "verl vanilla c=3 eps .2/.2 A=\(advantage > 0 ? "+1.0" : "-1.0")"
        let golden = try #require(try SharedData.grpo()[key]?["pg_clipfrac"]?.arrayValue).compactMap(\.doubleValue)
        let statistics = PolicyStatistics(
            datums: [datum(sampler: Self.ratios.map { _ in -1 }, advantage: advantage)],
            logprobs: [[0] + Self.ratios.map { Float(log($0) - 1) }], loss: .ppo(clipLow: 0.8, clipHigh: 1.2))
        #expect(statistics.clipFractionLow == low / 7)
        #expect(statistics.clipFractionHigh == high / 7)
        #expect(golden.reduce(0, +) == low + high)
    }

    @Test func otherLossesHaveNoClipFraction() {
        let statistics = PolicyStatistics(
            datums: [datum(sampler: [-1], advantage: 1)], logprobs: [[0, -1]], loss: .importanceSampling)
        #expect(statistics.clipFractionLow == nil)
        #expect(statistics.clipFractionHigh == nil)
    }
}
