import Foundation
import Primitives
import Storage
import Testing

@testable import EmbeddedBackend

/// Model directories: what is read, what is written, and what is refused with which words.
@Suite struct ModelFilesTests {
    /// A small shape of each architecture, with whatever it can have.
    static func shape(_ architecture: DecoderConfiguration.Architecture, tied: Bool) -> DecoderConfiguration {
        DecoderConfiguration(
            architecture: architecture, vocabularySize: 11, hiddenSize: 8, intermediateSize: 12, layerCount: 2,
            headCount: 2, keyValueHeadCount: 1, headSize: 6, ropeTheta: 10_000,
            rotaryScaling: architecture == .llama
                ? .llama3(factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalPositions: 16) : .none,
            rmsNormEpsilon: 1e-5, maximumPositions: 32, tiesEmbeddings: tied, attentionBias: architecture == .llama,
            feedForwardBias: architecture == .llama, endOfTextToken: 3)
    }

    static let kinds = DecoderConfiguration.Architecture.allCases.flatMap { kind in [true, false].map { (kind, $0) } }

    @Test(arguments: kinds.indices) func savingWhatWasLoadedGivesTheSameBytes(index: Int) throws {
        let weights = DecoderWeights.random(Self.shape(Self.kinds[index].0, tied: Self.kinds[index].1), seed: 2)
        try AdapterTests.inDirectory { directory in
            try weights.save(directory: directory)
            let loaded = try DecoderWeights.load(directory: directory)
            var expected = weights.configuration
            expected.generation = ["eos_token_id": 3]
            #expect(loaded.configuration == expected)
            #expect(loaded.parameters.array == weights.parameters.array)
            let files = try FileStore.list(directory)
            #expect(files == ["config.json", "generation_config.json", "model.safetensors"])
            let first = try files.map { try FileStore.read(directory + "/" + $0) }
            try loaded.save(directory: directory)
            #expect(try files.map { try FileStore.read(directory + "/" + $0) } == first)
        }
    }

    /// Writes weights in shards of a 16-bit type; `change` may spoil what is written.
    private static func withShards(
        _ type: ([Float]) -> SafeTensors.Elements = SafeTensors.Elements.float32,
        change: (inout [String: [SafeTensors.Tensor]], inout JSONObject) -> Void = { _, _ in },
        _ body: (DecoderWeights, String) throws -> Void
    ) throws {
        let weights = DecoderWeights.random(shape(.qwen2, tied: false), seed: 4)
        var shards: [String: [SafeTensors.Tensor]] = [:]
        var map: JSONObject = [:]
        for (index, tensor) in weights.layout.tensors.enumerated() {
            let start = weights.parameters.pointer + tensor.offset
            let values = Array(UnsafeBufferPointer(start: start, count: tensor.count))
            let shard = "model-0000\(index % 3 + 1)-of-00003.safetensors"
            shards[shard, default: []].append(.init(name: tensor.name, shape: tensor.shape, elements: type(values)))
            map[tensor.name] = .string(shard)
        }
        change(&shards, &map)
        try AdapterTests.inDirectory { directory in
            for (name, tensors) in shards { try SafeTensors(tensors: tensors).write(to: directory + "/" + name) }
            let index: JSONValue = ["metadata": ["total_size": 1], "weight_map": .object(map)]
            try FileStore.writeAtomically(index.serialized(), to: directory + "/model.safetensors.index.json")
            try FileStore.writeAtomically(weights.configuration.json.serialized(), to: directory + "/config.json")
            try body(weights, directory)
        }
    }

    @Test func shardsAreRead() throws {
        try Self.withShards { weights, directory in
            let loaded = try DecoderWeights.load(directory: directory)
            #expect(loaded.parameters.array == weights.parameters.array)
        }
    }

    @Test func bfloat16IsWidenedExactly() throws {
        // Widening is exact when narrowing what was widened gives back every bit.
        try Self.withShards(SafeTensors.Elements.bfloat16AsFloat) { weights, directory in
            let loaded = try DecoderWeights.load(directory: directory).parameters.array
            #expect(loaded.allSatisfy { $0.bitPattern & 0xFFFF == 0 })
            for (found, original) in zip(loaded, weights.parameters.array) {
                #expect(abs(found - original) <= abs(original) / 256)
            }
        }
    }

    @Test func float16IsWidenedExactly() throws {
        try Self.withShards(SafeTensors.Elements.float16AsFloat) { weights, directory in
            let loaded = try DecoderWeights.load(directory: directory).parameters.array
            for (found, original) in zip(loaded, weights.parameters.array) {
                #expect(abs(found - original) <= max(abs(original) / 2048, 0x1p-24))
                #expect(abs(found) < 0x1p-14 || found.bitPattern & 0x1FFF == 0)
            }
        }
    }

