import Foundation
import Primitives
import Testing

@testable import EmbeddedBackend

@Suite(.enabled(if: GoldenModel.isPresent, "../shared/golden is absent"))
struct DecoderGoldenTests {
    @Test func targetLogprobsEqualPyTorch() throws {
        let trainer = DecoderTrainer(weights: try GoldenModel.weights(), threads: 2)
        let batch = try GoldenModel.batch()
        let found = try trainer.forward(batch)
        let expected = try GoldenModel.floats(GoldenModel.tensors("forward"), "target_logprobs")
        let width = expected.count / batch.count
        for (row, logprobs) in found.enumerated() {
            let reference = Array(expected[(row * width)..<(row * width + logprobs.count)])
            #expect(GoldenModel.relativeError(logprobs, reference) <= 1e-5)
        }
    }

    static let losses: [(String, DecoderLoss)] = [
        ("cross_entropy", .crossEntropy), ("importance_sampling", .importanceSampling),
        ("ppo", .ppo(clipLow: 0.8, clipHigh: 1.2)),
    ]

    @Test(arguments: losses)
    func lossAndGradientsEqualPyTorch(name: String, loss: DecoderLoss) throws {
        let trainer = DecoderTrainer(weights: try GoldenModel.weights(), threads: 2)
        let result = try trainer.forwardBackward(try GoldenModel.batch(), loss: loss)
        let golden = try GoldenModel.tensors(name)
        let expectedLoss = Double(try GoldenModel.floats(golden, "loss")[0])
        #expect(abs(result.lossSum - expectedLoss) <= 1e-5 * abs(expectedLoss))
        for tensor in golden.tensors where tensor.name.hasPrefix("grad.") {
            let parameter = String(tensor.name.dropFirst("grad.".count))
            let found = try #require(trainer.gradient(parameter), "no parameter \(parameter)")
            let error = GoldenModel.relativeError(found, tensor.floats ?? [])
            #expect(error <= 1e-4, "\(parameter): relative error \(error)")
        }
    }

    @Test func twoAdamWStepsEqualPyTorch() throws {
        let trainer = DecoderTrainer(weights: try GoldenModel.weights(), threads: 1)
        let batch = try GoldenModel.batch()
        for _ in 0..<2 {
            _ = try trainer.forwardBackward(batch, loss: .crossEntropy)
            trainer.optimizerStep(
                learningRate: 1e-3, beta1: 0.9, beta2: 0.95, epsilon: 1e-12, weightDecay: 0.01, gradientClipNorm: 0)
        }
        let weights = trainer.snapshot()
        let golden = try GoldenModel.tensors("adamw_2steps")
        for tensor in weights.layout.tensors {
            let start = weights.parameters.pointer + tensor.offset
            let found = Array(UnsafeBufferPointer(start: start, count: tensor.count))
            let error = GoldenModel.relativeError(found, try GoldenModel.floats(golden, tensor.name))
            #expect(error <= 1e-4, "\(tensor.name): relative error \(error)")
        }
    }

    @Test func greedyDecodingEqualsPyTorch() async throws {
        let golden = try JSONValue.parse(
            String(contentsOfFile: GoldenModel.directory + "/decode.json", encoding: .utf8))
        let prompt = (golden["prompt"]?.arrayValue ?? []).compactMap { $0.integerValue.map(Int32.init) }
        let expected = (golden["greedy"]?.arrayValue ?? []).compactMap { $0.integerValue.map(Int32.init) }
        let logprobs = (golden["logprobs"]?.arrayValue ?? []).compactMap { $0.doubleValue.map(Float.init) }
        let engine = SamplingEngine(weights: try GoldenModel.weights(), threads: 1)
        defer { engine.shutdown() }
        let completion = try await engine.sample(
            .init(prompt: prompt, maxTokens: expected.count, temperature: 0))
        #expect(completion.tokens == expected)
        #expect(GoldenModel.relativeError(completion.logprobs, logprobs) <= 1e-5)
    }
}
