import Foundation
import Primitives
import Testing

@testable import EmbeddedBackend

/// Every field of a `config.json` that matters, and every one that is refused.
@Suite struct DecoderConfigurationTests {
    /// As Hugging Face has them, shortened to what transformers reads.
    static let llama: JSONObject = [
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 128256, "hidden_size": 2048,
        "intermediate_size": 8192, "num_hidden_layers": 16, "num_attention_heads": 32, "num_key_value_heads": 8,
        "max_position_embeddings": 131072, "rms_norm_eps": 1e-05, "rope_theta": 500000.0, "torch_dtype": "bfloat16",
        "tie_word_embeddings": true, "bos_token_id": 128000, "eos_token_id": [128001, 128008, 128009],
        "attention_bias": false, "attention_dropout": 0.0, "mlp_bias": false, "hidden_act": "silu",
        "pretraining_tp": 1, "use_cache": true, "transformers_version": "4.45.0.dev0", "initializer_range": 0.02,
        "rope_scaling": [
            "factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
            "original_max_position_embeddings": 8192, "rope_type": "llama3",
        ],
    ]
    static let qwen2: JSONObject = [
        "architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 151643,
        "eos_token_id": 151645, "hidden_act": "silu", "hidden_size": 896, "initializer_range": 0.02,
        "intermediate_size": 4864, "max_position_embeddings": 32768, "max_window_layers": 21, "model_type": "qwen2",
        "num_attention_heads": 14, "num_hidden_layers": 24, "num_key_value_heads": 2, "rms_norm_eps": 1e-06,
        "rope_theta": 1000000.0, "sliding_window": 32768, "tie_word_embeddings": true, "torch_dtype": "bfloat16",
        "use_cache": true, "use_sliding_window": false, "vocab_size": 151936,
    ]

    static func read(_ json: JSONObject) throws -> DecoderConfiguration {
        try DecoderConfiguration(json: .object(json), file: "config.json")
    }

    static func changed(_ json: JSONObject, _ changes: [String: JSONValue?]) -> JSONObject {
        var json = json
        for (key, value) in changes { json[key] = value }
        return json
    }

