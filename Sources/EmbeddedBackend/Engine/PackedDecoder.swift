/// A decoder's matrices as right operands of the matrix product, an adapter's part included, for one version of the
/// weights.
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
    /// Matrices with an adapter's part that nothing packed stands for.
    private let sums: [FloatBuffer]

    /// - Parameter packs: whether to keep packed copies, one for sampling, two for training. Without them a product packs
    ///   blocks as it goes, which costs little where it has many rows.
    init(_ weights: DecoderWeights, forTraining: Bool, packs: Bool = true, rotary: RotaryTable) {
        self.weights = weights
        self.rotary = rotary
        let shape = weights.configuration
        let (hidden, inner) = (shape.hiddenSize, shape.intermediateSize)
        let adapter = weights.adapter?.layout
        var sums: [FloatBuffer] = []
        /// `W` for `x · Wᵀ` and for `dy · W`.
        func matrix(
            _ offset: Int, _ targets: [AdapterLayout.Target]?, outputs: Int, inputs: Int
        ) -> (forward: RightMatrix, backward: RightMatrix) {
            let sum = weights.adaptedMatrix(at: offset, count: outputs * inputs, targets: targets ?? [])
            if !packs, let sum { sums.append(sum) }
            let plain = UnsafePointer(sum?.pointer ?? weights.parameters.pointer + offset)
            let forward = RightMatrix(transposed: plain, outputs: outputs, inputs: inputs)
            let backward = RightMatrix(rows: plain, depth: outputs, columns: inputs)
            return withExtendedLifetime(sum) {
                (packs ? forward.packedForm() : forward, packs && forTraining ? backward.packedForm() : backward)
            }
        }
        let layers = weights.layout.layers.enumerated().map { index, at in
            let targets = adapter?.layers[index]
            let projection = matrix(at.projection, targets?.projection, outputs: shape.projectionSize, inputs: hidden)
            let output = matrix(at.output, targets?.output, outputs: hidden, inputs: shape.querySize)
            let gateUp = matrix(at.gateUp, targets?.gateUp, outputs: 2 * inner, inputs: hidden)
            let down = matrix(at.down, targets?.down, outputs: hidden, inputs: inner)
            return (
                forward: Layer(
                    projection: projection.forward, output: output.forward, gateUp: gateUp.forward, down: down.forward),
                backward: Layer(
                    projection: projection.backward, output: output.backward, gateUp: gateUp.backward,
                    down: down.backward)
            )
        }
        let output = matrix(
            weights.layout.unembedding, adapter?.unembedding, outputs: shape.vocabularySize, inputs: hidden)
        forward = layers.map(\.forward)
        backward = forTraining ? layers.map(\.backward) : []
        unembedding = output.forward
        unembeddingBackward = forTraining ? output.backward : nil
        self.sums = sums
    }

    /// Rows whose intermediate results, with the matrices of a layer, fit in the nearest caches of a core.
    private static let rowsPerTile = 192

    /// Calls `body` for ranges of rows, in order, that a chain of row-wise operations had best complete one by one. Where
    /// nothing is packed that is one range, since each product would pack the matrices anew.
    func forTiles(of rows: Int, _ body: (Range<Int>) -> Void) {
        let size = unembedding.packed == nil ? rows : Self.rowsPerTile
        for first in stride(from: 0, to: rows, by: max(1, size)) { body(first..<min(rows, first + size)) }
    }
}
