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
    private func forRows(_ rows: Range<Int>, _ body: (Range<Int>) -> Void) {
        guard let team else { return body(rows) }
        team.ranges(rows.count) { body(rows.lowerBound + $1.lowerBound..<rows.lowerBound + $1.upperBound) }
    }

    /// `output = input · W`, or `output += input · W`, of some rows.
    private func multiply(
        _ input: FloatBuffer, _ matrix: RightMatrix, rows: Range<Int>, into output: FloatBuffer, adding: Bool
    ) {
        let source = input.pointer + rows.lowerBound * matrix.depth
        let target = output.pointer + rows.lowerBound * matrix.columns
        if team == nil, let packed = matrix.packed {
            mr_matmul(
                rows.count, matrix.columns, matrix.depth, source, matrix.depth, 1, packed.pointer, target,
                matrix.columns, adding ? 1 : 0)
        } else {
            (team ?? WorkTeam(threads: 1)).multiply(
                rows: rows.count, MatrixRows(pointer: source, rowStride: matrix.depth), matrix, into: target,
                stride: matrix.columns, adding: adding)
        }
    }

    private func normalize(
        _ input: FloatBuffer, weight: Int, rows: Range<Int>, into output: FloatBuffer, inverseRMS: FloatBuffer?
    ) {
        let hidden = shape.hiddenSize
        forRows(rows) { range in
            let first = range.lowerBound
            mr_rms_norm(
                input.pointer + first * hidden, hidden, parameters + weight, Float(shape.rmsNormEpsilon), range.count,
                hidden, output.pointer + first * hidden, hidden, inverseRMS.map { $0.pointer + first })
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
        let at = model.weights.layout.layers[index]
        let matrices = model.forward[index]
        if index == 0 { model.rotary.reserve((positions.max() ?? -1) + 1) }

        model.forTiles(of: rows) { tile in
            normalizeInput(at, rows: tile, activations: activations)
            multiply(
                activations.normalizedInput, matrices.projection, bias: at.projectionBias, rows: tile,
                into: activations.rawProjection)
            normalizeAndRotate(at, rows: tile, positions: positions, activations: activations)
        }
        attention()
        model.forTiles(of: rows) { tile in
            copy(activations.input, bias: at.outputBias, rows: tile, to: activations.middle)
            multiply(activations.attended, matrices.output, rows: tile, into: activations.middle, adding: true)
            normalizeMiddle(at, rows: tile, activations: activations)
            multiply(
                activations.normalizedMiddle, matrices.gateUp, bias: at.gateUpBias, rows: tile,
                into: activations.gateUp)
            activate(rows: tile, activations: activations)
            copy(activations.middle, bias: at.downBias, rows: tile, to: output)
            multiply(activations.activated, matrices.down, rows: tile, into: output, adding: true)
        }
    }

    /// Computes again what ``LayerActivations`` that share their derived buffers do not keep.
    func restoreDerived(_ index: Int, positions: [Int], activations: LayerActivations) {
        let at = model.weights.layout.layers[index]
        let rows = 0..<positions.count
        normalizeInput(at, rows: rows, activations: activations)
        normalizeAndRotate(at, rows: rows, positions: positions, activations: activations)
        normalizeMiddle(at, rows: rows, activations: activations)
        activate(rows: rows, activations: activations)
    }

    private func normalizeInput(_ at: ParameterLayout.Layer, rows: Range<Int>, activations: LayerActivations) {
        normalize(
            activations.input, weight: at.inputNorm, rows: rows, into: activations.normalizedInput,
            inverseRMS: activations.inputInverseRMS)
    }

    private func normalizeMiddle(_ at: ParameterLayout.Layer, rows: Range<Int>, activations: LayerActivations) {
        normalize(
            activations.middle, weight: at.feedForwardNorm, rows: rows, into: activations.normalizedMiddle,
            inverseRMS: activations.middleInverseRMS)
    }

    private func activate(rows: Range<Int>, activations: LayerActivations) {
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
        _ input: FloatBuffer, _ matrix: RightMatrix, bias: Int?, rows: Range<Int>, into output: FloatBuffer
    ) {
        if let bias {
            for row in rows {
                (output.pointer + row * matrix.columns).update(from: parameters + bias, count: matrix.columns)
            }
        }
        multiply(input, matrix, rows: rows, into: output, adding: bias != nil)
    }

    /// Rows of the residual stream, with a bias added where there is one.
    private func copy(_ input: FloatBuffer, bias: Int?, rows: Range<Int>, to output: FloatBuffer) {
        let hidden = shape.hiddenSize
        let first = rows.lowerBound * hidden
        (output.pointer + first).update(from: input.pointer + first, count: rows.count * hidden)
        guard let bias else { return }
        for row in rows { mr_add(output.pointer + row * hidden, parameters + bias, hidden) }
    }

    /// Query and key heads: RMS norm over the head (Qwen3), then rotation by the position; values are copied.
    private func normalizeAndRotate(
        _ at: ParameterLayout.Layer, rows: Range<Int>, positions: [Int], activations: LayerActivations
    ) {
        let (size, heads, keyHeads) = (shape.headSize, shape.headCount, shape.keyValueHeadCount)
        let epsilon = Float(shape.rmsNormEpsilon)
        forRows(rows) { range in
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
    func finalNorm(_ input: FloatBuffer, rows: Int, into output: FloatBuffer, inverseRMS: FloatBuffer?) {
        normalize(input, weight: model.weights.layout.finalNorm, rows: 0..<rows, into: output, inverseRMS: inverseRMS)
    }

    /// Logits of `rows` normalised rows, `rows × vocabulary`.
    func logits(_ normalized: FloatBuffer, rows: Int, into output: FloatBuffer) {
        multiply(normalized, model.unembedding, rows: 0..<rows, into: output, adding: false)
    }
}
