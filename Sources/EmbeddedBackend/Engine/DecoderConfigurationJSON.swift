import Primitives

/// Reading and writing the `config.json` of a Hugging Face model directory.
///
/// Missing fields have the defaults of transformers. What would change the computation and is not computed here is
/// refused; so is a field that nobody here knows, unless it is null or false.
extension DecoderConfiguration {
    /// Reads a `config.json`. Throws ``EngineError/model(_:)`` naming the field, its value and what was expected.
    public init(json: JSONValue, file: String) throws(EngineError) {
        let fields = ConfigurationFields(json, file: file)
        guard json.objectValue != nil else { throw .model("\(file): expected an object, found \(json.kind)") }
        let type = try fields.string("model_type")
        guard let architecture = Architecture(rawValue: type ?? "") else {
            throw fields.refusal("model_type", "the embedded backend runs \"qwen2\", \"qwen3\" and \"llama\"")
        }
        try fields.refuseUnsupported(architecture)
        let (hidden, heads) = (try fields.size("hidden_size"), try fields.size("num_attention_heads"))
        let maximumPositions = try fields.size("max_position_embeddings")
        let layerCount = try fields.size("num_hidden_layers")
        let rotary = try fields.rotary(maximumPositions: maximumPositions)
        self.init(
            architecture: architecture, vocabularySize: try fields.size("vocab_size"), hiddenSize: hidden,
            intermediateSize: try fields.size("intermediate_size"), layerCount: layerCount, headCount: heads,
            keyValueHeadCount: try fields.keyValueHeads(heads, architecture),
            headSize: try fields.headSize(hidden: hidden, heads: heads, architecture), ropeTheta: rotary.theta,
            rotaryScaling: rotary.scaling, rmsNormEpsilon: try fields.positive("rms_norm_eps", default: 1e-6),
            maximumPositions: maximumPositions, tiesEmbeddings: try fields.flag("tie_word_embeddings"),
            attentionBias: architecture == .qwen2 ? false : try fields.flag("attention_bias"),
            feedForwardBias: try fields.flag("mlp_bias"), endOfTextToken: nil)
        guard headCount % keyValueHeadCount == 0 else {
            throw fields.refusal(
                "num_attention_heads", "expected a multiple of num_key_value_heads, \(keyValueHeadCount)")
        }
        guard headSize % 2 == 0 else { throw fields.refusal("head_dim", "expected an even number") }
        guard architecture == .llama || !feedForwardBias else {
            throw fields.refusal("mlp_bias", "this architecture has no such biases")
        }
        try fields.refuseSlidingWindow(architecture, layerCount: layerCount)
        endOfTextTokens = try fields.tokens("eos_token_id", vocabulary: vocabularySize)
        beginOfTextToken = try fields.tokens("bos_token_id", vocabulary: vocabularySize).first
        paddingToken = try fields.token("pad_token_id")
    }

    /// The `config.json` that Hugging Face transformers reads.
    public var json: JSONValue {
        var members: JSONObject = [
            "architectures": [.string(architecture.className)], "model_type": .string(architecture.rawValue),
            "attention_bias": .bool(attentionBias), "attention_dropout": .number(0), "dtype": "float32",
            "torch_dtype": "float32", "hidden_act": "silu", "vocab_size": .integer(vocabularySize),
            "hidden_size": .integer(hiddenSize), "intermediate_size": .integer(intermediateSize),
            "num_hidden_layers": .integer(layerCount), "num_attention_heads": .integer(headCount),
            "num_key_value_heads": .integer(keyValueHeadCount), "head_dim": .integer(headSize),
            "rope_theta": .number(ropeTheta), "rms_norm_eps": .number(rmsNormEpsilon),
            "max_position_embeddings": .integer(maximumPositions), "tie_word_embeddings": .bool(tiesEmbeddings),
            "use_cache": true, "use_sliding_window": false, "sliding_window": .null,
            "eos_token_id": endOfTextJSON, "bos_token_id": beginOfTextToken.map { .integer($0) } ?? .null,
        ]
        if let paddingToken { members["pad_token_id"] = .integer(paddingToken) }
        if feedForwardBias { members["mlp_bias"] = true }
        if let scaling = rotaryScaling.json { members["rope_scaling"] = scaling }
        return .object(members)
    }

    /// The `generation_config.json`: the one that was loaded, or one with the tokens that end a text.
    var generationJSON: JSONValue { .object(generation ?? ["eos_token_id": endOfTextJSON]) }

    private var endOfTextJSON: JSONValue {
        switch endOfTextTokens.count {
        case 0: .null
        case 1: .integer(endOfTextTokens[0])
        default: .array(endOfTextTokens.map { .integer($0) })
        }
    }
}

extension DecoderConfiguration.Architecture {
    /// The class of transformers that runs it.
    var className: String {
        switch self {
        case .qwen2: "Qwen2ForCausalLM"
        case .qwen3: "Qwen3ForCausalLM"
        case .llama: "LlamaForCausalLM"
        }
    }
}

extension RotaryScaling {
    /// The `rope_scaling` object, or `nil` for none.
    var json: JSONValue? {
        switch self {
        case .none: nil
        case .linear(let factor): ["rope_type": "linear", "factor": .number(factor)]
        case .llama3(let factor, let low, let high, let originalPositions):
            [
                "rope_type": "llama3", "factor": .number(factor), "low_freq_factor": .number(low),
                "high_freq_factor": .number(high), "original_max_position_embeddings": .integer(originalPositions),
            ]
        case .yarn(let yarn):
            [
                "rope_type": "yarn", "factor": .number(yarn.factor), "attention_factor": .number(yarn.attentionFactor),
                "beta_fast": .number(yarn.fastTurns), "beta_slow": .number(yarn.slowTurns),
                "original_max_position_embeddings": .integer(yarn.originalPositions),
                "truncate": .bool(yarn.isTruncated),
            ]
        }
    }
}
