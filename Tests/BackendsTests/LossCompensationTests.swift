import Foundation
import Primitives
import Testing

@testable import Backends

/// A batch sent to a server that reduces its own way must give the derivative, with respect to every logprob, of the sum of
/// weighted objectives. The servers here are written out from their definitions; derivatives are differences.
@Suite struct LossCompensationTests {
    static let losses: [LossFunction] = [
        .crossEntropy, .importanceSampling, .ppo(clipLow: 0.8, clipHigh: 1.2), .cispo(clipLow: 0.5, clipHigh: 1.5),
        .dro(beta: 0.3),
    ]

    static let profiles: [BackendProfile] = {
        var profiles: [BackendProfile] = [.embedded, .tinker, .skyRL]
        for base in [BackendProfile.tinker, .skyRL] {
            for weights in BackendProfile.PolicyWeights.allCases {
                var profile = base
                profile.policyWeights = weights
                profile.name += "-" + weights.rawValue
                profiles.append(profile)
                profile.losses = ["cross_entropy", "importance_sampling"]
                profile.name += "-few-losses"
                profiles.append(profile)
                profile = base
                profile.policyWeights = weights
                profile.clipConvention = .other
                profile.name += "-other-clips"
                profiles.append(profile)
            }
        }
        return profiles
    }()

    enum Weights: String, CaseIterable { case mask, fractions, signed }

    /// A random batch and the trainer's logprobs of its targets.
    static func batch(_ weights: Weights, seed: UInt64) -> (datums: [Datum], logprobs: [[Float]]) {
        var random = CounterRandom(seed: seed, stage: .evaluation, step: 0)
        var logprobs: [[Float]] = []
        let datums = (0..<4).map { _ in
            let count = 2 + random.integer(below: 6)
            func numbers(_ make: () -> Double) -> [Float] { (0..<count).map { _ in Float(make()) } }
            let trained = numbers { -0.1 - 2 * random.uniform() }
            logprobs.append(trained)
            let mask = numbers { random.uniform() < 0.3 ? 0 : 1 }
            let scale: [Float] =
                switch weights {
                case .mask: mask.map { _ in 1 }
                case .fractions: numbers { 0.05 + random.uniform() }
                case .signed: numbers { 2 * random.uniform() - 1 }
                }
            return Datum(
                inputTokens: [TokenID](repeating: 1, count: count), targetTokens: [TokenID](repeating: 2, count: count),
                weights: zip(mask, scale).map { $0 * $1 },
                logprobs: trained.map { $0 + Float(0.8 * (random.uniform() - 0.5)) },
                advantages: zip(mask, numbers { 4 * (random.uniform() - 0.5) }).map { $0 * $1 })
        }
        return (datums, logprobs)
    }

    /// The objective of one token as the API's documentation states it.
    static func objective(_ loss: LossFunction, _ logp: Double, _ q: Double, _ advantage: Double, frozen: Double)
        -> Double
    {
        let ratio = exp(logp - q)
        switch loss {
        case .crossEntropy: return logp
        case .importanceSampling: return ratio * advantage
        case .ppo(let low, let high): return min(ratio * advantage, min(max(ratio, low), high) * advantage)
        case .cispo(let low, let high): return min(max(exp(frozen - q), low), high) * advantage * logp
        case .dro(let beta): return advantage * logp - 0.5 * beta * (logp - q) * (logp - q)
        }
    }

    /// The derivative of a server's objective with respect to each logprob, by central differences.
    static func derivatives(
        _ datums: [Datum], _ loss: LossFunction, _ logprobs: [[Float]],
        reduction: BackendProfile.LossReduction, seesWeights: Bool
    ) -> [[Double]] {
        zip(datums, logprobs).map { datum, logprobs in
            let weights = loss == .crossEntropy || seesWeights ? datum.weights : datum.weights.map { _ in 1 }
            let total = max(weights.reduce(0) { $0 + Double($1) }, 1e-9)
            let factor = reduction == .meanOfDatumMeans ? 1 / total / Double(datums.count) : 1
            return logprobs.indices.map { index in
                func value(_ shift: Double) -> Double {
                    let logp = Double(logprobs[index])
                    return objective(
                        loss, logp + shift, Double(datum.logprobs[index]), Double(datum.advantages[index]), frozen: logp
                    )
                }
                return Double(weights[index]) * factor * (value(1e-5) - value(-1e-5)) / 2e-5
            }
        }
    }

