import Foundation
import Primitives
import Storage
import Testing

@testable import EmbeddedBackend

/// What must hold of adapters whatever their values.
@Suite struct AdapterTests {
    static let shape = DecoderPropertyTests.shape
    static let base = DecoderPropertyTests.weights
    static let kinds: [AdapterConfiguration] = [
        .init(rank: 4), .init(rank: 1, alpha: 2, seed: 3, trainsFeedForward: false, trainsUnembedding: false),
        .init(rank: 7, alpha: 5, trainsAttention: false),
    ]

    /// A trainer of an adapter after a few steps.
    static func trained(_ kind: AdapterConfiguration, steps: Int = 2, threads: Int = 2) throws -> DecoderTrainer {
        let trainer = DecoderTrainer(weights: try base.adapted(by: kind), threads: threads)
        for step in 0..<steps { try Self.step(trainer, step) }
        return trainer
    }

    static func step(_ trainer: DecoderTrainer, _ number: Int) throws {
        _ = try trainer.forwardBackward(
            DecoderPropertyTests.sequences(5, seed: UInt64(10 + number)), loss: .crossEntropy)
        trainer.optimizerStep(
            learningRate: 1e-2, beta1: 0.9, beta2: 0.95, epsilon: 1e-12, weightDecay: 0, gradientClipNorm: 1)
    }

    static func inDirectory(_ body: (String) throws -> Void) throws {
        let directory = NSTemporaryDirectory() + "medresearcher-adapter-\(UUID().uuidString)"
        try FileStore.createDirectory(directory)
        defer { try? FileStore.remove(directory) }
        try body(directory)
    }

    @Test(arguments: kinds) func aNewAdapterChangesNothing(_ kind: AdapterConfiguration) throws {
        let batch = DecoderPropertyTests.sequences(3)
        let adapted = DecoderTrainer(weights: try Self.base.adapted(by: kind), threads: 1)
        #expect(try adapted.forward(batch) == DecoderTrainer(weights: Self.base, threads: 1).forward(batch))
    }

    @Test func aIsUniformAndBIsZero() throws {
        let adapter = try #require(try Self.base.adapted(by: .init(rank: 16, seed: 9)).adapter)
        for tensor in adapter.layout.tensors {
            let values = UnsafeBufferPointer(start: adapter.parameters.pointer + tensor.offset, count: tensor.count)
            guard tensor.name.hasSuffix(".lora_A.weight") else {
                #expect(values.allSatisfy { $0 == 0 })
                continue
            }
            // Uniform within ± 1 / √inputs, which is what kaiming_uniform_(a=√5) of PEFT comes to: variance 1 / (3 inputs).
            let bound = 1 / Float(tensor.shape[1]).squareRoot()
            #expect(values.allSatisfy { abs($0) <= bound })
            let variance = values.reduce(0) { $0 + $1 * $1 } / Float(tensor.count)
            #expect(abs(variance * 3 / (bound * bound) - 1) < 0.2)
        }
        #expect(Set(adapter.parameters.array).count > adapter.layout.count / 4)
    }

    @Test(arguments: kinds) func sampledLogprobsAreTheTrainersBits(_ kind: AdapterConfiguration) async throws {
        let trainer = try Self.trained(kind)
        let engine = SamplingEngine(weights: trainer.snapshot(), threads: 2)
        defer { engine.shutdown() }
        for (index, sequence) in DecoderPropertyTests.sequences(3, seed: 4).enumerated() {
            let prompt = sequence.inputTokens
            let found = try await engine.sample(.init(prompt: prompt, maxTokens: 20, seed: Int64(index)))
            let zeros = [Float](repeating: 0, count: prompt.count + found.tokens.count - 1)
            let whole = TrainingSequence(
                inputTokens: (prompt + found.tokens).dropLast(),
                targetTokens: Array((prompt + found.tokens).dropFirst()),
                weights: zeros, logprobs: zeros, advantages: zeros)
            #expect(try trainer.forward([whole])[0].suffix(found.tokens.count) == found.logprobs[...])
        }
    }

