import Primitives

/// The shape of a decoder of the Qwen2, Qwen3 or Llama architecture.
///
/// Invariant: `headSize` is even, `headCount` a multiple of `keyValueHeadCount`, all sizes are positive.
public struct DecoderConfiguration: Sendable, Equatable {
    /// What sets the architectures apart; the raw value is the `model_type` of a `config.json`.
    public enum Architecture: String, Sendable, CaseIterable {
        /// Query, key and value always have biases.
        case qwen2
        /// Each query and key head is normalised.
        case qwen3
        case llama
    }

    public var architecture: Architecture
    public var vocabularySize: Int
    public var hiddenSize: Int
    public var intermediateSize: Int
    public var layerCount: Int
    public var headCount: Int
    public var keyValueHeadCount: Int
    /// The number of components of one attention head; even.
    public var headSize: Int
    public var ropeTheta: Double
    public var rotaryScaling: RotaryScaling
    public var rmsNormEpsilon: Double
    /// The longest sequence, in tokens.
    public var maximumPositions: Int
    /// Whether the output matrix is the embedding matrix.
    public var tiesEmbeddings: Bool
    /// Biases of query, key, value and output (`attention_bias`); Qwen2 has those of query, key and value in any case.
    public var attentionBias: Bool
    /// Biases of gate, up and down (`mlp_bias`).
    public var feedForwardBias: Bool
    /// The tokens that end a text; may be empty.
    public var endOfTextTokens: [Int]
    public var beginOfTextToken: Int?
    public var paddingToken: Int?
    /// The content of `generation_config.json`, kept for those who load what is saved.
    public var generation: JSONObject?

    public init(
        architecture: Architecture = .qwen3, vocabularySize: Int, hiddenSize: Int, intermediateSize: Int,
        layerCount: Int, headCount: Int, keyValueHeadCount: Int, headSize: Int, ropeTheta: Double,
        rotaryScaling: RotaryScaling = .none, rmsNormEpsilon: Double = 1e-6, maximumPositions: Int,
        tiesEmbeddings: Bool = true, attentionBias: Bool = false, feedForwardBias: Bool = false, endOfTextToken: Int?
    ) {
        self.architecture = architecture
        self.vocabularySize = vocabularySize
        self.hiddenSize = hiddenSize
        self.intermediateSize = intermediateSize
        self.layerCount = layerCount
        self.headCount = headCount
        self.keyValueHeadCount = keyValueHeadCount
        self.headSize = headSize
        self.ropeTheta = ropeTheta
        self.rotaryScaling = rotaryScaling
        self.rmsNormEpsilon = rmsNormEpsilon
        self.maximumPositions = maximumPositions
        self.tiesEmbeddings = tiesEmbeddings
        self.attentionBias = attentionBias
        self.feedForwardBias = feedForwardBias
        self.endOfTextTokens = endOfTextToken.map { [$0] } ?? []
    }

    /// Whether weights of one configuration fit the other and mean the same there.
    func computesTheSame(as other: DecoderConfiguration) -> Bool {
        var left = self
        left.endOfTextTokens = other.endOfTextTokens
        left.beginOfTextToken = other.beginOfTextToken
        left.paddingToken = other.paddingToken
        left.generation = other.generation
        return left == other
    }

    /// Whether query and key heads pass an RMS norm of their own.
    var normalizesHeads: Bool { architecture == .qwen3 }
    var hasProjectionBias: Bool { architecture == .qwen2 || attentionBias }
    var hasOutputBias: Bool { architecture != .qwen2 && attentionBias }

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
