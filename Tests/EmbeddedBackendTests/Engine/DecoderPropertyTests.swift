import Foundation
import Primitives
import Storage
import Testing

@testable import EmbeddedBackend

/// What must hold whatever the weights: independence of batch and threads, sampler equal to trainer, exact state.
struct DecoderPropertyTests {
    static let shape = DecoderConfiguration(
        vocabularySize: 131, hiddenSize: 48, intermediateSize: 80, layerCount: 2, headCount: 4, keyValueHeadCount: 2,
        headSize: 16, ropeTheta: 10_000, maximumPositions: 256, endOfTextToken: 0)
    static let weights = DecoderWeights.random(shape, seed: 5)

    static func sequences(_ count: Int, seed: UInt64 = 1) -> [TrainingSequence] {
        (0..<count).map { index in
            var random = CounterRandom(seed: seed, stage: .supervised, step: index)
            let length = 2 + random.integer(below: 90)
            let tokens = (0...length).map { _ in Int32(random.integer(below: shape.vocabularySize)) }
            return TrainingSequence(
                inputTokens: Array(tokens.dropLast()), targetTokens: Array(tokens.dropFirst()),
                weights: (0..<length).map { _ in random.integer(below: 2) == 0 ? 0 : 1 },
                logprobs: (0..<length).map { _ in -Float(random.uniform()) * 5 },
                advantages: (0..<length).map { _ in Float(random.uniform()) - 0.5 })
        }
    }

    @Test func aSequenceDoesNotDependOnItsBatch() throws {
        let trainer = DecoderTrainer(weights: Self.weights, threads: 2)
        let batch = Self.sequences(23)
        let together = try trainer.forward(batch)
        for (sequence, expected) in zip(batch, together) {
            #expect(try trainer.forward([sequence])[0] == expected)
        }
    }

    @Test func gradientsDoNotDependOnThreads() throws {
        let batch = Self.sequences(17)
        let results = try [1, 2, 3].map { threads in
            let trainer = DecoderTrainer(weights: Self.weights, threads: threads)
            _ = try trainer.forwardBackward(batch, loss: .ppo(clipLow: 0.8, clipHigh: 1.2))
            return trainer.gradient("model.layers.1.self_attn.q_proj.weight")
        }
        #expect(results[0] == results[1] && results[1] == results[2])
    }

    @Test func sampledLogprobsAreTheTrainersBits() async throws {
        let engine = SamplingEngine(weights: Self.weights, threads: 2)
        defer { engine.shutdown() }
        let trainer = DecoderTrainer(weights: Self.weights, threads: 2)
        let prompts = Self.sequences(12).map(\.inputTokens)
        let completions = try await withThrowingTaskGroup(of: (Int, SamplingEngine.Completion).self) { group in
            for (index, prompt) in prompts.enumerated() {
                group.addTask {
                    (index, try await engine.sample(.init(prompt: prompt, maxTokens: 40, seed: Int64(index))))
                }
            }
            return try await group.reduce(into: [Int: SamplingEngine.Completion]()) { $0[$1.0] = $1.1 }
        }
        for (index, prompt) in prompts.enumerated() {
            let completion = try #require(completions[index])
            let all = prompt + completion.tokens
            let zeros = [Float](repeating: 0, count: all.count - 1)
            let sequence = TrainingSequence(
                inputTokens: Array(all.dropLast()), targetTokens: Array(all.dropFirst()), weights: zeros,
                logprobs: zeros, advantages: zeros)
            let logprobs = try trainer.forward([sequence])[0]
            #expect(Array(logprobs.suffix(completion.tokens.count)) == completion.logprobs)
        }
    }

    @Test func aReusedPrefixGivesTheSameBits() async throws {
        let prompt = Self.sequences(1, seed: 3)[0].inputTokens + Self.sequences(1, seed: 4)[0].inputTokens
        let warm = SamplingEngine(weights: Self.weights, threads: 1)
        let cold = SamplingEngine(weights: Self.weights, threads: 1)
        defer {
            warm.shutdown()
            cold.shutdown()
        }
        let first = try await warm.sample(.init(prompt: prompt, maxTokens: 20, seed: 1))
        let longer = SamplingEngine.Request(prompt: prompt + first.tokens + [7, 8, 9], maxTokens: 20, seed: 2)
        #expect(try await warm.sample(longer) == cold.sample(longer))
    }

