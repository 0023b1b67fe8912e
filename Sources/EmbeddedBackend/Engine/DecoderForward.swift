import CKernels

/// The forward computation that training and sampling share, so that their results are the same bits.
struct DecoderForward {
    let model: PackedDecoder
    /// Without a team, the calling thread does the work and the matrices must be packed.
    let team: WorkTeam?
    private var shape: DecoderConfiguration { model.weights.configuration }
    private var parameters: UnsafeMutablePointer<Float> { model.weights.parameters.pointer }

    init(_ model: PackedDecoder, team: WorkTeam? = nil) {
        self.model = model
        self.team = team
    }

    /// Rows in shares of the team.
    private func forRows(_ rows: Int, _ body: (Range<Int>) -> Void) {
        guard let team else { return body(0..<rows) }
        team.ranges(rows) { body($1) }
    }

    private func multiply(
        _ input: UnsafePointer<Float>, _ matrix: RightMatrix, rows: Int, into output: UnsafeMutablePointer<Float>,
        adding: Bool
    ) {
        if team == nil, let packed = matrix.packed {
            mr_matmul(
                rows, matrix.columns, matrix.depth, input, matrix.depth, 1, packed.pointer, output, matrix.columns,
                adding ? 1 : 0)
        } else {
            (team ?? WorkTeam(threads: 1)).multiply(
                rows: rows, MatrixRows(pointer: input, rowStride: matrix.depth), matrix, into: output,
                stride: matrix.columns, adding: adding)
        }
    }

    private func normalize(
        _ input: UnsafePointer<Float>, weight: Int, rows: Int, into output: FloatBuffer, inverseRMS: FloatBuffer?
    ) {
        let hidden = shape.hiddenSize
        forRows(rows) { range in
            let first = range.lowerBound
            mr_rms_norm(
                input + first * hidden, hidden, parameters + weight, Float(shape.rmsNormEpsilon), range.count, hidden,
                output.pointer + first * hidden, hidden, inverseRMS.map { $0.pointer + first })
        }
    }

    /// Writes the embedding of each token to a row of `output`.
    func embed(_ tokens: [Int32], into output: FloatBuffer) {
        let hidden = shape.hiddenSize
        let table = parameters + model.weights.layout.embedding
        for (row, token) in tokens.enumerated() {
            (output.pointer + row * hidden).update(from: table + Int(token) * hidden, count: hidden)
        }
    }

    /// One layer from `activations.input` to `output`.
    ///
    /// `attention` is called when `activations.projection` is ready and has to fill `activations.attended`.
    func layer(
        _ index: Int, positions: [Int], activations: LayerActivations, output: FloatBuffer, attention: () -> Void
    ) {
        let rows = positions.count
        let hidden = shape.hiddenSize
        let at = model.weights.layout.layers[index]
        let matrices = model.forward[index]
        if index == 0 { model.rotary.reserve((positions.max() ?? -1) + 1) }

        normalizeInput(at, rows: rows, activations: activations)
        multiply(
            activations.normalizedInput, matrices.projection, bias: at.projectionBias, rows: rows,
            into: activations.rawProjection)
        normalizeAndRotate(at, positions: positions, activations: activations)
        attention()

        activations.middle.pointer.update(from: activations.input.pointer, count: rows * hidden)
        addBias(at.outputBias, to: activations.middle, rows: rows, count: hidden)
        multiply(
            activations.attended.pointer, matrices.output, rows: rows, into: activations.middle.pointer, adding: true)
        normalizeMiddle(at, rows: rows, activations: activations)
        multiply(
            activations.normalizedMiddle, matrices.gateUp, bias: at.gateUpBias, rows: rows, into: activations.gateUp)
        activate(rows: rows, activations: activations)
        output.pointer.update(from: activations.middle.pointer, count: rows * hidden)
        addBias(at.downBias, to: output, rows: rows, count: hidden)
        multiply(activations.activated.pointer, matrices.down, rows: rows, into: output.pointer, adding: true)
    }

