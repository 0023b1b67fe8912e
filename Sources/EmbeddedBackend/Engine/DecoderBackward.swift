import CKernels

/// The hand-written backward pass through norm, layers and embedding.
struct DecoderBackward {
    let model: PackedDecoder
    let gradients: FloatBuffer
    let scratch: BackwardScratch
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

    init(_ model: PackedDecoder, gradients: FloatBuffer, scratch: BackwardScratch) {
        self.model = model
        self.gradients = gradients
        self.scratch = scratch
        shape = model.weights.configuration
        layout = model.weights.layout
        parameters = model.weights.parameters.pointer
    }

    func run(
        tokens: [Int32], positions: [Int], lengths: [Int], activations: [LayerActivations], final: FloatBuffer,
        finalInverseRMS: FloatBuffer, gradientOfNormalized: FloatBuffer
    ) {
        let rows = tokens.count
        let hidden = shape.hiddenSize
        reserve(rows: rows, longest: lengths.max() ?? 0)
        stream.clear(rows * hidden)
        mr_rms_norm_backward(
            final.pointer, hidden, parameters + layout.finalNorm, finalInverseRMS.pointer,
            gradientOfNormalized.pointer, hidden, rows, hidden, stream.pointer, hidden,
            gradients.pointer + layout.finalNorm)
        for index in activations.indices.reversed() {
            feedForward(index, rows: rows, activations: activations[index])
            attention(index, positions: positions, lengths: lengths, activations: activations[index])
        }
        let table = gradients.pointer + layout.embedding
        for (row, token) in tokens.enumerated() {
            mr_add(table + Int(token) * hidden, stream.pointer + row * hidden, hidden)
        }
    }

    private func reserve(rows: Int, longest: Int) {
        stream.reserve(rows * shape.hiddenSize)
        gradientOfNorm.reserve(rows * shape.hiddenSize)
        gradientOfActivated.reserve(rows * shape.intermediateSize)
        gradientOfGateUp.reserve(rows * 2 * shape.intermediateSize)
        gradientOfAttended.reserve(rows * shape.querySize)
        gradientOfProjection.reserve(rows * shape.projectionSize)
        gradientOfRawProjection.reserve(rows * shape.projectionSize)
        scratch.reserveAttention(length: longest, shape: shape)
    }

    /// Adds the sum of `rows` rows of `dy` to the gradient of a bias.
    private func addBias(_ dy: FloatBuffer, rows: Int, count: Int, to bias: Int?) {
        guard let bias else { return }
        for row in 0..<rows { mr_add(gradients.pointer + bias, dy.pointer + row * count, count) }
    }

    private func feedForward(_ index: Int, rows: Int, activations: LayerActivations) {
        let (hidden, inner) = (shape.hiddenSize, shape.intermediateSize)
        let at = layout.layers[index]
        let matrices = model.backward[index]
        mr_matmul(
            rows, inner, hidden, stream.pointer, hidden, 1, matrices.down.pointer, gradientOfActivated.pointer, inner,
            0)
        scratch.addOuterProduct(
            stream.pointer, outputs: hidden, activations.activated.pointer, inputs: inner, rows: rows,
            to: gradients.pointer + at.down)
        addBias(stream, rows: rows, count: hidden, to: at.downBias)
        for row in 0..<rows {
            let gate = activations.gateUp.pointer + row * 2 * inner
            let out = gradientOfGateUp.pointer + row * 2 * inner
            mr_swiglu_backward(
                gate, gate + inner, gradientOfActivated.pointer + row * inner, inner, out, out + inner)
        }
        mr_matmul(
            rows, hidden, 2 * inner, gradientOfGateUp.pointer, 2 * inner, 1, matrices.gateUp.pointer,
            gradientOfNorm.pointer, hidden, 0)
        scratch.addOuterProduct(
            gradientOfGateUp.pointer, outputs: 2 * inner, activations.normalizedMiddle.pointer, inputs: hidden,
            rows: rows, to: gradients.pointer + at.gateUp)
        addBias(gradientOfGateUp, rows: rows, count: 2 * inner, to: at.gateUpBias)
        mr_rms_norm_backward(
            activations.middle.pointer, hidden, parameters + at.feedForwardNorm,
            activations.middleInverseRMS.pointer, gradientOfNorm.pointer, hidden, rows, hidden, stream.pointer, hidden,
            gradients.pointer + at.feedForwardNorm)
    }