    @Test(arguments: losses, profiles) func everyServerEndsAtTheSameGradient(
        loss: LossFunction, profile: BackendProfile
    ) throws {
        for (number, weights) in Weights.allCases.enumerated() {
            for seed in 0..<8 {
                let (datums, logprobs) = Self.batch(weights, seed: UInt64(100 * number + seed))
                let meant = Self.derivatives(datums, loss, logprobs, reduction: .tokenSum, seesWeights: true)
                let compensation = LossCompensation(datums: datums, loss: loss, profile: profile)
                let sent = try compensation.sent(logprobs: logprobs)
                #expect(profile.losses.contains(sent.loss.wireName))
                let received = Self.derivatives(
                    sent.datums, sent.loss, logprobs, reduction: profile.lossReduction,
                    seesWeights: profile.policyWeights == .honoured)
                for (left, right) in zip(meant.joined(), received.joined()) {
                    #expect(abs(left - right) <= 1e-4 * max(1, abs(left)), "\(weights) \(seed) \(compensation.route)")
                }
            }
        }
    }

    @Test func aSumOfTokensIsSentAsItIs() throws {
        for loss in Self.losses {
            let (datums, _) = Self.batch(.signed, seed: 5)
            let compensation = LossCompensation(datums: datums, loss: loss, profile: .embedded)
            #expect(compensation.route == .unchanged)
            #expect(try compensation.sent().datums == datums)
        }
    }

    @Test func scalingNeedsNoForwardPass() {
        let (datums, _) = Self.batch(.fractions, seed: 6)
        for loss in [
            LossFunction.importanceSampling, .ppo(clipLow: 0.8, clipHigh: 1.2), .cispo(clipLow: 0, clipHigh: 4),
        ] {
            #expect(LossCompensation(datums: datums, loss: loss, profile: .skyRL).route == .scaled)
            #expect(LossCompensation(datums: datums, loss: loss, profile: .tinker).route == .scaled)
        }
    }

    @Test func weightsThatAreNotSentAreFoldedIntoTheAdvantages() throws {
        var datum = Datum.example(count: 4, advantage: 2)
        datum.weights = [0, 0, 0.5, 1]
        datum.advantages = [2, 2, 2, 2]
        let sent = try LossCompensation(datums: [datum], loss: .importanceSampling, profile: .tinker).sent()
        #expect(sent.datums[0].advantages == [0, 0, 1, 2])
    }

    @Test func aReductionThatCannotBeUndoneIsRefused() {
        var profile = BackendProfile.tinker
        profile.lossReduction = .unknown
        let (datums, _) = Self.batch(.mask, seed: 7)
        #expect(throws: BackendError.self) {
            try LossCompensation(datums: datums, loss: .importanceSampling, profile: profile).sent()
        }
    }

    @Test func theDerivativeIsThatOfTheObjective() {
        for loss in Self.losses {
            for seed in 0..<20 {
                var random = CounterRandom(seed: UInt64(seed), stage: .evaluation, step: 1)
                let (logp, q, advantage) = (-random.uniform(), -random.uniform(), 4 * (random.uniform() - 0.5))
                let found = loss.objective(logprob: logp, samplerLogprob: q, advantage: advantage)
                func value(_ shift: Double) -> Double { Self.objective(loss, logp + shift, q, advantage, frozen: logp) }
                #expect(abs(found.value - value(0)) < 1e-12)
                #expect(abs(found.derivative - (value(1e-5) - value(-1e-5)) / 2e-5) < 1e-6, "\(loss)")
            }
        }
    }
}
