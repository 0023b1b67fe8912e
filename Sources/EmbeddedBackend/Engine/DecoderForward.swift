import CKernels

/// The forward computation that training and sampling share, so that their results are the same bits.
struct DecoderForward {
    let model: PackedDecoder
    private var shape: DecoderConfiguration { model.weights.configuration }
    private var parameters: UnsafeMutablePointer<Float> { model.weights.parameters.pointer }

    init(_ model: PackedDecoder) { self.model = model }

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
        let (hidden, projection, inner) = (shape.hiddenSize, shape.projectionSize, shape.intermediateSize)
        let at = model.weights.layout.layers[index]
        let matrices = model.forward[index]
        let epsilon = Float(shape.rmsNormEpsilon)

        mr_rms_norm(
            activations.input.pointer, hidden, parameters + at.inputNorm, epsilon, rows, hidden,
            activations.normalizedInput.pointer, hidden, activations.inputInverseRMS.pointer)
        mr_matmul(
            rows, projection, hidden, activations.normalizedInput.pointer, hidden, 1, matrices.projection.pointer,
            activations.rawProjection.pointer, projection, 0)
        normalizeAndRotate(at, positions: positions, activations: activations)
        attention()

        activations.middle.pointer.update(from: activations.input.pointer, count: rows * hidden)
        mr_matmul(
            rows, hidden, shape.querySize, activations.attended.pointer, shape.querySize, 1, matrices.output.pointer,
            activations.middle.pointer, hidden, 1)
        mr_rms_norm(
            activations.middle.pointer, hidden, parameters + at.feedForwardNorm, epsilon, rows, hidden,
            activations.normalizedMiddle.pointer, hidden, activations.middleInverseRMS.pointer)
        mr_matmul(
            rows, 2 * inner, hidden, activations.normalizedMiddle.pointer, hidden, 1, matrices.gateUp.pointer,
            activations.gateUp.pointer, 2 * inner, 0)
        for row in 0..<rows {
            let gate = activations.gateUp.pointer + row * 2 * inner
            mr_swiglu(gate, gate + inner, inner, activations.activated.pointer + row * inner)
        }
        output.pointer.update(from: activations.middle.pointer, count: rows * hidden)
        mr_matmul(
            rows, hidden, inner, activations.activated.pointer, inner, 1, matrices.down.pointer, output.pointer,
            hidden, 1)
    }

    /// Query and key heads: RMS norm over the head, then rotation by the position; values are copied.
    private func normalizeAndRotate(
        _ at: ParameterLayout.Layer, positions: [Int], activations: LayerActivations
    ) {
        let (size, heads, keyHeads) = (shape.headSize, shape.headCount, shape.keyValueHeadCount)
        let epsilon = Float(shape.rmsNormEpsilon)
        for (row, position) in positions.enumerated() {
            let raw = activations.rawProjection.pointer + row * shape.projectionSize
            let out = activations.projection.pointer + row * shape.projectionSize
            let inverse = activations.headInverseRMS.pointer + row * (heads + keyHeads)
            mr_rms_norm(raw, size, parameters + at.queryNorm, epsilon, heads, size, out, size, inverse)
            let (rawKeys, keys) = (raw + shape.querySize, out + shape.querySize)
            mr_rms_norm(rawKeys, size, parameters + at.keyNorm, epsilon, keyHeads, size, keys, size, inverse + heads)
            for head in 0..<(heads + keyHeads) {
                mr_rotate(out + head * size, size, model.rotary.cosine(position), model.rotary.sine(position), 1)
            }
            let values = shape.querySize + shape.keyValueSize
            (out + values).update(from: raw + values, count: shape.keyValueSize)
        }
    }

    /// The final norm of `rows` rows.
    func finalNorm(_ input: UnsafePointer<Float>, rows: Int, into output: FloatBuffer, inverseRMS: FloatBuffer?) {
        mr_rms_norm(
            input, shape.hiddenSize, parameters + model.weights.layout.finalNorm, Float(shape.rmsNormEpsilon), rows,
            shape.hiddenSize, output.pointer, shape.hiddenSize, inverseRMS?.pointer)
    }

    /// Logits of `rows` normalised rows, `rows × vocabulary`.
    func logits(_ normalized: UnsafePointer<Float>, rows: Int, into output: FloatBuffer) {
        mr_matmul(
            rows, shape.vocabularySize, shape.hiddenSize, normalized, shape.hiddenSize, 1, model.unembedding.pointer,
            output.pointer, shape.vocabularySize, 0)
    }
}
