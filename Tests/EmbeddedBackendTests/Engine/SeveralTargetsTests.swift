import Primitives
import Storage
import Testing

@testable import EmbeddedBackend

/// A cross-entropy with several targets per token, as in distillation of the likeliest tokens, next to PyTorch
/// (`Scripts/interop/parity/several_targets.py`).
@Suite struct SeveralTargetsTests {
    private static func file(_ fixture: ParityFixture) -> String { fixture.directory + "/several_targets.safetensors" }
    private static let fixtures = ParityFixture.all.filter { FileStore.exists(file($0)) }

    private static func batch(_ reference: ParityFixture.Reference) throws -> [TrainingSequence] {
        let (inputs, targets) = (try reference.integers("input_ids"), try reference.integers("target_tokens"))
        let weights = try reference.floats("weights")
        let columns = targets.count / inputs.count
        var start = 0
        return try reference.integers("lengths").map { length in
            let range = start..<start + Int(length)
            start = range.upperBound
            let cells = columns * range.lowerBound..<columns * range.upperBound
            let zeros = [Float](repeating: 0, count: cells.count)
            return TrainingSequence(
                inputTokens: Array(inputs[range]), targetTokens: Array(targets[cells]), weights: Array(weights[cells]),
                logprobs: zeros, advantages: zeros)
        }
    }

    @Test(arguments: fixtures) func logprobsLossAndGradientsEqualPyTorch(_ fixture: ParityFixture) throws {
        let reference = ParityFixture.Reference(file: try SafeTensors.read(Self.file(fixture)))
        let batch = try Self.batch(reference)
        #expect(batch.allSatisfy { $0.targetsPerToken == 3 })
        let trainer = DecoderTrainer(weights: try fixture.weights(), threads: 2)
        let expected = try reference.floats("target_logprobs")
        #expect(GoldenModel.relativeError(try trainer.forward(batch).flatMap { $0 }, expected) <= 1e-5)

        let result = try trainer.forwardBackward(batch, loss: .crossEntropy)
        #expect(result.logprobs.map(\.count) == batch.map(\.targetTokens.count))
        #expect(GoldenModel.relativeError(result.logprobs.flatMap { $0 }, expected) <= 1e-5)
        let loss = Double(try reference.floats("loss")[0])
        #expect(abs(result.lossSum - loss) <= 1e-5 * abs(loss))
        for (name, values) in reference.all("grad.") {
            let error = GoldenModel.relativeError(try #require(trainer.gradient(name), "no parameter \(name)"), values)
            #expect(error <= 1e-4, "\(name): relative error \(error)")
        }
    }

    /// A column of targets beside others is computed as if it were alone, bit for bit in the logprobs.
    @Test(arguments: fixtures) func aColumnIsWhatItIsAlone(_ fixture: ParityFixture) throws {
        let reference = ParityFixture.Reference(file: try SafeTensors.read(Self.file(fixture)))
        let batch = try Self.batch(reference)
        let trainer = DecoderTrainer(weights: try fixture.weights(), threads: 1)
        let together = try trainer.forward(batch)
        for column in 0..<3 {
            let alone = try trainer.forward(
                batch.map { sequence in
                    var one = sequence
                    one.targetTokens = stride(from: column, to: one.targetTokens.count, by: 3).map {
                        one.targetTokens[$0]
                    }
                    return one
                })
            for (values, all) in zip(alone, together) {
                #expect(values == stride(from: column, to: all.count, by: 3).map { all[$0] })
            }
        }
    }
}
