import CKernels

/// A decoder's matrices arranged for the matrix product, an adapter's part included; made once for each version of the
/// weights.
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
        let layout = weights.layout
        let adapter = weights.adapter?.layout
        let sum = FloatBuffer(count: 0)
        /// Packs `W[outputs × inputs]` for `x · Wᵀ` (transposed) or `dy · W`.
        func pack(
            _ offset: Int, _ targets: [AdapterLayout.Target]?, outputs: Int, inputs: Int, transposed: Bool
        ) -> FloatBuffer {
            let matrix = weights.matrix(at: offset, count: outputs * inputs, targets: targets ?? [], scratch: sum)
            let (k, n) = transposed ? (inputs, outputs) : (outputs, inputs)
            let packed = FloatBuffer(count: mr_packed_count(k, n))
            mr_pack(matrix, transposed ? 1 : inputs, transposed ? inputs : 1, k, n, packed.pointer)
            return packed
        }
        func layer(_ index: Int, transposed: Bool) -> Layer {
            let at = layout.layers[index]
            let targets = adapter?.layers[index]
            let (hidden, inner) = (shape.hiddenSize, shape.intermediateSize)
            return Layer(
                projection: pack(
                    at.projection, targets?.projection, outputs: shape.projectionSize, inputs: hidden,
                    transposed: transposed),
                output: pack(
                    at.output, targets?.output, outputs: hidden, inputs: shape.querySize, transposed: transposed),
                gateUp: pack(at.gateUp, targets?.gateUp, outputs: 2 * inner, inputs: hidden, transposed: transposed),
                down: pack(at.down, targets?.down, outputs: hidden, inputs: inner, transposed: transposed))
        }
        func output(transposed: Bool) -> FloatBuffer {
            pack(
                layout.unembedding, adapter?.unembedding, outputs: shape.vocabularySize, inputs: shape.hiddenSize,
                transposed: transposed)
        }
        forward = layout.layers.indices.map { layer($0, transposed: true) }
        unembedding = output(transposed: true)
        backward = forTraining ? layout.layers.indices.map { layer($0, transposed: false) } : []
        embedding = forTraining ? output(transposed: false) : nil
    }
}
