import CKernels

/// The hand-written backward pass through norm, layers and embedding.
///
/// Invariant: a gradient's element sums over rows in ascending order, whoever of the team computes it.
struct DecoderBackward {
    let model: PackedDecoder
    private let gradients: GradientSink
    let scratch: BackwardScratch
    let team: WorkTeam
    private let attention: DecoderAttention
    private let shape: DecoderConfiguration
    private let layout: ParameterLayout
    private let parameters: UnsafeMutablePointer<Float>
    private var stream: FloatBuffer { scratch.stream }
    private var gradientOfNorm: FloatBuffer { scratch.gradientOfNorm }
    private var gradientOfActivated: FloatBuffer { scratch.gradientOfActivated }
    private var gradientOfGateUp: FloatBuffer { scratch.gradientOfGateUp }
    private var gradientOfAttended: FloatBuffer { scratch.gradientOfAttended }
    private var gradientOfProjection: FloatBuffer { scratch.gradientOfProjection }
    private var gradientOfRawProjection: FloatBuffer { scratch.gradientOfRawProjection }

    init(
        _ model: PackedDecoder, gradients: FloatBuffer, scratch: BackwardScratch, attention: DecoderAttention,
        team: WorkTeam
    ) {
        self.model = model
        self.gradients = GradientSink(model, gradients: gradients, low: scratch.low, team: team)
        self.scratch = scratch
        self.attention = attention
        self.team = team
        shape = model.weights.configuration
        layout = model.weights.layout
        parameters = model.weights.parameters.pointer
    }

    /// - Parameter prepare: called with a layer's index before its turn; has to complete its activations.
    func run(
        tokens: [Int32], positions: [Int], lengths: [Int], activations: [LayerActivations], final: FloatBuffer,
        finalInverseRMS: FloatBuffer, gradientOfNormalized: FloatBuffer, prepare: (Int) -> Void
    ) {
        let rows = tokens.count
        let hidden = shape.hiddenSize
        scratch.reserve(rows: rows, shape)
        stream.clear(rows * hidden)
        normBackward(
            final, finalInverseRMS, weight: layout.finalNorm, gradientOfNormalized, rows: rows)
        for index in activations.indices.reversed() {
            prepare(index)
            feedForward(index, rows: rows, activations: activations[index])
            attention(index, positions: positions, lengths: lengths, activations: activations[index])
        }
        gradients.addEmbedding(tokens, dy: stream, hidden: hidden)
    }

    /// `dx = dy · W` of some rows.
    private func multiply(_ dy: FloatBuffer, _ matrix: RightMatrix, rows: Range<Int>, into dx: FloatBuffer) {
        team.multiply(
            rows: rows.count, MatrixRows(pointer: dy.pointer + rows.lowerBound * matrix.depth, rowStride: matrix.depth),
            matrix, into: dx.pointer + rows.lowerBound * matrix.columns, stride: matrix.columns)
    }

    /// Rows in shares of the team.
    private func forRows(_ rows: Range<Int>, _ body: (Range<Int>) -> Void) {
        team.ranges(rows.count) { body(rows.lowerBound + $1.lowerBound..<rows.lowerBound + $1.upperBound) }
    }

    /// Through a norm over rows of hidden size, adding to `stream`.
    private func normBackward(
        _ x: FloatBuffer, _ inverseRMS: FloatBuffer, weight: Int, _ dy: FloatBuffer, rows: Int
    ) {
        let hidden = shape.hiddenSize
        let alone = team.threads == 1
        let dw = gradients.gain(weight)
        team.ranges(rows) { _, range in
            let start = range.lowerBound * hidden
            mr_rms_norm_backward(
                x.pointer + start, hidden, parameters + weight, inverseRMS.pointer + range.lowerBound,
                dy.pointer + start, hidden, range.count, hidden, stream.pointer + start, hidden, alone ? dw : nil)
        }
        guard !alone, let dw else { return }
        team.ranges(hidden, unit: 16) { _, columns in
            let first = columns.lowerBound
            mr_rms_norm_weight_gradient(
                x.pointer + first, hidden, inverseRMS.pointer, dy.pointer + first, hidden, rows, columns.count,
                dw + first)
        }
    }

