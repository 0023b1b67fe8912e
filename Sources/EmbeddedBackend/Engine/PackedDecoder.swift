import CKernels

/// A decoder's matrices arranged for the matrix product; made once for each version of the weights.
final class PackedDecoder: Sendable {
    struct Layer: Sendable {
        var projection: FloatBuffer
        var output: FloatBuffer
        var gateUp: FloatBuffer
        var down: FloatBuffer
    }

    let weights: DecoderWeights
    /// `x · Wᵀ` of each layer.
    let forward: [Layer]
    let unembedding: FloatBuffer
    /// `dy · W` of each layer; empty unless made for training.
    let backward: [Layer]
    let embedding: FloatBuffer?
    let rotary: RotaryTable

    init(_ weights: DecoderWeights, forTraining: Bool, rotary: RotaryTable) {
        self.weights = weights
        self.rotary = rotary
        let shape = weights.configuration
        let base = weights.parameters.pointer
        /// Packs `W[outputs × inputs]` for `x · Wᵀ` (transposed) or `dy · W`.
        func pack(_ offset: Int, outputs: Int, inputs: Int, transposed: Bool) -> FloatBuffer {
            let (k, n) = transposed ? (inputs, outputs) : (outputs, inputs)
            let packed = FloatBuffer(count: mr_packed_count(k, n))
            mr_pack(base + offset, transposed ? 1 : inputs, transposed ? inputs : 1, k, n, packed.pointer)
            return packed
        }
        func layer(_ at: ParameterLayout.Layer, transposed: Bool) -> Layer {
            Layer(
                projection: pack(
                    at.projection, outputs: shape.projectionSize, inputs: shape.hiddenSize, transposed: transposed),
                output: pack(at.output, outputs: shape.hiddenSize, inputs: shape.querySize, transposed: transposed),
                gateUp: pack(
                    at.gateUp, outputs: 2 * shape.intermediateSize, inputs: shape.hiddenSize, transposed: transposed),
                down: pack(
                    at.down, outputs: shape.hiddenSize, inputs: shape.intermediateSize, transposed: transposed))
        }
        let layout = weights.layout
        forward = layout.layers.map { layer($0, transposed: true) }
        unembedding = pack(
            layout.unembedding, outputs: shape.vocabularySize, inputs: shape.hiddenSize, transposed: true)
        backward = forTraining ? layout.layers.map { layer($0, transposed: false) } : []
        embedding =
            forTraining
            ? pack(layout.unembedding, outputs: shape.vocabularySize, inputs: shape.hiddenSize, transposed: false) : nil
    }
}
