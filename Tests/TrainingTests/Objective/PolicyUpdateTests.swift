import Foundation
import Primitives
import Testing

@testable import Backends
@testable import Training

/// What is sent has the gradient of what is meant.
@Suite struct PolicyUpdateTests {
    static let losses: [PolicyLoss] = [
        .importanceSampling, .ppo(clipLow: 0.8, clipHigh: 1.2), .ppo(clipLow: 0.8, clipHigh: 1.28, dualClip: 1.6),
        .gspo(clipLow: 0.9, clipHigh: 1.1), .dro(beta: 0.3),
    ]

    /// Sequences with an observation, and trainer's logprobs up to ±0.8 from the sampler's.
    static func batch(_ number: Int) -> (sequences: [PolicySequence], trainer: [[Float]]) {
        var random = CounterRandom(seed: 4, stage: .reinforcement, step: number)
        var trainer: [[Float]] = []
        let sequences = (0..<4).map { index -> PolicySequence in
            let count = 3 + random.integer(below: 6)
            let mask = (0..<count).map { $0 > 0 && $0 != 2 }
            let logprobs = mask.map { $0 ? Float(-1 - random.uniform()) : 0 }
            trainer.append(
                (1..<count).map { mask[$0] ? logprobs[$0] + Float(1.6 * random.uniform() - 0.8) : -2 })
            return PolicySequence(
                tokens: (0..<count).map(TokenID.init), policyMask: mask, logprobs: logprobs,
                advantage: index.isMultiple(of: 2) ? 0.5 + random.uniform() : -0.5 - random.uniform())
        }
        return (sequences, trainer)
    }

    /// The derivative of the server's summed loss with respect to each logprob.
    private func gradient(_ update: PolicyUpdate, at trainer: [[Float]]) -> [[Double]] {
        zip(update.datums, trainer).map { datum, logprobs in
            datum.weights.indices.map { position in
                guard datum.weights[position] != 0 else { return 0 }
                return -Double(datum.weights[position])
                    * update.loss.objective(
                        logprob: Double(logprobs[position]), samplerLogprob: Double(datum.logprobs[position]),
                        advantage: Double(datum.advantages[position])
                    ).derivative
            }
        }
    }

    @Test(arguments: losses, [LossAggregation.tokenMean, .sequenceMean, .constantLength(maximum: 7), .tokenSum])
    func theGradientIsTheObjectives(loss: PolicyLoss, aggregation: LossAggregation) {
        for number in 0..<6 {
            let (sequences, trainer) = Self.batch(number)
            let update = PolicyObjective(aggregation: aggregation, loss: loss).update(
                sequences, trainerLogprobs: trainer, share: 0.5)
            let gradient = gradient(update, at: trainer)
            let step: Float = 0x1p-10
            for index in sequences.indices {
                for position in trainer[index].indices {
                    var (above, below) = (trainer, trainer)
                    above[index][position] += step
                    below[index][position] -= step
                    let slope =
                        (update.statistics(trainerLogprobs: above).loss
                            - update.statistics(trainerLogprobs: below).loss)
                        / Double(above[index][position] - below[index][position])
                    #expect(
                        abs(slope - gradient[index][position]) < 2e-3 * max(1, abs(slope)),
                        "\(slope) \(gradient[index][position])")
                }
            }
        }
    }

    /// Beyond the dual bound a token with a negative advantage is not moved; everything else is sent as it was.
    @Test func onlyTokensBeyondTheDualBoundLoseTheirAdvantage() {
        let (sequences, trainer) = Self.batch(1)
        let plain = PolicyObjective(loss: .ppo(clipLow: 0.8, clipHigh: 1.2)).update(sequences)
        let dual = PolicyObjective(loss: .ppo(clipLow: 0.8, clipHigh: 1.2, dualClip: 1.5)).update(
            sequences, trainerLogprobs: trainer)
        var masked = 0
        for (index, datum) in dual.datums.enumerated() {
            for position in datum.weights.indices where datum.weights[position] != 0 {
                let ratio = exp(Double(trainer[index][position]) - Double(datum.logprobs[position]))
                let isBeyond = sequences[index].advantage < 0 && ratio > 1.5
                if isBeyond { masked += 1 }
                #expect(datum.advantages[position] == (isBeyond ? 0 : plain.datums[index].advantages[position]))
            }
            #expect(datum.weights == plain.datums[index].weights, "it still counts in what is divided by")
        }
        #expect(masked > 0)
        let count = Double(dual.tokenCount)
        #expect(dual.statistics(trainerLogprobs: trainer).dualClipFraction == Double(masked) / count)
    }

    @Test func theWireSeesOnlyLossesThatServersKnow() {
        #expect(PolicyLoss.gspo(clipLow: 0.9, clipHigh: 1.1).serverLoss == .importanceSampling)
        #expect(
            PolicyLoss.ppo(clipLow: 0.8, clipHigh: 1.2, dualClip: 3).serverLoss == .ppo(clipLow: 0.8, clipHigh: 1.2))
    }

    @Test func aTokensOwnAdvantageIsSent() {
        var sequence = PolicySequence(
            tokens: [1, 2, 3, 4], policyMask: [false, true, false, true], logprobs: [0, -1, 0, -1], advantage: 9)
        sequence.tokenAdvantages = [5, 1, 7, -2]
        let datum = PolicyObjective(aggregation: .tokenMean).update([sequence]).datums[0]
        #expect(datum.advantages == [0.5, 0, -1])
    }

    @Test func bareDatumsAskForThePolicysTargetsOnly() {
        let (sequences, _) = Self.batch(2)
        for (datum, sequence) in zip(PolicyObjective().bareDatums(sequences), sequences) {
            #expect(datum.targetTokens == Array(sequence.tokens.dropFirst()))
            #expect(datum.weights == sequence.policyMask.dropFirst().map { $0 ? 1 : 0 })
            #expect(datum.advantages.allSatisfy { $0 == 0 })
        }
    }

    /// Losses add up over the passes of a step; rates are those of all tokens.
    @Test func passesOfAStepCombine() {
        let (sequences, trainer) = Self.batch(3)
        let objective = PolicyObjective(
            aggregation: .tokenSum, loss: .ppo(clipLow: 0.8, clipHigh: 1.2, dualClip: 1.5))
        let whole = objective.update(sequences, trainerLogprobs: trainer)
        let passes = [0..<1, 1..<4].map { range in
            let logprobs = Array(trainer[range])
            return (
                update: objective.update(Array(sequences[range]), trainerLogprobs: logprobs),
                trainerLogprobs: logprobs
            )
        }
        let combined = PolicyUpdate.metrics(of: passes)
        let wanted = whole.metrics(trainerLogprobs: trainer)
        #expect(combined.map(\.name) == wanted.map(\.name))
        #expect(combined.map(\.name).contains("ratio/dual_clip_fraction"))
        #expect(
            Golden.agree(combined.compactMap(\.value), wanted.compactMap(\.value), within: 1e-9),
            "\(combined) \(wanted)")
    }

    @Test func aStepWithoutPassesHasNoNumbers() {
        var row = StepMetrics(stage: .reinforcement, step: 1)
        RolloutMetrics.record([], gradientNorm: nil, in: &row)
        #expect(row.names.contains("loss") && row["loss"] == nil)
        #expect(row["train/updated"] == 0 && row["tokens/trained"] == 0)
    }
}