    @Test func stopTokenEndsASequenceAndIsReturned() async throws {
        let engine = SamplingEngine(weights: Self.weights, threads: 1)
        defer { engine.shutdown() }
        let free = try await engine.sample(.init(prompt: [1, 2, 3], maxTokens: 30, seed: 9))
        let stop = free.tokens[10]
        let stopped = try await engine.sample(.init(prompt: [1, 2, 3], maxTokens: 30, stopTokens: [stop], seed: 9))
        let end = try #require(free.tokens.firstIndex(of: stop))
        #expect(stopped.tokens == Array(free.tokens[...end]))
        #expect(stopped.stoppedByToken)
    }

    @Test(arguments: [(Float(1), -1, Float(1)), (0.7, 5, 1), (1.3, -1, 0.6)])
    func sampledFrequenciesFollowTheDistribution(temperature: Float, topK: Int, topP: Float) throws {
        let logits: [Float] = [2, 1, 0, -1, 0.5, 1.5, -3, 0.1]
        var expected = logits.map { exp(Double($0 / temperature)) }
        let ranked = expected.indices.sorted { expected[$0] > expected[$1] }
        var kept = topK > 0 ? Array(ranked.prefix(topK)) : ranked
        let mass = kept.reduce(0) { $0 + expected[$1] }
        var sum = 0.0
        if let end = kept.firstIndex(where: {
            sum += expected[$0]; return sum >= mass * Double(topP)
        }) {
            kept = Array(kept[...end])
        }
        let total = kept.reduce(0) { $0 + expected[$1] }
        expected = expected.indices.map { kept.contains($0) ? expected[$0] / total : 0 }
        var counts = [Double](repeating: 0, count: logits.count)
        let draws = 20_000
        for seed in 0..<draws {
            let request = SamplingEngine.Request(
                prompt: [0], maxTokens: 1, temperature: temperature, topK: topK, topP: topP, seed: Int64(seed))
            counts[Int(TokenChoice().draw(logits, count: logits.count, request: request, index: 0).token)] += 1
        }
        for (count, probability) in zip(counts, expected) {
            #expect(abs(count / Double(draws) - probability) < 0.015)
        }
    }

    @Test func savedStateContinuesExactly() throws {
        let directory = NSTemporaryDirectory() + "medresearcher-state-\(UUID().uuidString)"
        try FileStore.createDirectory(directory)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let batch = Self.sequences(6)
        func step(_ trainer: DecoderTrainer) throws {
            _ = try trainer.forwardBackward(batch, loss: .crossEntropy)
            trainer.optimizerStep(
                learningRate: 1e-3, beta1: 0.9, beta2: 0.95, epsilon: 1e-12, weightDecay: 0, gradientClipNorm: 1)
        }
        let trainer = DecoderTrainer(weights: Self.weights, threads: 2)
        try step(trainer)
        try trainer.saveState(directory: directory)
        try step(trainer)
        let restored = DecoderTrainer(weights: Self.weights, threads: 1)
        try restored.loadState(directory: directory, optimizer: true)
        try step(restored)
        #expect(restored.snapshot().parameters.array == trainer.snapshot().parameters.array)
    }

    @Test func anUnsupportedArchitectureIsNamed() {
        let json = JSONValue.object(["model_type": .string("gemma")])
        let expected = EngineError.model(
            "x: \"model_type\" is \"gemma\"; the embedded backend runs \"qwen2\", \"qwen3\" and \"llama\"")
        #expect(throws: expected) {
            try DecoderConfiguration(json: json, file: "x")
        }
    }

    @Test func anEmptyPromptIsRefused() async throws {
        let engine = SamplingEngine(weights: Self.weights, threads: 1)
        defer { engine.shutdown() }
        await #expect(throws: EngineError.self) { try await engine.sample(.init(prompt: [], maxTokens: 1)) }
    }
}
