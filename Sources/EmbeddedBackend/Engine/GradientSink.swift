import CKernels

/// Where the backward pass leaves the gradients of parameters: of all of them, or of an adapter's matrices alone.
///
/// With `y = x · (W + s·B·A)ᵀ`, an adapter's gradients are `dB = s · dyᵀ · (x · Aᵀ)` and `dA = s · (dy · B)ᵀ · x`.
///
/// Invariants
/// * With an adapter nothing is kept or computed for frozen parameters.
/// * An element sums over rows in ascending order, whoever of the team computes it.
struct GradientSink {
    private let weights: DecoderWeights
    private let gradients: FloatBuffer
    /// `rows × rank` intermediate results.
    private let low: FloatBuffer
    private let team: WorkTeam

    init(_ model: PackedDecoder, gradients: FloatBuffer, low: FloatBuffer, team: WorkTeam) {
        weights = model.weights
        self.gradients = gradients
        self.low = low
        self.team = team
    }

    /// The matrix products of a layer.
    enum Product {
        case projection, output, gateUp, down
    }

    /// Adds the gradients of a layer's matrix and of its bias.
    /// - Parameters:
    ///   - dy: The gradient of the product's result, `rows × outputs`.
    ///   - x: What was multiplied, `rows × inputs`.
    func add(
        _ product: Product, layer: Int, dy: FloatBuffer, outputs: Int, x: FloatBuffer, inputs: Int, rows: Int
    ) {
        let at = weights.layout.layers[layer]
        let targets = weights.adapter?.layout.layers[layer]
        let (matrix, bias, adapted) =
            switch product {
            case .projection: (at.projection, at.projectionBias, targets?.projection)
            case .output: (at.output, at.outputBias, targets?.output)
            case .gateUp: (at.gateUp, at.gateUpBias, targets?.gateUp)
            case .down: (at.down, at.downBias, targets?.down)
            }
        add(matrix, adapted, dy: dy, outputs: outputs, x: x, inputs: inputs, rows: rows)
        guard weights.adapter == nil, let bias else { return }
        for row in 0..<rows { mr_add(gradients.pointer + bias, dy.pointer + row * outputs, outputs) }
    }

    /// Adds the gradient of the output matrix.
    func addUnembedding(dy: FloatBuffer, outputs: Int, x: FloatBuffer, inputs: Int, rows: Int) {
        add(
            weights.layout.unembedding, weights.adapter?.layout.unembedding, dy: dy, outputs: outputs, x: x,
            inputs: inputs, rows: rows)
    }

    /// Where the gradient of the gain at an offset is added; `nil` where it is frozen.
    func gain(_ offset: Int) -> UnsafeMutablePointer<Float>? {
        weights.adapter == nil ? gradients.pointer + offset : nil
    }

    /// Adds the gradients of the rows of the embedding that `tokens` chose.
    func addEmbedding(_ tokens: [Int32], dy: FloatBuffer, hidden: Int) {
        guard weights.adapter == nil else { return }
        let table = gradients.pointer + weights.layout.embedding
        for (row, token) in tokens.enumerated() {
            mr_add(table + Int(token) * hidden, dy.pointer + row * hidden, hidden)
        }
    }

    private func add(
        _ matrix: Int, _ targets: [AdapterLayout.Target]?, dy: FloatBuffer, outputs: Int, x: FloatBuffer, inputs: Int,
        rows: Int
    ) {
        guard let adapter = weights.adapter else {
            return team.addOuterProduct(
                dy.pointer, outputs: outputs, x.pointer, inputs: inputs, rows: rows, to: gradients.pointer + matrix)
        }
        for target in targets ?? [] {
            add(target, of: adapter, dy: dy.pointer + target.firstRow, outputs: outputs, x: x.pointer, rows: rows)
        }
    }

    private func add(
        _ target: AdapterLayout.Target, of adapter: AdapterWeights, dy: UnsafePointer<Float>, outputs: Int,
        x: UnsafePointer<Float>, rows: Int
    ) {
        let (rank, inputs) = (adapter.layout.rank, target.inputs)
        low.reserve(rows * rank)
        // x · Aᵀ, then dB.
        team.multiply(
            rows: rows, MatrixRows(pointer: x, rowStride: inputs),
            RightMatrix(transposed: adapter.a(target), outputs: rank, inputs: inputs), into: low.pointer, stride: rank)
        scaleLow(by: adapter.scale, count: rows * rank)
        team.multiply(
            rows: target.outputs, MatrixRows(pointer: dy, rowStride: 1, columnStride: outputs),
            RightMatrix(rows: low.pointer, depth: rows, columns: rank), into: gradients.pointer + target.b,
            stride: rank, adding: true)
        // dy · B, then dA.
        team.multiply(
            rows: rows, MatrixRows(pointer: dy, rowStride: outputs),
            RightMatrix(rows: adapter.b(target), depth: target.outputs, columns: rank), into: low.pointer, stride: rank)
        scaleLow(by: adapter.scale, count: rows * rank)
        team.multiply(
            rows: rank, MatrixRows(pointer: low.pointer, rowStride: 1, columnStride: rank),
            RightMatrix(rows: x, depth: rows, columns: inputs), into: gradients.pointer + target.a, stride: inputs,
            adding: true)
    }

    private func scaleLow(by scale: Float, count: Int) {
        for i in 0..<count { low.pointer[i] *= scale }
    }
}
