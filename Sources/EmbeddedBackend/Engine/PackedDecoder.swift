/// A decoder's matrices as right operands of the matrix product, for one version of the weights.
final class PackedDecoder: Sendable {
    struct Layer: Sendable {
        var projection: RightMatrix
        var output: RightMatrix
        var gateUp: RightMatrix
        var down: RightMatrix
    }

    let weights: DecoderWeights
    /// `x · Wᵀ` of each layer.
    let forward: [Layer]
    let unembedding: RightMatrix
    /// `dy · W` of each layer; empty unless made for training.
    let backward: [Layer]
    let unembeddingBackward: RightMatrix?
    let rotary: RotaryTable

    /// - Parameter packs: whether to keep packed copies, one for sampling, two for training. Without them a product packs
    ///   blocks as it goes, which costs little where it has many rows.
    init(_ weights: DecoderWeights, forTraining: Bool, packs: Bool = true, rotary: RotaryTable) {
        self.weights = weights
        self.rotary = rotary
        let shape = weights.configuration
        let base = UnsafePointer(weights.parameters.pointer)
        func matrix(_ offset: Int, outputs: Int, inputs: Int, forward: Bool) -> RightMatrix {
            let plain =
                forward
                ? RightMatrix(transposed: base + offset, outputs: outputs, inputs: inputs)
                : RightMatrix(rows: base + offset, depth: outputs, columns: inputs)
            return packs ? plain.packedForm() : plain
        }
        func layer(_ at: ParameterLayout.Layer, forward: Bool) -> Layer {
            Layer(
                projection: matrix(
                    at.projection, outputs: shape.projectionSize, inputs: shape.hiddenSize, forward: forward),
                output: matrix(at.output, outputs: shape.hiddenSize, inputs: shape.querySize, forward: forward),
                gateUp: matrix(
                    at.gateUp, outputs: 2 * shape.intermediateSize, inputs: shape.hiddenSize, forward: forward),
                down: matrix(at.down, outputs: shape.hiddenSize, inputs: shape.intermediateSize, forward: forward))
        }
        func output(forward: Bool) -> RightMatrix {
            matrix(
                weights.layout.unembedding, outputs: shape.vocabularySize, inputs: shape.hiddenSize, forward: forward)
        }
        let layout = weights.layout
        forward = layout.layers.map { layer($0, forward: true) }
        unembedding = output(forward: true)
        backward = forTraining ? layout.layers.map { layer($0, forward: false) } : []
        unembeddingBackward = forTraining ? output(forward: false) : nil
    }
}