    /// Computes again what ``LayerActivations`` that share their derived buffers do not keep.
    func restoreDerived(_ index: Int, positions: [Int], activations: LayerActivations) {
        let at = model.weights.layout.layers[index]
        normalizeInput(at, rows: positions.count, activations: activations)
        normalizeAndRotate(at, positions: positions, activations: activations)
        normalizeMiddle(at, rows: positions.count, activations: activations)
        activate(rows: positions.count, activations: activations)
    }

    private func normalizeInput(_ at: ParameterLayout.Layer, rows: Int, activations: LayerActivations) {
        normalize(
            activations.input.pointer, weight: at.inputNorm, rows: rows, into: activations.normalizedInput,
            inverseRMS: activations.inputInverseRMS)
    }

    private func normalizeMiddle(_ at: ParameterLayout.Layer, rows: Int, activations: LayerActivations) {
        normalize(
            activations.middle.pointer, weight: at.feedForwardNorm, rows: rows, into: activations.normalizedMiddle,
            inverseRMS: activations.middleInverseRMS)
    }

    private func activate(rows: Int, activations: LayerActivations) {
        let inner = shape.intermediateSize
        forRows(rows) { range in
            for row in range {
                let gate = activations.gateUp.pointer + row * 2 * inner
                mr_swiglu(gate, gate + inner, inner, activations.activated.pointer + row * inner)
            }
        }
    }

    /// `output = input · Wᵀ + bias`.
    private func multiply(
        _ input: FloatBuffer, _ matrix: RightMatrix, bias: Int?, rows: Int, into output: FloatBuffer
    ) {
        if let bias {
            for row in 0..<rows {
                (output.pointer + row * matrix.columns).update(from: parameters + bias, count: matrix.columns)
            }
        }
        multiply(input.pointer, matrix, rows: rows, into: output.pointer, adding: bias != nil)
    }

    private func addBias(_ bias: Int?, to output: FloatBuffer, rows: Int, count: Int) {
        guard let bias else { return }
        for row in 0..<rows { mr_add(output.pointer + row * count, parameters + bias, count) }
    }

    /// Query and key heads: RMS norm over the head (Qwen3), then rotation by the position; values are copied.
    private func normalizeAndRotate(
        _ at: ParameterLayout.Layer, positions: [Int], activations: LayerActivations
    ) {
        let (size, heads, keyHeads) = (shape.headSize, shape.headCount, shape.keyValueHeadCount)
        let epsilon = Float(shape.rmsNormEpsilon)
        forRows(positions.count) { range in
            for row in range {
                let position = positions[row]
                let raw = activations.rawProjection.pointer + row * shape.projectionSize
                let out = activations.projection.pointer + row * shape.projectionSize
                let inverse = activations.headInverseRMS.pointer + row * (heads + keyHeads)
                let (rawKeys, keys) = (raw + shape.querySize, out + shape.querySize)
                if let queryNorm = at.queryNorm, let keyNorm = at.keyNorm {
                    mr_rms_norm(raw, size, parameters + queryNorm, epsilon, heads, size, out, size, inverse)
                    mr_rms_norm(
                        rawKeys, size, parameters + keyNorm, epsilon, keyHeads, size, keys, size, inverse + heads)
                } else {
                    out.update(from: raw, count: shape.querySize + shape.keyValueSize)
                }
                for head in 0..<(heads + keyHeads) {
                    mr_rotate(out + head * size, size, model.rotary.cosine(position), model.rotary.sine(position), 1)
                }
                let values = shape.querySize + shape.keyValueSize
                (out + values).update(from: raw + values, count: shape.keyValueSize)
            }
        }
    }

    /// The final norm of `rows` rows.
    func finalNorm(_ input: UnsafePointer<Float>, rows: Int, into output: FloatBuffer, inverseRMS: FloatBuffer?) {
        normalize(input, weight: model.weights.layout.finalNorm, rows: rows, into: output, inverseRMS: inverseRMS)
    }

    /// Logits of `rows` normalised rows, `rows × vocabulary`.
    func logits(_ normalized: UnsafePointer<Float>, rows: Int, into output: FloatBuffer) {
        multiply(normalized, model.unembedding, rows: rows, into: output.pointer, adding: false)
    }
}