    private func feedForward(_ index: Int, rows: Int, activations: LayerActivations) {
        let (hidden, inner) = (shape.hiddenSize, shape.intermediateSize)
        let at = layout.layers[index]
        let matrices = model.backward[index]
        model.forTiles(of: rows) { tile in
            multiply(stream, matrices.down, rows: tile, into: gradientOfActivated)
            forRows(tile) { range in
                for row in range {
                    let gate = activations.gateUp.pointer + row * 2 * inner
                    let out = gradientOfGateUp.pointer + row * 2 * inner
                    mr_swiglu_backward(
                        gate, gate + inner, gradientOfActivated.pointer + row * inner, inner, out, out + inner)
                }
            }
            multiply(gradientOfGateUp, matrices.gateUp, rows: tile, into: gradientOfNorm)
        }
        gradients.add(
            .down, layer: index, dy: stream, outputs: hidden, x: activations.activated, inputs: inner, rows: rows)
        gradients.add(
            .gateUp, layer: index, dy: gradientOfGateUp, outputs: 2 * inner, x: activations.normalizedMiddle,
            inputs: hidden, rows: rows)
        normBackward(
            activations.middle, activations.middleInverseRMS, weight: at.feedForwardNorm, gradientOfNorm, rows: rows)
    }

    private func attention(_ index: Int, positions: [Int], lengths: [Int], activations: LayerActivations) {
        let rows = positions.count
        let (hidden, projection) = (shape.hiddenSize, shape.projectionSize)
        let at = layout.layers[index]
        let matrices = model.backward[index]
        multiply(stream, matrices.output, rows: 0..<rows, into: gradientOfAttended)
        gradients.add(
            .output, layer: index, dy: stream, outputs: hidden, x: activations.attended, inputs: shape.querySize,
            rows: rows)
        attention.backward(
            activations, lengths: lengths, gradientOfAttended: gradientOfAttended,
            gradientOfProjection: gradientOfProjection)
        model.forTiles(of: rows) { tile in
            undoHeads(at, rows: tile, positions: positions, activations: activations)
            multiply(gradientOfRawProjection, matrices.projection, rows: tile, into: gradientOfNorm)
        }
        if let queryNorm = at.queryNorm, let keyNorm = at.keyNorm {
            headNormGradients(queryNorm, keyNorm, rows: rows, activations: activations)
        }
        gradients.add(
            .projection, layer: index, dy: gradientOfRawProjection, outputs: projection,
            x: activations.normalizedInput, inputs: hidden, rows: rows)
        normBackward(activations.input, activations.inputInverseRMS, weight: at.inputNorm, gradientOfNorm, rows: rows)
    }

    /// Undoes the rotation and the head norms: from `gradientOfProjection` to `gradientOfRawProjection`.
    private func undoHeads(
        _ at: ParameterLayout.Layer, rows: Range<Int>, positions: [Int], activations: LayerActivations
    ) {
        let (size, heads, keyHeads) = (shape.headSize, shape.headCount, shape.keyValueHeadCount)
        let keys = shape.querySize
        forRows(rows) { range in
            for row in range {
                let start = row * shape.projectionSize
                let raw = activations.rawProjection.pointer + start
                let inverse = activations.headInverseRMS.pointer + row * (heads + keyHeads)
                let dy = gradientOfProjection.pointer + start
                let dx = gradientOfRawProjection.pointer + start
                let (cosine, sine) = (model.rotary.cosine(positions[row]), model.rotary.sine(positions[row]))
                for head in 0..<(heads + keyHeads) { mr_rotate(dy + head * size, size, cosine, sine, -1) }
                if let queryNorm = at.queryNorm, let keyNorm = at.keyNorm {
                    dx.update(repeating: 0, count: keys + shape.keyValueSize)
                    mr_rms_norm_backward(
                        raw, size, parameters + queryNorm, inverse, dy, size, heads, size, dx, size, nil)
                    mr_rms_norm_backward(
                        raw + keys, size, parameters + keyNorm, inverse + heads, dy + keys, size, keyHeads, size,
                        dx + keys, size, nil)
                } else {
                    dx.update(from: dy, count: keys + shape.keyValueSize)
                }
                let values = keys + shape.keyValueSize
                (dx + values).update(from: dy + values, count: shape.keyValueSize)
            }
        }
    }

    private func headNormGradients(_ queryNorm: Int, _ keyNorm: Int, rows: Int, activations: LayerActivations) {
        guard let queryGradient = gradients.gain(queryNorm), let keyGradient = gradients.gain(keyNorm) else { return }
        let (size, heads, keyHeads) = (shape.headSize, shape.headCount, shape.keyValueHeadCount)
        team.ranges(size, unit: 16) { _, columns in
            let first = columns.lowerBound
            for row in 0..<rows {
                let x = activations.rawProjection.pointer + row * shape.projectionSize + first
                let dy = gradientOfProjection.pointer + row * shape.projectionSize + first
                let inverse = activations.headInverseRMS.pointer + row * (heads + keyHeads)
                mr_rms_norm_weight_gradient(
                    x, size, inverse, dy, size, heads, columns.count, queryGradient + first)
                mr_rms_norm_weight_gradient(
                    x + shape.querySize, size, inverse + heads, dy + shape.querySize, size, keyHeads, columns.count,
                    keyGradient + first)
            }
        }
    }
}
