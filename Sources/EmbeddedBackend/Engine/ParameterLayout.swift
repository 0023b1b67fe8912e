/// Where each tensor lies in the flat array of all parameters.
///
/// Invariant: query, key and value matrices of a layer are adjacent, as are gate and up, so that each group is one
/// matrix `[outputs × inputs]` for the matrix product.
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
        var queryNorm = 0
        var keyNorm = 0
        var output = 0
        var feedForwardNorm = 0
        var gateUp = 0
        var down = 0
    }

    private(set) var tensors: [Tensor] = []
    private(set) var layers: [Layer] = []
    private(set) var embedding = 0
    private(set) var finalNorm = 0
    private(set) var count = 0

    init(_ shape: DecoderConfiguration) {
        let hidden = shape.hiddenSize
        embedding = place("model.embed_tokens.weight", [shape.vocabularySize, hidden])
        for index in 0..<shape.layerCount {
            let prefix = "model.layers.\(index)."
            var layer = Layer()
            layer.inputNorm = place(prefix + "input_layernorm.weight", [hidden])
            layer.projection = place(prefix + "self_attn.q_proj.weight", [shape.querySize, hidden])
            _ = place(prefix + "self_attn.k_proj.weight", [shape.keyValueSize, hidden])
            _ = place(prefix + "self_attn.v_proj.weight", [shape.keyValueSize, hidden])
            layer.queryNorm = place(prefix + "self_attn.q_norm.weight", [shape.headSize])
            layer.keyNorm = place(prefix + "self_attn.k_norm.weight", [shape.headSize])
            layer.output = place(prefix + "self_attn.o_proj.weight", [hidden, shape.querySize])
            layer.feedForwardNorm = place(prefix + "post_attention_layernorm.weight", [hidden])
            layer.gateUp = place(prefix + "mlp.gate_proj.weight", [shape.intermediateSize, hidden])
            _ = place(prefix + "mlp.up_proj.weight", [shape.intermediateSize, hidden])
            layer.down = place(prefix + "mlp.down_proj.weight", [hidden, shape.intermediateSize])
            layers.append(layer)
        }
        finalNorm = place("model.norm.weight", [hidden])
    }

    private mutating func place(_ name: String, _ shape: [Int]) -> Int {
        let tensor = Tensor(name: name, shape: shape, offset: count)
        tensors.append(tensor)
        count += tensor.count
        return tensor.offset
    }
}
