import Primitives
import Testing

@testable import Backends
@testable import Training

/// Servers that average over datums would weigh the tokens of packed datums differently; the client's compensation undoes
/// that token by token.
@Suite struct PackingCompensationTests {
    static let profiles = [BackendProfile.embedded, .tinker, .skyRL]

    /// The factor of each target's logprob in the gradient, as the server takes it.
    private func slopes(_ batch: SupervisedBatch, profile: BackendProfile) throws -> [TokenID: Double] {
        let total = batch.passes.reduce(0) { $0 + $1.count }
        var slopes: [TokenID: Double] = [:]
        for datums in batch.passes {
            let logprobs = datums.map { $0.targetTokens.map { -0.01 * Float($0 % 90) - 0.1 } }
            let sent = try LossCompensation(datums: datums, loss: .crossEntropy, profile: profile, total: total)
                .sent(logprobs: logprobs)
            for datum in sent.datums {
                let averages = profile.lossReduction == .meanOfDatumMeans
                let divisor = averages ? Double(total) * datum.weights.reduce(0) { $0 + Double($1) } : 1
                for index in datum.weights.indices where datum.weights[index] != 0 {
                    // Cross-entropy is weighted by the weights, importance sampling at a ratio of 1 by the advantages too.
                    let advantage = sent.loss == .crossEntropy ? 1 : Double(datum.advantages[index])
                    slopes[datum.targetTokens[index]] = Double(datum.weights[index]) * advantage / divisor
                }
            }
        }
        return slopes
    }

    @Test(arguments: profiles, [MicroBatching.whole, .parts(3), .tokens(40)])
    func packedAndDividedBatchesHaveTheGradientOfThePlainOne(
        profile: BackendProfile, division: MicroBatching
    ) throws {
        var random = CounterRandom(seed: 8, stage: .supervised)
        let examples = (0..<9).map { number in
            let length = 3 + random.integer(below: 15)
            return SupervisedSequence(
                tokens: (0..<length).map { TokenID(100 * number + $0) },
                weights: (0..<length).map { _ in Float(random.integer(below: 3)) / 2 })
        }
        let plain = SupervisedBatch(examples)
        let total = examples.reduce(0) { $0 + $1.trainableWeight }
        let packed = SupervisedBatch(
            examples, packing: ExamplePacking(maximumTokens: 36), microBatching: division)
        #expect(packed.sequences.count < examples.count)
        for batch in [plain, packed] {
            let slopes = try slopes(batch, profile: profile)
            for sequence in examples {
                for (token, weight) in zip(sequence.tokens, sequence.weights).dropFirst() {
                    #expect(abs((slopes[token] ?? 0) - Double(weight) / total) < 1e-7)
                }
            }
        }
    }
}
