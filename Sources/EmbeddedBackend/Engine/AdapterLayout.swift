/// Which matrices an adapter changes, and where its `A` and `B` lie in the flat array of its parameters.
struct AdapterLayout: Sendable, Equatable {
    /// The matrices that can have an adapter, by the last part of their Hugging Face name.
    enum Module: String, Sendable, CaseIterable {
        case query = "q_proj"
        case key = "k_proj"
        case value = "v_proj"
        case output = "o_proj"
        case gate = "gate_proj"
        case up = "up_proj"
        case down = "down_proj"
        case unembedding = "lm_head"

        static let attention: Set<Module> = [.query, .key, .value, .output]
        static let feedForward: Set<Module> = [.gate, .up, .down]
    }

    /// One adapted matrix `W[outputs × inputs]`.
    struct Target: Sendable, Equatable {
        var inputs: Int
        var outputs: Int
        /// The first row of `W` within the matrix product that it is computed in (query, key and value together, say).
        var firstRow: Int
        /// Offset of `A[rank × inputs]`.
        var a: Int
        /// Offset of `B[outputs × rank]`.
        var b: Int
    }

    /// The targets of each matrix product of a layer.
    struct Layer: Sendable, Equatable {
        var projection: [Target] = []
        var output: [Target] = []
        var gateUp: [Target] = []
        var down: [Target] = []
    }

    let rank: Int
    let modules: Set<Module>
    private(set) var layers: [Layer] = []
    private(set) var unembedding: [Target] = []
    /// Named as PEFT names them.
    private(set) var tensors: [ParameterLayout.Tensor] = []
    private(set) var count = 0

    init(_ shape: DecoderConfiguration, rank: Int, modules: Set<Module>) {
        self.rank = rank
        self.modules = modules
        let (hidden, inner, keys) = (shape.hiddenSize, shape.intermediateSize, shape.keyValueSize)
        for index in 0..<shape.layerCount {
            let (attention, feedForward) = ("model.layers.\(index).self_attn.", "model.layers.\(index).mlp.")
            var layer = Layer()
            layer.projection += place(.query, in: attention, hidden, shape.querySize, firstRow: 0)
            layer.projection += place(.key, in: attention, hidden, keys, firstRow: shape.querySize)
            layer.projection += place(.value, in: attention, hidden, keys, firstRow: shape.querySize + keys)
            layer.output = place(.output, in: attention, shape.querySize, hidden, firstRow: 0)
            layer.gateUp += place(.gate, in: feedForward, hidden, inner, firstRow: 0)
            layer.gateUp += place(.up, in: feedForward, hidden, inner, firstRow: inner)
            layer.down = place(.down, in: feedForward, inner, hidden, firstRow: 0)
            layers.append(layer)
        }
        unembedding = place(.unembedding, in: "", hidden, shape.vocabularySize, firstRow: 0)
    }

    private mutating func place(
        _ module: Module, in parent: String, _ inputs: Int, _ outputs: Int, firstRow: Int
    ) -> [Target] {
        guard modules.contains(module) else { return [] }
        let name = "base_model.model." + parent + module.rawValue
        let target = Target(
            inputs: inputs, outputs: outputs, firstRow: firstRow, a: count, b: count + rank * inputs)
        tensors.append(.init(name: name + ".lora_A.weight", shape: [rank, inputs], offset: target.a))
        tensors.append(.init(name: name + ".lora_B.weight", shape: [outputs, rank], offset: target.b))
        count += rank * (inputs + outputs)
        return [target]
    }
}