    @Test(arguments: kinds) func onlyTheAdapterIsTrained(_ kind: AdapterConfiguration) throws {
        let before = Self.base.parameters.array
        let trainer = try Self.trained(kind)
        #expect(trainer.snapshot().parameters === Self.base.parameters)
        #expect(Self.base.parameters.array == before)
        let expected =
            kind.modules.count { $0 == .unembedding } + Self.shape.layerCount
            * kind.modules.count {
                $0 != .unembedding
            }
        #expect(trainer.trained.count == 2 * expected)
        #expect(
            trainer.snapshot().adapter?.parameters.array != (try Self.base.adapted(by: kind).adapter?.parameters.array))
    }

    @Test func gradientsDoNotDependOnThreads() throws {
        let results = try [1, 2, 3].map { threads in
            try Self.trained(.init(rank: 3), threads: threads).snapshot().adapter?.parameters.array
        }
        #expect(results[0] == results[1] && results[1] == results[2])
    }

    /// Matrices that are not kept packed, threads inside each operation, one gradient.
    @Test(arguments: kinds) func largeModelsAreAdaptedAlike(_ kind: AdapterConfiguration) throws {
        let weights = try Self.trained(kind).snapshot()
        let batch = DecoderPropertyTests.sequences(4, seed: 6)
        let small = DecoderTrainer(weights: weights, threads: 1)
        let expected = try small.forwardBackward(batch, loss: .crossEntropy).logprobs
        let plan = TrainingPlan(Self.shape, smallParameters: 0)
        var gradients: [[[Float]]] = []
        for threads in [1, 3] {
            let large = DecoderTrainer(weights: weights, threads: threads, plan: plan)
            #expect(try large.forwardBackward(batch, loss: .crossEntropy).logprobs == expected)
            gradients.append(try large.trained.map { try #require(large.gradient($0.name)) })
        }
        #expect(gradients[0] == gradients[1])
        for (tensor, found) in zip(small.trained, gradients[0]) {
            #expect(GoldenModel.relativeError(found, try #require(small.gradient(tensor.name))) < 1e-5)
        }
    }

    @Test(arguments: kinds) func theMergedModelComputesTheSameBits(_ kind: AdapterConfiguration) throws {
        let trainer = try Self.trained(kind)
        let batch = DecoderPropertyTests.sequences(4, seed: 8)
        try Self.inDirectory { directory in
            try trainer.snapshot().saveMerged(directory: directory)
            let merged = try DecoderWeights.load(directory: directory)
            #expect(merged.configuration.tiesEmbeddings == !kind.trainsUnembedding)
            #expect(try DecoderTrainer(weights: merged, threads: 1).forward(batch) == trainer.forward(batch))
        }
    }

    @Test(arguments: kinds, [true, false])
    func aSavedStateContinuesExactly(_ kind: AdapterConfiguration, optimizer: Bool) throws {
        let trainer = try Self.trained(kind)
        try Self.inDirectory { directory in
            try trainer.saveState(directory: directory)
            let restored = DecoderTrainer(weights: try Self.base.adapted(by: kind), threads: 1)
            try restored.loadState(directory: directory, optimizer: optimizer)
            if !optimizer { try trainer.loadState(directory: directory, optimizer: false) }
            try Self.step(trainer, 5)
            try Self.step(restored, 5)
            #expect(restored.snapshot().adapter?.parameters.array == trainer.snapshot().adapter?.parameters.array)
            #expect(restored.stepCount == (optimizer ? 3 : 1))
        }
    }

    @Test func savingAgainGivesTheSameBytes() throws {
        let trainer = try Self.trained(.init(rank: 5, alpha: 7.5))
        try Self.inDirectory { directory in
            try trainer.saveState(directory: directory)
            let files = try FileStore.list(directory)
            let first = try files.map { try FileStore.read(directory + "/" + $0) }
            try trainer.loadState(directory: directory, optimizer: true)
            try trainer.saveState(directory: directory)
            #expect(files == ["adapter_config.json", "adapter_model.safetensors", "optimizer.safetensors"])
            #expect(try files.map { try FileStore.read(directory + "/" + $0) } == first)
        }
    }

    @Test func anotherAdaptersStateIsRefused() throws {
        try Self.inDirectory { directory in
            try Self.trained(.init(rank: 2), steps: 1).saveState(directory: directory)
            let other = DecoderTrainer(weights: try Self.base.adapted(by: .init(rank: 3)), threads: 1)
            let before = other.snapshot().adapter?.parameters.array
            #expect(throws: EngineError.self) { try other.loadState(directory: directory, optimizer: true) }
            #expect(throws: EngineError.self) {
                try DecoderTrainer(weights: Self.base, threads: 1).loadState(directory: directory, optimizer: true)
            }
            #expect(other.snapshot().adapter?.parameters.array == before)
        }
    }

    static let refused: [(AdapterConfiguration, String)] = [
        (.init(rank: 0), "rank is 0"), (.init(rank: 2, alpha: -1), "alpha is -1.0"),
        (.init(rank: 2, trainsAttention: false, trainsFeedForward: false, trainsUnembedding: false), "no targets"),
    ]

    @Test(arguments: refused.indices) func impossibleAdaptersAreRefused(index: Int) {
        let error = #expect(throws: EngineError.self) { try Self.base.adapted(by: Self.refused[index].0) }
        #expect(error?.description.contains(Self.refused[index].1) == true)
    }

    static let foreign: [(key: String, value: JSONValue, problem: String)] = [
        ("peft_type", "IA3", "\"peft_type\" is \"IA3\""), ("use_dora", true, "\"use_dora\" is true"),
        ("use_rslora", true, "\"use_rslora\""), ("target_modules", ["embed_tokens"], "embed_tokens"),
        ("target_modules", "all-linear", "expected a list"), ("r", 0, "\"r\" is 0"), ("bias", "all", "\"bias\""),
        ("rank_pattern", ["q_proj": 3], "rank_pattern"), ("r", 5, "has shape"),
    ]

    @Test(arguments: foreign.indices) func unsupportedAdapterFilesAreNamed(index: Int) throws {
        let change = Self.foreign[index]
        try Self.inDirectory { directory in
            try Self.trained(.init(rank: 2), steps: 0).snapshot().save(directory: directory)
            let file = directory + "/adapter_config.json"
            var json = try #require(try JSONValue.parse(FileStore.read(file)).objectValue)
            json[change.key] = change.value
            try FileStore.writeAtomically(JSONValue.object(json).serialized(), to: file)
            let error = #expect(throws: EngineError.self) { try Self.base.adapted(byAdapterIn: directory) }
            #expect(error?.description.contains(change.problem) == true, "\(String(describing: error))")
            #expect(error?.description.hasPrefix(directory) == true)
        }
    }
}
