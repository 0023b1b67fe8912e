/// Where each tensor lies in the flat array of all parameters.
///
/// Invariants
/// * Query, key and value matrices of a layer are adjacent, as are gate and up, so that each group is one matrix
///   `[outputs × inputs]` for the matrix product; so are their biases.
/// * What an architecture lacks has no place: its offset is `nil`.
struct ParameterLayout: Sendable, Equatable {
    struct Tensor: Sendable, Equatable {
        /// The Hugging Face name.
        var name: String
        var shape: [Int]
        var offset: Int
        var count: Int { shape.reduce(1, *) }
    }

    struct Layer: Sendable, Equatable {
        var inputNorm = 0
        var projection = 0
        var projectionBias: Int?
        var queryNorm: Int?
        var keyNorm: Int?
        var output = 0
        var outputBias: Int?
        var feedForwardNorm = 0
        var gateUp = 0
        var gateUpBias: Int?
        var down = 0
        var downBias: Int?
    }

    /// The Hugging Face name of an output matrix that is not the embedding.
    static let outputMatrix = "lm_head.weight"

    private(set) var tensors: [Tensor] = []
    private(set) var layers: [Layer] = []
    private(set) var embedding = 0
    private(set) var finalNorm = 0
    /// The output matrix; the embedding where they are tied.
    private(set) var unembedding = 0
    private(set) var count = 0

    init(_ shape: DecoderConfiguration) {
        let hidden = shape.hiddenSize
        embedding = place("model.embed_tokens.weight", [shape.vocabularySize, hidden])
        layers = (0..<shape.layerCount).map { place(layer: "model.layers.\($0).", shape) }
        finalNorm = place("model.norm.weight", [hidden])
        unembedding = shape.tiesEmbeddings ? embedding : place(Self.outputMatrix, [shape.vocabularySize, hidden])
    }

    private mutating func place(layer prefix: String, _ shape: DecoderConfiguration) -> Layer {
        let (hidden, inner) = (shape.hiddenSize, shape.intermediateSize)
        let attention = prefix + "self_attn."
        let feedForward = prefix + "mlp."
        var layer = Layer()
        layer.inputNorm = place(prefix + "input_layernorm.weight", [hidden])
        layer.projection = place(attention + "q_proj.weight", [shape.querySize, hidden])
        _ = place(attention + "k_proj.weight", [shape.keyValueSize, hidden])
        _ = place(attention + "v_proj.weight", [shape.keyValueSize, hidden])
        if shape.hasProjectionBias {
            layer.projectionBias = place(attention + "q_proj.bias", [shape.querySize])
            _ = place(attention + "k_proj.bias", [shape.keyValueSize])
            _ = place(attention + "v_proj.bias", [shape.keyValueSize])
        }
        if shape.normalizesHeads {
            layer.queryNorm = place(attention + "q_norm.weight", [shape.headSize])
            layer.keyNorm = place(attention + "k_norm.weight", [shape.headSize])
        }
        layer.output = place(attention + "o_proj.weight", [hidden, shape.querySize])
        if shape.hasOutputBias { layer.outputBias = place(attention + "o_proj.bias", [hidden]) }
        layer.feedForwardNorm = place(prefix + "post_attention_layernorm.weight", [hidden])
        layer.gateUp = place(feedForward + "gate_proj.weight", [inner, hidden])
        _ = place(feedForward + "up_proj.weight", [inner, hidden])
        if shape.feedForwardBias {
            layer.gateUpBias = place(feedForward + "gate_proj.bias", [inner])
            _ = place(feedForward + "up_proj.bias", [inner])
        }
        layer.down = place(feedForward + "down_proj.weight", [hidden, inner])
        if shape.feedForwardBias { layer.downBias = place(feedForward + "down_proj.bias", [hidden]) }
        return layer
    }

    private mutating func place(_ name: String, _ shape: [Int]) -> Int {
        let tensor = Tensor(name: name, shape: shape, offset: count)
        tensors.append(tensor)
        count += tensor.count
        return tensor.offset
    }
}
