import CKernels

/// From the normalised final rows to logprobs, loss and gradients, for a block of rows at a time: the logits of a large
/// vocabulary never exist for all rows at once, and are turned into their own gradient in place.
final class DecoderOutput {
    private let shape: DecoderConfiguration
    private let rowsPerBlock: Int
    private let team: WorkTeam
    private let selected = FloatBuffer(count: 0)
    private let logits = FloatBuffer(count: 0)
    private let gradientOfSelected = FloatBuffer(count: 0)
    private let normalizers = FloatBuffer(count: 0)

    init(_ shape: DecoderConfiguration, rowsPerBlock: Int, team: WorkTeam) {
        self.shape = shape
        self.rowsPerBlock = rowsPerBlock
        self.team = team
    }

    /// Logprobs of all targets; with a loss also the gradient of the normalised final rows and of the output matrix.
    ///
    /// Rows that cannot have a gradient skip the backward part.
    func run(
        _ sequences: [TrainingSequence], normalized: FloatBuffer, forward: DecoderForward, loss: DecoderLoss?,
        gradientOfNormalized: FloatBuffer, gradients: GradientSink
    ) -> (logprobs: [[Float]], loss: Double) {
        let targets = sequences.flatMap { sequence in
            sequence.targetTokens.indices.map { index in
                Target(
                    token: Int(sequence.targetTokens[index]), weight: sequence.weights[index],
                    samplerLogprob: sequence.logprobs[index], advantage: sequence.advantages[index])
            }
        }
        let ranges = Self.ranges(sequences)
        let rows = ranges.count
        var logprobs = [Float](repeating: 0, count: targets.count)
        // Of minus the loss, by the logprobs of the targets.
        var derivatives = [Float](repeating: 0, count: loss == nil ? 0 : targets.count)
        var total = 0.0
        if loss != nil { gradientOfNormalized.clear(rows * shape.hiddenSize) }
        func involved(_ row: Int) -> Bool {
            guard let loss else { return false }
            return targets[ranges[row]].contains { loss.involves(weight: $0.weight, advantage: $0.advantage) }
        }
        let parts = [((0..<rows).filter { !involved($0) }, false), ((0..<rows).filter(involved), true)]
        for (list, trains) in parts {
            for start in stride(from: 0, to: list.count, by: rowsPerBlock) {
                let block = Array(list[start..<min(start + rowsPerBlock, list.count)])
                computeLogits(block, normalized: normalized, forward: forward)
                for (i, row) in block.enumerated() {
                    let line = logits.pointer + i * shape.vocabularySize
                    for index in ranges[row] {
                        let target = targets[index]
                        logprobs[index] = line[target.token] - normalizers.pointer[i]
                        guard let loss else { continue }
                        let term = loss.objective(
                            logprob: logprobs[index], weight: target.weight, samplerLogprob: target.samplerLogprob,
                            advantage: target.advantage)
                        total -= Double(term.value)
                        derivatives[index] = term.derivative
                    }
                }
                guard trains else { continue }
                team.forEach(block.count) { _, i in
                    differentiate(
                        logits.pointer + i * shape.vocabularySize, normalizer: normalizers.pointer[i],
                        targets: targets[ranges[block[i]]], derivatives: derivatives[ranges[block[i]]])
                }
                backward(
                    block, model: forward.model, gradientOfNormalized: gradientOfNormalized, gradients: gradients)
            }
        }
        var split: [[Float]] = []
        var first = 0
        for sequence in sequences {
            split.append(Array(logprobs[first..<first + sequence.targetTokens.count]))
            first += sequence.targetTokens.count
        }
        return (split, total)
    }

    private struct Target {
        var token: Int
        var weight: Float
        var samplerLogprob: Float
        var advantage: Float
    }

    /// The targets of every row.
    private static func ranges(_ sequences: [TrainingSequence]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        for sequence in sequences {
            for _ in sequence.inputTokens {
                ranges.append(start..<start + sequence.targetsPerToken)
                start += sequence.targetsPerToken
            }
        }
        return ranges
    }

    /// From the logits of a row to the gradient of the loss by them, in place. With the derivatives `d` of minus the loss by
    /// the logprobs of the targets it is `Σ dₖ · (softmax − onehot(targetₖ))`.
    private func differentiate(
        _ line: UnsafeMutablePointer<Float>, normalizer: Float, targets: ArraySlice<Target>,
        derivatives: ArraySlice<Float>
    ) {
        guard let target = targets.first?.token else { return }
        let sum = derivatives.reduce(0, +)
        mr_log_softmax_backward(line, normalizer, target, -sum, shape.vocabularySize)
        guard derivatives.count > 1 else { return }
        line[target] += sum
        for (target, derivative) in zip(targets, derivatives) { line[target.token] -= derivative }
    }

    /// Fills `selected`, `logits` and `normalizers` for the rows of a block.
    private func computeLogits(_ block: [Int], normalized: FloatBuffer, forward: DecoderForward) {
        let hidden = shape.hiddenSize
        logits.reserve(block.count * shape.vocabularySize)
        selected.reserve(block.count * hidden)
        normalizers.reserve(block.count)
        for (i, row) in block.enumerated() {
            (selected.pointer + i * hidden).update(from: normalized.pointer + row * hidden, count: hidden)
        }
        forward.logits(selected, rows: block.count, into: logits)
        team.forEach(block.count) { _, i in
            normalizers.pointer[i] = mr_log_sum_exp(logits.pointer + i * shape.vocabularySize, shape.vocabularySize)
        }
    }

    /// From the gradient of the logits (in `logits`) to that of the selected rows and of the output matrix.
    private func backward(
        _ block: [Int], model: PackedDecoder, gradientOfNormalized: FloatBuffer, gradients: GradientSink
    ) {
        let (hidden, vocabulary) = (shape.hiddenSize, shape.vocabularySize)
        guard let unembedding = model.unembeddingBackward else { return }
        gradientOfSelected.reserve(block.count * hidden)
        team.multiply(
            rows: block.count, MatrixRows(pointer: logits.pointer, rowStride: vocabulary), unembedding,
            into: gradientOfSelected.pointer, stride: hidden)
        for (i, row) in block.enumerated() {
            (gradientOfNormalized.pointer + row * hidden)
                .update(from: gradientOfSelected.pointer + i * hidden, count: hidden)
        }
        gradients.addUnembedding(dy: logits, outputs: vocabulary, x: selected, inputs: hidden, rows: block.count)
    }
}
