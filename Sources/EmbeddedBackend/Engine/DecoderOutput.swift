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
        let tokens = sequences.flatMap { sequence in
            sequence.targetTokens.indices.map { index in
                Token(
                    target: Int(sequence.targetTokens[index]), weight: sequence.weights[index],
                    samplerLogprob: sequence.logprobs[index], advantage: sequence.advantages[index])
            }
        }
        let rows = tokens.count
        var logprobs = [Float](repeating: 0, count: rows)
        var total = 0.0
        if loss != nil { gradientOfNormalized.clear(rows * shape.hiddenSize) }
        func involved(_ row: Int) -> Bool {
            loss?.involves(weight: tokens[row].weight, advantage: tokens[row].advantage) ?? false
        }
        let parts = [((0..<rows).filter { !involved($0) }, false), ((0..<rows).filter(involved), true)]
        for (list, trains) in parts {
            for start in stride(from: 0, to: list.count, by: rowsPerBlock) {
                let block = Array(list[start..<min(start + rowsPerBlock, list.count)])
                computeLogits(block, normalized: normalized, forward: forward)
                var derivatives = [Float](repeating: 0, count: block.count)
                for (i, row) in block.enumerated() {
                    let line = logits.pointer + i * shape.vocabularySize
                    let token = tokens[row]
                    logprobs[row] = line[token.target] - normalizers.pointer[i]
                    guard let loss else { continue }
                    let term = loss.objective(
                        logprob: logprobs[row], weight: token.weight, samplerLogprob: token.samplerLogprob,
                        advantage: token.advantage)
                    total -= Double(term.value)
                    derivatives[i] = term.derivative
                }
                guard trains else { continue }
                team.forEach(block.count) { _, i in
                    mr_log_softmax_backward(
                        logits.pointer + i * shape.vocabularySize, normalizers.pointer[i], tokens[block[i]].target,
                        -derivatives[i], shape.vocabularySize)
                }
                backward(
                    block, model: forward.model, gradientOfNormalized: gradientOfNormalized, gradients: gradients)
            }
        }
        var split: [[Float]] = []
        var first = 0
        for sequence in sequences {
            split.append(Array(logprobs[first..<first + sequence.inputTokens.count]))
            first += sequence.inputTokens.count
        }
        return (split, total)
    }

    private struct Token {
        var target: Int
        var weight: Float
        var samplerLogprob: Float
        var advantage: Float
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