    @Test func llamaIsRead() throws {
        let shape = try Self.read(Self.llama)
        #expect(shape.architecture == .llama && shape.headSize == 64 && shape.keyValueHeadCount == 8)
        #expect(shape.ropeTheta == 500_000 && shape.rmsNormEpsilon == 1e-5 && shape.maximumPositions == 131_072)
        #expect(
            shape.rotaryScaling
                == .llama3(factor: 32, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalPositions: 8192))
        #expect(shape.endOfTextTokens == [128_001, 128_008, 128_009] && shape.beginOfTextToken == 128_000)
        #expect(shape.tiesEmbeddings && !shape.hasProjectionBias && !shape.hasOutputBias && !shape.normalizesHeads)
    }

    @Test func qwen2HasBiasesOfQueryKeyAndValueOnly() throws {
        let shape = try Self.read(Self.qwen2)
        #expect(shape.architecture == .qwen2 && shape.headSize == 64 && shape.headsPerGroup == 7)
        #expect(shape.hasProjectionBias && !shape.hasOutputBias && !shape.feedForwardBias && !shape.normalizesHeads)
    }

    @Test(arguments: [llama, qwen2]) func whatIsWrittenIsReadAsTheSame(_ json: JSONObject) throws {
        let shape = try Self.read(json)
        #expect(try DecoderConfiguration(json: shape.json, file: "written") == shape)
    }

    static let accepted: [([String: JSONValue?], @Sendable (DecoderConfiguration) -> Bool)] = [
        (["num_key_value_heads": .some(nil)], { $0.keyValueHeadCount == 32 }),
        (["num_key_value_heads": .some(.null)], { $0.keyValueHeadCount == 32 }),
        (["head_dim": 128], { $0.headSize == 128 }), (["head_dim": .some(.null)], { $0.headSize == 64 }),
        (["rope_theta": .some(nil)], { $0.ropeTheta == 10_000 }),
        (["rope_scaling": .some(.null)], { $0.rotaryScaling == .none }),
        (["rope_scaling": ["type": "linear", "factor": 2.0]], { $0.rotaryScaling == .linear(factor: 2) }),
        (
            ["rope_scaling": .some(nil), "rope_parameters": ["rope_type": "default", "rope_theta": 7.0]],
            { $0.ropeTheta == 7 && $0.rotaryScaling == .none }
        ),
        (
            ["rope_scaling": ["type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768]],
            {
                guard case .yarn(let yarn) = $0.rotaryScaling else { return false }
                return yarn.originalPositions == 32768 && yarn.fastTurns == 32 && yarn.slowTurns == 1
                    && yarn.isTruncated && abs(yarn.attentionFactor - 1.138629436) < 1e-9
            }
        ),
        (["tie_word_embeddings": .some(nil)], { !$0.tiesEmbeddings }),
        (["eos_token_id": 7], { $0.endOfTextTokens == [7] }),
        (["eos_token_id": .some(nil)], { $0.endOfTextTokens == [] }),
        (["attention_bias": true], { $0.hasProjectionBias && $0.hasOutputBias }),
        (["mlp_bias": true], \.feedForwardBias),
        (["some_new_switch": false], { _ in true }), (["some_new_field": .some(.null)], { _ in true }),
        (["_name_or_path": "x"], { _ in true }), (["sliding_window": .some(.null)], { _ in true }),
        (["layer_types": .array(Array(repeating: "full_attention", count: 16))], { _ in true }),
    ]

    @Test(arguments: accepted.indices) func fieldsAreUnderstood(index: Int) throws {
        #expect(Self.accepted[index].1(try Self.read(Self.changed(Self.llama, Self.accepted[index].0))))
    }

    static let refused: [(JSONObject, [String: JSONValue?], String)] = [
        (
            llama, ["rope_scaling": ["rope_type": "longrope", "factor": 4.0]],
            "\"rope_scaling.rope_type\" is \"longrope\""
        ),
        (llama, ["rope_scaling": ["type": "dynamic", "factor": 4.0]], "\"rope_scaling.type\" is \"dynamic\""),
        (llama, ["rope_scaling": ["rope_type": "linear"]], "\"rope_scaling.factor\" is missing"),
        (llama, ["rope_scaling": ["rope_type": "linear", "factor": 2, "x": 1]], "\"rope_scaling.x\" is 1"),
        (llama, ["rope_theta": -1.0], "\"rope_theta\" is -1"),
        (llama, ["hidden_act": "gelu"], "\"hidden_act\" is \"gelu\""),
        (llama, ["sliding_window": 4096], "\"sliding_window\" is 4096"),
        (qwen2, ["use_sliding_window": true], "\"sliding_window\" is 32768"),
        (qwen2, ["layer_types": ["sliding_attention"]], "\"layer_types\" is [\"sliding_attention\"]"),
        (qwen2, ["mlp_bias": true], "\"mlp_bias\" is true"),
        (qwen2, ["num_key_value_heads": .some(nil)], "num_key_value_heads"),
        (llama, ["quantization_config": ["bits": 4]], "\"quantization_config\""),
        (llama, ["attention_dropout": 0.1], "\"attention_dropout\" is 0.1"),
        (llama, ["partial_rotary_factor": 0.5], "\"partial_rotary_factor\" is 0.5"),
        (llama, ["final_logit_softcapping": 30.0], "\"final_logit_softcapping\" is 30"),
        (llama, ["num_local_experts": 8], "\"num_local_experts\" is 8"),
        (llama, ["model_type": "mixtral"], "\"mixtral\""),
        (llama, ["architectures": ["LlamaForSequenceClassification"]], "\"architectures\""),
        (llama, ["vocab_size": 0], "\"vocab_size\" is 0"),
        (llama, ["hidden_size": "2048"], "\"hidden_size\" is \"2048\""),
        (llama, ["num_hidden_layers": .some(nil)], "\"num_hidden_layers\" is missing"),
        (llama, ["num_attention_heads": 12], "num_attention_heads"),
        (llama, ["head_dim": 7], "expected an even number"),
        (llama, ["eos_token_id": 128_256], "\"eos_token_id\" is 128256"),
        (llama, ["tie_word_embeddings": 1], "\"tie_word_embeddings\" is 1"),
    ]

    @Test(arguments: refused.indices) func whatIsNotComputedIsRefused(index: Int) {
        let (json, changes, problem) = Self.refused[index]
        let error = #expect(throws: EngineError.self) { try Self.read(Self.changed(json, changes)) }
        #expect(error?.description.hasPrefix("config.json: ") == true)
        #expect(error?.description.contains(problem) == true, "\(String(describing: error))")
    }

    @Test func manyPositionsCostNothingUntilTheyAreUsed() {
        var shape = DecoderPropertyTests.shape
        shape.maximumPositions = 1 << 30
        let table = RotaryTable(shape)
        table.reserve(1000)
        #expect(table.cosine(0)[0] == 1 && table.sine(0)[0] == 0)
        #expect(
            abs(Double(table.cosine(999)[0]) - cos(999)) < 1e-6 && abs(Double(table.sine(999)[0]) - sin(999)) < 1e-6)
    }
}
