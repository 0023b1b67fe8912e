import Primitives
import Testing

@testable import EmbeddedBackend

struct CopyingStartTests {
    /// Random tokens said twice; only the repetition counts.
    private static func repetition(_ index: Int, vocabulary: Int) -> TrainingSequence {
        var random = CounterRandom(seed: 2, stage: .pretraining, step: index)
        let said = (0..<24).map { _ in Int32(random.integer(below: vocabulary)) }
        let tokens = said + said
        let zeros = [Float](repeating: 0, count: tokens.count - 1)
        var weights = zeros
        for position in (said.count + 1)..<zeros.count { weights[position] = 1 }
        return TrainingSequence(
            inputTokens: Array(tokens.dropLast()), targetTokens: Array(tokens.dropFirst()), weights: weights,
            logprobs: zeros, advantages: zeros)
    }

    /// The mean loss on the repeated tokens after a few steps.
    private static func loss(copying: Bool, steps: Int) throws -> Double {
        let shape = DecoderConfiguration(
            vocabularySize: 512, hiddenSize: 128, intermediateSize: 128, layerCount: 2, headCount: 4,
            keyValueHeadCount: 2, headSize: 32, ropeTheta: 1_000_000, maximumPositions: 64, endOfTextToken: 0)
        let trainer = DecoderTrainer(
            weights: DecoderWeights.random(shape, seed: 4, copying: copying), threads: 2)
        var last = 0.0
        for step in 0..<steps {
            let batch = (0..<8).map { repetition(step * 8 + $0, vocabulary: shape.vocabularySize) }
            let count = batch.reduce(0) { $0 + $1.weights.count { $0 != 0 } }
            last = try trainer.forwardBackward(batch, loss: .crossEntropy).lossSum / Double(count)
            trainer.optimizerStep(
                learningRate: 3e-3, beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 0,
                gradientClipNorm: 1)
        }
        return last
    }

    @Test func repetitionIsLearntSoonerThanFromNoise() throws {
        let steps = 50
        #expect(try Self.loss(copying: true, steps: steps) < 0.8 * Self.loss(copying: false, steps: steps))
    }
}
