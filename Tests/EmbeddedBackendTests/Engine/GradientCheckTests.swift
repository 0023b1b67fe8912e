import Primitives
import Testing

@testable import EmbeddedBackend

/// Gradients against differences of the loss, for random shapes of every kind.
@Suite struct GradientCheckTests {
    /// A random shape; covers architectures, biases, tied and untied, groups and head sizes.
    static func shape(_ random: inout CounterRandom) -> DecoderConfiguration {
        let keyHeads = 1 + random.integer(below: 3)
        return DecoderConfiguration(
            architecture: random.pick(DecoderConfiguration.Architecture.allCases),
            vocabularySize: 11 + random.integer(below: 20), hiddenSize: 8 + random.integer(below: 20),
            intermediateSize: 5 + random.integer(below: 20), layerCount: 1 + random.integer(below: 2),
            headCount: keyHeads * (1 + random.integer(below: 3)), keyValueHeadCount: keyHeads,
            headSize: 2 * (1 + random.integer(below: 10)), ropeTheta: random.pick([100, 10_000]),
            rotaryScaling: random.pick([
                .none, .linear(factor: 3),
                .llama3(factor: 4, lowFrequencyFactor: 1, highFrequencyFactor: 3, originalPositions: 20),
            ]), maximumPositions: 40, tiesEmbeddings: random.integer(below: 2) == 0,
            attentionBias: random.integer(below: 2) == 0, feedForwardBias: random.integer(below: 2) == 0,
            endOfTextToken: 0)
    }

    static func batch(_ shape: DecoderConfiguration, _ random: inout CounterRandom) -> [TrainingSequence] {
        (0..<3).map { _ in
            let length = 2 + random.integer(below: 12)
            let tokens = (0...length).map { _ in Int32(random.integer(below: shape.vocabularySize)) }
            return TrainingSequence(
                inputTokens: Array(tokens.dropLast()), targetTokens: Array(tokens.dropFirst()),
                weights: (0..<length).map { _ in Float(random.uniform()) },
                logprobs: .init(repeating: 0, count: length),
                advantages: .init(repeating: 0, count: length))
        }
    }

    /// Weights in which nothing is zero or one by construction.
    static func weights(_ shape: DecoderConfiguration, _ random: inout CounterRandom) -> DecoderWeights {
        let weights = DecoderWeights.random(shape, seed: random.next())
        for tensor in weights.layout.tensors where tensor.shape.count == 1 {
            for i in 0..<tensor.count { weights.parameters.pointer[tensor.offset + i] += 0.2 * random.normal() }
        }
        return weights
    }

    /// The derivative of a function at 0: Richardson's extrapolation of central differences, whose error falls with the
    /// fourth power of the step.
    ///
    /// The step is halved until two differences agree: a loss turns sharply where the norm divides by a short query or
    /// key, and there (index 13, an adapter of queries with heads of size 2) a step of 0.004 misses the slope by 7 %.
    static func slope(of function: (Double) throws -> Double) throws -> Double {
        func difference(_ step: Double) throws -> Double { try (function(step) - function(-step)) / (2 * step) }
        var step = 0.004
        var far = try difference(step)
        while true {
            step /= 2
            let near = try difference(step)
            if abs(near - far) <= 0.01 * abs(near) + 0.01 || step < 0.0003 { return (4 * near - far) / 3 }
            far = near
        }
    }

    @Test(arguments: [0, 1, 2, 3, 4, 5, 6, 7, 8, 13], [false, true])
    func gradientsAreTheSlopesOfTheLoss(index: Int, isAdapted: Bool) throws {
        var random = CounterRandom(seed: 77, stage: .supervised, step: index, group: isAdapted ? 1 : 0)
        let shape = Self.shape(&random)
        var weights = Self.weights(shape, &random)
        let batch = Self.batch(shape, &random)
        if isAdapted {
            weights = try weights.adapted(by: .init(rank: 1 + random.integer(below: 3), alpha: 2))
            let adapter = try #require(weights.adapter)
            for i in 0..<adapter.layout.count { adapter.parameters.pointer[i] += 0.3 * random.normal() }
        }
        let trainer = DecoderTrainer(weights: weights, threads: 1)
        _ = try trainer.forwardBackward(batch, loss: .crossEntropy)
        let values = trainer.parameters.array
        // All of them now: changing the parameters clears them.
        let gradients = try trainer.trained.map { try #require(trainer.gradient($0.name)) }
        var checked = 0
        for (tensor, gradient) in zip(trainer.trained, gradients) {
            // Along the gradient the slope is its length, and rounding of the loss matters least.
            let length = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            guard length > 0.02 else { continue }
            func loss(_ size: Double) throws -> Double {
                let moved = FloatBuffer(values)
                for (i, slope) in gradient.enumerated() {
                    moved.pointer[tensor.offset + i] += Float(size * Double(slope) / length)
                }
                trainer.restore(parameters: moved, step: 0)
                return -zip(try trainer.forward(batch), batch).reduce(0.0) { total, pair in
                    total + zip(pair.0, pair.1.weights).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
                }
            }
            let slope = try Self.slope(of: loss)
            checked += 1
            // The second term covers the rounding of the loss, which the division by the step magnifies.
            #expect(abs(slope - length) <= 0.02 * length + 0.02, "\(tensor.name) of \(shape)")
        }
        #expect(checked > trainer.trained.count / 2)
    }
}
