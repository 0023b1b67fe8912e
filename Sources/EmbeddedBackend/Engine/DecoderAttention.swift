import CKernels

/// Causal attention of whole sequences over themselves, forward and backward.
///
/// The team shares the work by sequence and key-value head.
struct DecoderAttention {
    let shape: DecoderConfiguration
    /// One for each thread of the team.
    let scratch: [AttentionScratch]
    let team: WorkTeam

    /// Calls `body` for each key-value head of each sequence.
    private func forHeads(
        _ lengths: [Int], _ body: (_ scratch: AttentionScratch, _ first: Int, _ length: Int, _ keyHead: Int) -> Void
    ) {
        var firsts: [Int] = []
        var rows = 0
        for length in lengths {
            firsts.append(rows)
            rows += length
        }
        team.forEach(lengths.count * shape.keyValueHeadCount) { worker, piece in
            let (sequence, keyHead) = piece.quotientAndRemainder(dividingBy: shape.keyValueHeadCount)
            body(scratch[worker], firsts[sequence], lengths[sequence], keyHead)
        }
    }

    private func queryHeads(_ keyHead: Int) -> Range<Int> {
        keyHead * shape.headsPerGroup..<(keyHead + 1) * shape.headsPerGroup
    }

    /// Fills `attended` from `projection`.
    func forward(_ layer: LayerActivations, lengths: [Int]) {
        let size = shape.headSize
        forHeads(lengths) { scratch, first, length, keyHead in
            scratch.load(layer.projection, first: first, length: length, keyHead: keyHead, shape: shape)
            for head in queryHeads(keyHead) {
                let softmax = first * shape.headCount + head
                mr_attend_rows(
                    layer.projection.pointer + first * shape.projectionSize + head * size, shape.projectionSize,
                    scratch.keyBlocks.pointer, scratch.values.pointer, 0, length, size, shape.attentionScale,
                    scratch.scores.pointer, layer.attended.pointer + first * shape.querySize + head * size,
                    shape.querySize, layer.softmaxMaximum.pointer + softmax,
                    layer.softmaxInverseSum.pointer + softmax, shape.headCount)
            }
        }
    }

    /// Fills the gradient of `projection` from that of `attended`.
    func backward(
        _ layer: LayerActivations, lengths: [Int], gradientOfAttended: FloatBuffer, gradientOfProjection: FloatBuffer
    ) {
        let (size, padded) = (shape.headSize, mr_padded(shape.headSize))
        gradientOfProjection.clear(lengths.reduce(0, +) * shape.projectionSize)
        forHeads(lengths) { scratch, first, length, keyHead in
            scratch.loadForBackward(layer.projection, first: first, length: length, keyHead: keyHead, shape: shape)
            let start = first * shape.projectionSize
            for head in queryHeads(keyHead) {
                let softmax = first * shape.headCount + head
                mr_attend_rows_backward(
                    layer.projection.pointer + start + head * size, shape.projectionSize, scratch.keyBlocks.pointer,
                    scratch.keys.pointer, scratch.valueBlocks.pointer, 0, length, size, shape.attentionScale,
                    layer.softmaxMaximum.pointer + softmax, layer.softmaxInverseSum.pointer + softmax, shape.headCount,
                    gradientOfAttended.pointer + first * shape.querySize + head * size, shape.querySize,
                    scratch.scores.pointer, gradientOfProjection.pointer + start + head * size, shape.projectionSize,
                    scratch.gradientOfKeys.pointer, scratch.gradientOfValues.pointer)
            }
            for t in 0..<length {
                let row = gradientOfProjection.pointer + start + t * shape.projectionSize
                let key = row + shape.querySize + keyHead * size
                key.update(from: scratch.gradientOfKeys.pointer + t * padded, count: size)
                (key + shape.keyValueSize).update(from: scratch.gradientOfValues.pointer + t * padded, count: size)
            }
        }
    }
}