    typealias Change = (inout [String: [SafeTensors.Tensor]], inout JSONObject) -> Void
    private static let first = "model-00001-of-00003.safetensors"
    static let spoiled:
        [(problem: String, change: @Sendable (inout [String: [SafeTensors.Tensor]], inout JSONObject) -> Void)] = [
            ("the shard \"\(first)\"", { shards, _ in shards[first] = nil }),
            (
                "\(first): tensor \"model.embed_tokens.weight\" is missing",
                { shards, _ in shards[first]?.removeFirst() }
            ),
            (
                "index.json: tensor \"lm_head.weight\" is missing",
                { shards, map in
                    map["lm_head.weight"] = nil
                    for name in shards.keys { shards[name]?.removeAll { $0.name == "lm_head.weight" } }
                }
            ),
            (
                "\(first): tensor \"x\" is not in",
                { shards, _ in shards[first]?.append(.init(name: "x", shape: [1], elements: .float32([0]))) }
            ),
            (
                "\(first): tensor \"x\" belongs to no parameter",
                { shards, map in
                    shards[first]?.append(.init(name: "x", shape: [1], elements: .float32([0])))
                    map["x"] = .string(first)
                }
            ),
            (
                "\(first): tensor \"model.embed_tokens.weight\" has shape [8, 11], expected [11, 8]",
                { shards, _ in shards[first]?[0].shape = [8, 11] }
            ),
            (
                "\(first): tensor \"model.embed_tokens.weight\" has the element type I64, expected F32, BF16 or F16",
                { shards, _ in shards[first]?[0].elements = .int64([Int64](repeating: 0, count: 88)) }
            ),
            ("\"weight_map.lm_head.weight\" is \"../x\"; expected a file name", { $1["lm_head.weight"] = "../x" }),
        ]

    @Test(arguments: spoiled.indices) func whatIsWrongWithShardsIsNamed(index: Int) throws {
        try Self.withShards(change: Self.spoiled[index].change) { _, directory in
            let error = #expect(throws: EngineError.self) { try DecoderWeights.load(directory: directory) }
            #expect(error?.description.contains(Self.spoiled[index].problem) == true, "\(String(describing: error))")
        }
    }

    @Test func anEmptyDirectoryIsNamed() throws {
        try AdapterTests.inDirectory { directory in
            let error = #expect(throws: EngineError.self) { try DecoderWeights.load(directory: directory) }
            #expect(error?.description.contains(directory + "/config.json") == true)
            let json = Self.shape(.qwen3, tied: true).json
            try FileStore.writeAtomically(json.serialized(), to: directory + "/config.json")
            #expect(
                throws: EngineError.model(
                    "\(directory): neither model.safetensors nor model.safetensors.index.json is there")
            ) {
                try DecoderWeights.load(directory: directory)
            }
        }
    }

    @Test(arguments: [true, false]) func aTiedModelMayHoldItsOutputMatrixOnceMore(isEqual: Bool) throws {
        let weights = DecoderWeights.random(Self.shape(.qwen3, tied: true), seed: 1)
        try AdapterTests.inDirectory { directory in
            try weights.save(directory: directory)
            let file = directory + "/model.safetensors"
            let stored = try SafeTensors.read(file)
            var copy = try #require(stored["model.embed_tokens.weight"]?.floats)
            if !isEqual { copy[7] += 1 }
            let extra = SafeTensors.Tensor(name: "lm_head.weight", shape: [11, 8], elements: .float32(copy))
            try SafeTensors(tensors: stored.tensors + [extra]).write(to: file)
            if isEqual {
                #expect(try DecoderWeights.load(directory: directory).parameters.array == weights.parameters.array)
            } else {
                let error = #expect(throws: EngineError.self) { try DecoderWeights.load(directory: directory) }
                #expect(error?.description.contains("differs from the embedding") == true)
            }
        }
    }

    @Test func theOldWeightsSurviveAFailedLoad() throws {
        let trainer = DecoderTrainer(
            weights: DecoderWeights.random(Self.shape(.llama, tied: true), seed: 1), threads: 1)
        let before = trainer.snapshot().parameters.array
        try AdapterTests.inDirectory { directory in
            try DecoderWeights.random(Self.shape(.llama, tied: true), seed: 2).save(directory: directory)
            #expect(throws: EngineError.self) { try trainer.loadState(directory: directory, optimizer: true) }
        }
        #expect(trainer.snapshot().parameters.array == before)
    }
}
