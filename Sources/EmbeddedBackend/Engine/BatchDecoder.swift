import CKernels

/// The forward pass of rows that belong to many cached sequences.
final class BatchDecoder {
    struct Row {
        var token: Int32
        var position: Int
        var cache: SequenceCache
        /// A prompt token that follows this row and whose logprob is wanted.
        var scored: (sequence: ActiveSequence, next: Int32)?
    }

    private let forward: DecoderForward
    private let shape: DecoderConfiguration
    private let activations = LayerActivations()
    private let output = FloatBuffer(count: 0)
    private let normalized = FloatBuffer(count: 0)
    private let selected = FloatBuffer(count: 0)
    private let logits = FloatBuffer(count: 0)
    private let scores = FloatBuffer(count: 0)
    private let choice = TokenChoice()

    init(_ model: PackedDecoder) {
        forward = DecoderForward(model)
        shape = model.weights.configuration
        scores.reserve(shape.maximumPositions + 16)
    }

    /// Computes the normalised final state of every row and stores keys and values in the rows' caches.
    func forward(_ rows: [Row]) {
        let positions = rows.map(\.position)
        activations.reserve(rows: rows.count, shape)
        output.reserve(rows.count * shape.hiddenSize)
        normalized.reserve(rows.count * shape.hiddenSize)
        forward.embed(rows.map(\.token), into: activations.input)
        for layer in 0..<shape.layerCount {
            forward.layer(layer, positions: positions, activations: activations, output: output) {
                attend(rows, layer: layer)
            }
            activations.input.pointer.update(from: output.pointer, count: rows.count * shape.hiddenSize)
        }
        forward.finalNorm(output.pointer, rows: rows.count, into: normalized, inverseRMS: nil)
    }

    private func attend(_ rows: [Row], layer: Int) {
        let size = shape.headSize
        for (index, row) in rows.enumerated() {
            row.cache.store(
                layer: layer, position: row.position,
                projection: activations.projection.pointer + index * shape.projectionSize)
        }
        for (index, row) in rows.enumerated() {
            let query = activations.projection.pointer + index * shape.projectionSize
            let out = activations.attended.pointer + index * shape.querySize
            for keyHead in 0..<shape.keyValueHeadCount {
                let cached = row.cache.head(layer: layer, keyHead: keyHead)
                for head in (keyHead * shape.headsPerGroup)..<((keyHead + 1) * shape.headsPerGroup) {
                    mr_attend(
                        query + head * size, cached.keys.pointer, cached.values.pointer, row.position + 1, size,
                        shape.attentionScale, scores.pointer, out + head * size, nil, nil)
                }
            }
        }
    }

    /// Draws the next token of each sequence from its row of the last ``forward(_:)``.
    func sample(_ ready: [(sequence: ActiveSequence, row: Int)]) {
        computeLogits(ready.map(\.row)) { index, line in
            let sequence = ready[index].sequence
            let drawn = choice.draw(
                line, count: shape.vocabularySize, request: sequence.request, index: sequence.logprobs.count)
            sequence.append(drawn.token, logprob: drawn.logprob)
        }
    }

    /// Logprobs of the prompt tokens that follow rows marked as scored.
    func scorePrompts(_ rows: [Row]) {
        let marked = rows.indices.filter { rows[$0].scored != nil }
        computeLogits(marked) { index, line in
            guard let scored = rows[marked[index]].scored else { return }
            let normalizer = mr_log_sum_exp(line, shape.vocabularySize)
            scored.sequence.promptLogprobs.append(line[Int(scored.next)] - normalizer)
        }
    }

    private func computeLogits(_ rows: [Int], _ body: (Int, UnsafePointer<Float>) -> Void) {
        guard !rows.isEmpty else { return }
        let hidden = shape.hiddenSize
        selected.reserve(rows.count * hidden)
        logits.reserve(rows.count * shape.vocabularySize)
        for (index, row) in rows.enumerated() {
            (selected.pointer + index * hidden).update(from: normalized.pointer + row * hidden, count: hidden)
        }
        forward.logits(selected.pointer, rows: rows.count, into: logits)
        for index in rows.indices { body(index, logits.pointer + index * shape.vocabularySize) }
    }
}
