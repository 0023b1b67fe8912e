import Primitives

/// The shape of a Qwen3-architecture decoder, as in the `config.json` of a Hugging Face model directory.
public struct DecoderConfiguration: Sendable, Equatable {
    public var vocabularySize: Int
    public var hiddenSize: Int
    public var intermediateSize: Int
    public var layerCount: Int
    public var headCount: Int
    public var keyValueHeadCount: Int
    /// The number of components of one attention head; even.
    public var headSize: Int
    public var ropeTheta: Double
    public var rmsNormEpsilon: Double
    /// The longest sequence, in tokens.
    public var maximumPositions: Int
    public var endOfTextToken: Int

    public init(
        vocabularySize: Int, hiddenSize: Int, intermediateSize: Int, layerCount: Int, headCount: Int,
        keyValueHeadCount: Int, headSize: Int, ropeTheta: Double, rmsNormEpsilon: Double = 1e-6,
        maximumPositions: Int, endOfTextToken: Int
    ) {
        self.vocabularySize = vocabularySize
        self.hiddenSize = hiddenSize
        self.intermediateSize = intermediateSize
        self.layerCount = layerCount
        self.headCount = headCount
        self.keyValueHeadCount = keyValueHeadCount
        self.headSize = headSize
        self.ropeTheta = ropeTheta
        self.rmsNormEpsilon = rmsNormEpsilon
        self.maximumPositions = maximumPositions
        self.endOfTextToken = endOfTextToken
    }

    /// Reads a `config.json`. Throws ``EngineError/model(_:)`` naming the field that is missing or unsupported.
    public init(json: JSONValue, file: String) throws(EngineError) {
        func integer(_ key: String) throws(EngineError) -> Int {
            guard let value = json[key]?.integerValue, value > 0 else {
                throw .model("\(file): \"\(key)\" must be a positive integer, found \(json[key]?.text ?? "nothing")")
            }
            return value
        }
        guard json["model_type"]?.stringValue == "qwen3" else {
            let found = json["model_type"]?.text ?? "missing"
            throw .model("\(file): \"model_type\" is \(found); the embedded backend runs \"qwen3\"")
        }
        guard json["tie_word_embeddings"]?.boolValue == true else {
            throw .model(
                "\(file): \"tie_word_embeddings\" must be true; the embedded backend has no output matrix of its own")
        }
        let theta =
            json["rope_theta"]?.doubleValue ?? json["rope_parameters"]?["rope_theta"]?.doubleValue ?? 1_000_000
        self.init(
            vocabularySize: try integer("vocab_size"), hiddenSize: try integer("hidden_size"),
            intermediateSize: try integer("intermediate_size"), layerCount: try integer("num_hidden_layers"),
            headCount: try integer("num_attention_heads"), keyValueHeadCount: try integer("num_key_value_heads"),
            headSize: try integer("head_dim"), ropeTheta: theta,
            rmsNormEpsilon: json["rms_norm_eps"]?.doubleValue ?? 1e-6,
            maximumPositions: try integer("max_position_embeddings"),
            endOfTextToken: json["eos_token_id"]?.integerValue ?? 0)
        guard headSize % 2 == 0, headCount % keyValueHeadCount == 0 else {
            throw .model("\(file): head_dim must be even and num_attention_heads a multiple of num_key_value_heads")
        }
    }

    /// The `config.json` that Hugging Face transformers reads.
    public var json: JSONValue {
        .object([
            "architectures": .array([.string("Qwen3ForCausalLM")]), "model_type": .string("qwen3"),
            "attention_bias": .bool(false), "attention_dropout": .number(0), "dtype": .string("float32"),
            "torch_dtype": .string("float32"), "hidden_act": .string("silu"),
            "vocab_size": .integer(Int64(vocabularySize)), "hidden_size": .integer(Int64(hiddenSize)),
            "intermediate_size": .integer(Int64(intermediateSize)), "num_hidden_layers": .integer(Int64(layerCount)),
            "num_attention_heads": .integer(Int64(headCount)),
            "num_key_value_heads": .integer(Int64(keyValueHeadCount)), "head_dim": .integer(Int64(headSize)),
            "rope_theta": .number(ropeTheta), "rms_norm_eps": .number(rmsNormEpsilon),
            "max_position_embeddings": .integer(Int64(maximumPositions)), "tie_word_embeddings": .bool(true),
            "use_cache": .bool(true), "use_sliding_window": .bool(false), "sliding_window": .null,
            "eos_token_id": .integer(Int64(endOfTextToken)), "bos_token_id": .null,
        ])
    }

    /// Components of all query heads of a token.
    var querySize: Int { headCount * headSize }
    /// Components of all key heads (or all value heads) of a token.
    var keyValueSize: Int { keyValueHeadCount * headSize }
    /// Components of query, key and value together.
    var projectionSize: Int { querySize + 2 * keyValueSize }
    /// Query heads that share one key-value head.
    var headsPerGroup: Int { headCount / keyValueHeadCount }
    var attentionScale: Float { 1 / Float(headSize).squareRoot() }
}
