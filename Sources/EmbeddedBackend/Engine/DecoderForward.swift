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
        if index == 0 { model.rotary.reserve((positions.max() ?? -1) + 1) }

        mr_rms_norm(
            activations.input.pointer, hidden, parameters + at.inputNorm, epsilon, rows, hidden,
            activations.normalizedInput.pointer, hidden, activations.inputInverseRMS.pointer)
        multiply(
            activations.normalizedInput, inputs: hidden, matrices.projection, bias: at.projectionBias, rows: rows,
            into: activations.rawProjection, outputs: projection)
        normalizeAndRotate(at, positions: positions, activations: activations)
        attention()

        activations.middle.pointer.update(from: activations.input.pointer, count: rows * hidden)
        addBias(at.outputBias, to: activations.middle, rows: rows, count: hidden)
        mr_matmul(
            rows, hidden, shape.querySize, activations.attended.pointer, shape.querySize, 1, matrices.output.pointer,
            activations.middle.pointer, hidden, 1)
        mr_rms_norm(
            activations.middle.pointer, hidden, parameters + at.feedForwardNorm, epsilon, rows, hidden,
            activations.normalizedMiddle.pointer, hidden, activations.middleInverseRMS.pointer)
        multiply(
            activations.normalizedMiddle, inputs: hidden, matrices.gateUp, bias: at.gateUpBias, rows: rows,
            into: activations.gateUp, outputs: 2 * inner)
        for row in 0..<rows {
            let gate = activations.gateUp.pointer + row * 2 * inner
            mr_swiglu(gate, gate + inner, inner, activations.activated.pointer + row * inner)
        }
        output.pointer.update(from: activations.middle.pointer, count: rows * hidden)
        addBias(at.downBias, to: output, rows: rows, count: hidden)
        mr_matmul(
            rows, hidden, inner, activations.activated.pointer, inner, 1, matrices.down.pointer, output.pointer,
            hidden, 1)
    }

    /// `output = input · Wᵀ + bias`.
    private func multiply(
        _ input: FloatBuffer, inputs: Int, _ matrix: FloatBuffer, bias: Int?, rows: Int, into output: FloatBuffer,
        outputs: Int
    ) {
        if let bias {
            for row in 0..<rows { (output.pointer + row * outputs).update(from: parameters + bias, count: outputs) }
        }
        mr_matmul(
            rows, outputs, inputs, input.pointer, inputs, 1, matrix.pointer, output.pointer, outputs,
            bias == nil ? 0 : 1)
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
        for (row, position) in positions.enumerated() {
            let raw = activations.rawProjection.pointer + row * shape.projectionSize
            let out = activations.projection.pointer + row * shape.projectionSize
            let inverse = activations.headInverseRMS.pointer + row * (heads + keyHeads)
            let (rawKeys, keys) = (raw + shape.querySize, out + shape.querySize)
            if let queryNorm = at.queryNorm, let keyNorm = at.keyNorm {
                mr_rms_norm(raw, size, parameters + queryNorm, epsilon, heads, size, out, size, inverse)
                mr_rms_norm(rawKeys, size, parameters + keyNorm, epsilon, keyHeads, size, keys, size, inverse + heads)
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