    private func attention(_ index: Int, positions: [Int], lengths: [Int], activations: LayerActivations) {
        let rows = positions.count
        let (hidden, projection) = (shape.hiddenSize, shape.projectionSize)
        let at = layout.layers[index]
        let matrices = model.backward[index]
        mr_matmul(
            rows, shape.querySize, hidden, stream.pointer, hidden, 1, matrices.output.pointer,
            gradientOfAttended.pointer, shape.querySize, 0)
        scratch.addOuterProduct(
            stream.pointer, outputs: hidden, activations.attended.pointer, inputs: shape.querySize, rows: rows,
            to: gradients.pointer + at.output)
        addBias(stream, rows: rows, count: hidden, to: at.outputBias)
        attendBackward(lengths: lengths, activations: activations)
        undoHeads(at, positions: positions, activations: activations)
        mr_matmul(
            rows, hidden, projection, gradientOfRawProjection.pointer, projection, 1, matrices.projection.pointer,
            gradientOfNorm.pointer, hidden, 0)
        scratch.addOuterProduct(
            gradientOfRawProjection.pointer, outputs: projection, activations.normalizedInput.pointer, inputs: hidden,
            rows: rows, to: gradients.pointer + at.projection)
        addBias(gradientOfRawProjection, rows: rows, count: projection, to: at.projectionBias)
        mr_rms_norm_backward(
            activations.input.pointer, hidden, parameters + at.inputNorm, activations.inputInverseRMS.pointer,
            gradientOfNorm.pointer, hidden, rows, hidden, stream.pointer, hidden, gradients.pointer + at.inputNorm)
    }

    /// Fills `gradientOfProjection` from `gradientOfAttended`.
    private func attendBackward(lengths: [Int], activations: LayerActivations) {
        let (size, padded) = (shape.headSize, mr_padded(shape.headSize))
        gradientOfProjection.clear(lengths.reduce(0, +) * shape.projectionSize)
        var first = 0
        for length in lengths {
            for keyHead in 0..<shape.keyValueHeadCount {
                scratch.loadForBackward(
                    activations.projection, first: first, length: length, keyHead: keyHead, shape: shape)
                for head in (keyHead * shape.headsPerGroup)..<((keyHead + 1) * shape.headsPerGroup) {
                    for t in 0..<length {
                        let row = first + t
                        let softmax = row * shape.headCount + head
                        mr_attend_backward(
                            activations.projection.pointer + row * shape.projectionSize + head * size,
                            scratch.keyBlocks.pointer, scratch.keys.pointer, scratch.valueBlocks.pointer, t + 1, size,
                            shape.attentionScale, activations.softmaxMaximum.pointer[softmax],
                            activations.softmaxInverseSum.pointer[softmax],
                            gradientOfAttended.pointer + row * shape.querySize + head * size, scratch.scores.pointer,
                            gradientOfProjection.pointer + row * shape.projectionSize + head * size,
                            scratch.gradientOfKeys.pointer, scratch.gradientOfValues.pointer)
                    }
                }
                for t in 0..<length {
                    let row = gradientOfProjection.pointer + (first + t) * shape.projectionSize
                    let key = row + shape.querySize + keyHead * size
                    key.update(from: scratch.gradientOfKeys.pointer + t * padded, count: size)
                    (key + shape.keyValueSize)
                        .update(from: scratch.gradientOfValues.pointer + t * padded, count: size)
                }
            }
            first += length
        }
    }

    /// Undoes the rotation and the head norms: from `gradientOfProjection` to `gradientOfRawProjection`.
    private func undoHeads(_ at: ParameterLayout.Layer, positions: [Int], activations: LayerActivations) {
        let (size, heads, keyHeads) = (shape.headSize, shape.headCount, shape.keyValueHeadCount)
        gradientOfRawProjection.clear(positions.count * shape.projectionSize)
        for (row, position) in positions.enumerated() {
            let raw = activations.rawProjection.pointer + row * shape.projectionSize
            let inverse = activations.headInverseRMS.pointer + row * (heads + keyHeads)
            let dy = gradientOfProjection.pointer + row * shape.projectionSize
            let dx = gradientOfRawProjection.pointer + row * shape.projectionSize
            for head in 0..<(heads + keyHeads) {
                mr_rotate(dy + head * size, size, model.rotary.cosine(position), model.rotary.sine(position), -1)
            }
            let keys = shape.querySize
            if let queryNorm = at.queryNorm, let keyNorm = at.keyNorm {
                mr_rms_norm_backward(
                    raw, size, parameters + queryNorm, inverse, dy, size, heads, size, dx, size,
                    gradients.pointer + queryNorm)
                mr_rms_norm_backward(
                    raw + keys, size, parameters + keyNorm, inverse + heads, dy + keys, size, keyHeads, size,
                    dx + keys, size, gradients.pointer + keyNorm)
            } else {
                dx.update(from: dy, count: shape.querySize + shape.keyValueSize)
            }
            let values = keys + shape.keyValueSize
            (dx + values).update(from: dy + values, count: shape.keyValueSize)
        }
    }
}
