import CKernels

/// Where the backward pass leaves the gradients of parameters: of all of them, or of an adapter's matrices alone.
///
/// Invariant: with an adapter nothing is kept for frozen parameters.
struct GradientSink {
    private let model: PackedDecoder
    private let gradients: FloatBuffer
    private let scratch: BackwardScratch
    private var adapter: AdapterWeights? { model.weights.adapter }

    init(_ model: PackedDecoder, gradients: FloatBuffer, scratch: BackwardScratch) {
        self.model = model
        self.gradients = gradients
        self.scratch = scratch
    }

    /// The matrix products of a layer.
    enum Product {
        case projection, output, gateUp, down
    }

    /// Adds `dyᵀ · x` to the gradient of a layer's matrix, and the sum of the rows of `dy` to that of its bias.
    func add(
        _ product: Product, layer: Int, dy: FloatBuffer, outputs: Int, x: FloatBuffer, inputs: Int, rows: Int
    ) {
        let at = model.weights.layout.layers[layer]
        let targets = adapter?.layout.layers[layer]
        let (matrix, bias, adapted) =
            switch product {
            case .projection: (at.projection, at.projectionBias, targets?.projection)
            case .output: (at.output, at.outputBias, targets?.output)
            case .gateUp: (at.gateUp, at.gateUpBias, targets?.gateUp)
            case .down: (at.down, at.downBias, targets?.down)
            }
        add(matrix, adapted, dy: dy, outputs: outputs, x: x, inputs: inputs, rows: rows)
        guard adapter == nil, let bias else { return }
        for row in 0..<rows { mr_add(gradients.pointer + bias, dy.pointer + row * outputs, outputs) }
    }

    /// The same for the output matrix.
    func addUnembedding(dy: FloatBuffer, outputs: Int, x: FloatBuffer, inputs: Int, rows: Int) {
        add(
            model.weights.layout.unembedding, adapter?.layout.unembedding, dy: dy, outputs: outputs, x: x,
            inputs: inputs, rows: rows)
    }

    private func add(
        _ matrix: Int, _ targets: [AdapterLayout.Target]?, dy: FloatBuffer, outputs: Int, x: FloatBuffer, inputs: Int,
        rows: Int
    ) {
        if let adapter {
            scratch.adapter.add(
                targets ?? [], of: adapter, dy: dy.pointer, outputs: outputs, x: x.pointer, inputs: inputs, rows: rows,
                to: gradients.pointer)
        } else {
            scratch.addOuterProduct(
                dy.pointer, outputs: outputs, x.pointer, inputs: inputs, rows: rows, to: gradients.pointer + matrix)
        }
    }

    /// Where a kernel adds the gradient of the gain at an offset, of `count` numbers.
    func gain(_ offset: Int, count: Int) -> UnsafeMutablePointer<Float> {
        guard adapter != nil else { return gradients.pointer + offset }
        scratch.discarded.reserve(count)
        return scratch.discarded.pointer
    }

    /// Adds the gradients of the rows of the embedding that `tokens` chose.
    func addEmbedding(_ tokens: [Int32], dy: FloatBuffer, hidden: Int) {
        guard adapter == nil else { return }
        let table = gradients.pointer + model.weights.layout.embedding
        for (row, token) in tokens.enumerated() {
            mr_add(table + Int(token) * hidden, dy.pointer + row * hidden, hidden)
        }
    }
}
