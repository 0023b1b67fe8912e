import Primitives
import Testing

@testable import EmbeddedBackend

/// A large model is trained another way than a small one: one gradient, threads inside each operation, plain weights,
/// activations computed again. None of it may change a result beyond the order in which gradients are summed.
struct TrainingPlanTests {
    typealias Properties = DecoderPropertyTests

    /// The plan of a large model for the small one of the property tests.
    static func largePlan(activationBytes: Int = .max) -> TrainingPlan {
        TrainingPlan(Properties.shape, smallParameters: 0, activationBytes: activationBytes)
    }

    static func trainer(threads: Int, plan: TrainingPlan) -> DecoderTrainer {
        DecoderTrainer(weights: Properties.weights, threads: threads, plan: plan)
    }

    /// Parameters after two steps, the first with clipped gradients, and the last logprobs.
    static func train(_ trainer: DecoderTrainer) throws -> (parameters: [Float], logprobs: [[Float]]) {
        var logprobs: [[Float]] = []
        for step in 0..<2 {
            let batch = Properties.sequences(19, seed: UInt64(step))
            logprobs = try trainer.forwardBackward(batch, loss: .ppo(clipLow: 0.8, clipHigh: 1.2)).logprobs
            trainer.optimizerStep(
                learningRate: 1e-3, beta1: 0.9, beta2: 0.95, epsilon: 1e-12, weightDecay: 0.1,
                gradientClipNorm: step == 0 ? 0.1 : 0)
        }
        return (trainer.snapshot().parameters.array, logprobs)
    }

    @Test func resultsDoNotDependOnTheTeamsThreads() throws {
        let results = try [1, 2, 5].map { try Self.train(Self.trainer(threads: $0, plan: Self.largePlan())) }
        #expect(results[0].parameters == results[1].parameters && results[0].logprobs == results[1].logprobs)
        #expect(results[0].parameters == results[2].parameters && results[0].logprobs == results[2].logprobs)
    }

    @Test func computingLayersAgainChangesNoBit() throws {
        #expect(Self.largePlan().kept(rows: 5000) == .products)
        #expect(Self.largePlan(activationBytes: 0).kept(rows: 1) == .input)
        let kept = try Self.train(Self.trainer(threads: 2, plan: Self.largePlan()))
        let again = try Self.train(Self.trainer(threads: 2, plan: Self.largePlan(activationBytes: 0)))
        #expect(kept.parameters == again.parameters)
    }

    @Test func largeAndSmallPlansAgree() throws {
        let batch = Properties.sequences(19)
        let small = Self.trainer(threads: 2, plan: TrainingPlan(Properties.shape))
        let large = Self.trainer(threads: 2, plan: Self.largePlan())
        let expected = try small.forwardBackward(batch, loss: .crossEntropy)
        let found = try large.forwardBackward(batch, loss: .crossEntropy)
        #expect(expected.logprobs == found.logprobs)
        for tensor in ParameterLayout(Properties.shape).tensors {
            let left = try #require(large.gradient(tensor.name))
            let right = try #require(small.gradient(tensor.name))
            #expect(GoldenModel.relativeError(left, right) < 2e-6, "\(tensor.name)")
        }
    }

    @Test func forwardAloneGivesTheLogprobsOfForwardAndBackward() throws {
        let batch = Properties.sequences(9)
        for plan in [TrainingPlan(Properties.shape), Self.largePlan(), Self.largePlan(activationBytes: 0)] {
            let trainer = Self.trainer(threads: 2, plan: plan)
            let alone = try trainer.forward(Array(batch.prefix(2)))
            let together = try trainer.forwardBackward(batch, loss: .crossEntropy).logprobs
            #expect(alone == Array(together.prefix(2)))
            #expect(try trainer.forward(batch) == together)
        }
    }

    @Test func sampledLogprobsAreTheBitsOfALargeModelsTrainer() async throws {
        let engine = SamplingEngine(weights: Properties.weights, threads: 1)
        defer { engine.shutdown() }
        let trainer = Self.trainer(threads: 3, plan: Self.largePlan())
        for sequence in Properties.sequences(4, seed: 8) {
            let completion = try await engine.sample(.init(prompt: sequence.inputTokens, maxTokens: 20, seed: 3))
            let all = sequence.inputTokens + completion.tokens
            let zeros = [Float](repeating: 0, count: all.count - 1)
            let scored = TrainingSequence(
                inputTokens: Array(all.dropLast()), targetTokens: Array(all.dropFirst()), weights: zeros,
                logprobs: zeros, advantages: zeros)
            #expect(try trainer.forward([scored])[0].suffix(completion.tokens.count) == completion.logprobs[...])
        }
    }

    @Test func aSnapshotStaysAsItIsWhenTrainingGoesOn() throws {
        let trainer = Self.trainer(threads: 1, plan: Self.largePlan())
        let snapshot = trainer.snapshot()
        let before = snapshot.parameters.array
        _ = try Self.train(trainer)
        #expect(snapshot.parameters.array == before)
        #expect(Properties.weights.parameters.array == before)
        #expect(trainer.snapshot().parameters.array != before)
    }

    /// Weights, gradients and moments of the shape of Qwen3 0.6B leave room for what a full pass keeps.
    @Test func aPassOfALargeModelStaysWithinItsMemory() {
        let shape = DecoderConfiguration(
            vocabularySize: 151_936, hiddenSize: 1024, intermediateSize: 3072, layerCount: 28, headCount: 16,
            keyValueHeadCount: 8, headSize: 128, ropeTheta: 1e6, maximumPositions: 40_960, endOfTextToken: 0)
        let plan = TrainingPlan(shape)
        #expect(!plan.isSmall && plan.laneCount == 1)
        #expect(plan.kept(rows: TrainingPlan.rowsPerPass) == .products)
        #expect(plan.kept(rows: shape.maximumPositions) == .input)
        let state = ParameterLayout(shape).count * TrainingPlan.bytesPerParameter
        let activations = TrainingPlan.rowsPerPass * shape.layerCount * LayerActivations.bytesOfProducts(shape)
        let logits = plan.rowsPerLogits * shape.vocabularySize * MemoryLayout<Float>.stride
        #expect(Double(activations + logits) < 0.25 * Double(state))
    }

    @Test(arguments: [1, 2, 4])
    func aTeamCoversEveryIndexOnce(threads: Int) {
        let team = WorkTeam(threads: threads)
        for (count, unit) in [(0, 1), (1, 16), (37, 16), (1000, 7)] {
            let seen = FloatBuffer(count: count)
            team.ranges(count, unit: unit) { _, range in
                #expect(range.lowerBound % unit == 0)
                for index in range { seen.pointer[index] += 1 }
            }
            #expect(seen.array.prefix(count).allSatisfy { $0 == 1 })
        }
    }
}
