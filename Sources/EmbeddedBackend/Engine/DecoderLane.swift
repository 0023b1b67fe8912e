import CKernels

/// A worker's share of a training batch: runs sequences forward and backward and sums their gradients.
///
/// Invariants
/// * A lane is used by one thread at a time; it owns its buffers.
/// * Gradients are summed over the lane's sequences in the order given, so a batch's gradient depends on how sequences
///   are dealt to lanes (a fixed number, `DecoderTrainer.laneCount`) and never on threads.
final class DecoderLane: @unchecked Sendable {
    /// Tokens that go through the layers together; bounds the memory of a lane.
    static let rowsPerPass = 1024
    /// Rows whose logits exist at a time.
    static let rowsPerLogits = 192

    let shape: DecoderConfiguration
    let layout: ParameterLayout
    /// The sum of the gradients of all sequences since the last ``clearGradients()``.
    let gradients: FloatBuffer
    private let activations: [LayerActivations]
    private let final = FloatBuffer(count: 0)
    private let finalInverseRMS = FloatBuffer(count: 0)
    private let normalized = FloatBuffer(count: 0)
    private let gradientOfNormalized = FloatBuffer(count: 0)
    private let selected = FloatBuffer(count: 0)
    private let logits = FloatBuffer(count: 0)
    private let gradientOfSelected = FloatBuffer(count: 0)
    private let scratch: BackwardScratch

    init(_ shape: DecoderConfiguration) {
        self.shape = shape
        layout = ParameterLayout(shape)
        gradients = FloatBuffer(count: layout.count)
        activations = (0..<shape.layerCount).map { _ in LayerActivations() }
        scratch = BackwardScratch()
    }

    func clearGradients() { gradients.clear() }

    /// Runs sequences; with a loss also backward, adding to ``gradients``.
    /// - Returns: the logprobs of the targets of each sequence, and the sum of the losses.
    func run(
        _ sequences: [TrainingSequence], model: PackedDecoder, loss: DecoderLoss?
    ) -> (logprobs: [[Float]], loss: Double) {
        var logprobs: [[Float]] = []
        var total = 0.0
        var start = 0
        while start < sequences.count {
            var end = start + 1
            var rows = sequences[start].inputTokens.count
            while end < sequences.count, rows + sequences[end].inputTokens.count <= Self.rowsPerPass {
                rows += sequences[end].inputTokens.count
                end += 1
            }
            let pass = runPass(Array(sequences[start..<end]), rows: rows, model: model, loss: loss)
            logprobs += pass.logprobs
            total += pass.loss
            start = end
        }
        return (logprobs, total)
    }

    private func runPass(
        _ sequences: [TrainingSequence], rows: Int, model: PackedDecoder, loss: DecoderLoss?
    ) -> (logprobs: [[Float]], loss: Double) {
        let forward = DecoderForward(model)
        let lengths = sequences.map(\.inputTokens.count)
        let tokens = sequences.flatMap(\.inputTokens)
        let positions = lengths.flatMap { Array(0..<$0) }
        for layer in activations { layer.reserve(rows: rows, shape) }
        for buffer in [final, normalized, gradientOfNormalized] { buffer.reserve(rows * shape.hiddenSize) }
        finalInverseRMS.reserve(rows)

        forward.embed(tokens, into: activations[0].input)
        for (index, layer) in activations.enumerated() {
            let output = index + 1 < activations.count ? activations[index + 1].input : final
            forward.layer(index, positions: positions, activations: layer, output: output) {
                attend(layer, lengths: lengths)
            }
        }
        forward.finalNorm(final.pointer, rows: rows, into: normalized, inverseRMS: finalInverseRMS)
        let output = runOutput(sequences, rows: rows, forward: forward, loss: loss)
        if loss != nil {
            let backward = DecoderBackward(model, gradients: gradients, scratch: scratch)
            backward.run(
                tokens: tokens, positions: positions, lengths: lengths, activations: activations, final: final,
                finalInverseRMS: finalInverseRMS, gradientOfNormalized: gradientOfNormalized)
        }
        return output
    }

    /// Causal attention of each sequence over itself.
    private func attend(_ layer: LayerActivations, lengths: [Int]) {
        let (size, padded) = (shape.headSize, mr_padded(shape.headSize))
        let longest = (lengths.max() ?? 0) + 15
        scratch.keyBlocks.reserve(longest * size)
        scratch.values.reserve(longest * padded)
        scratch.scores.reserve(2 * (longest + 16))
        var first = 0
        for length in lengths {
            for keyHead in 0..<shape.keyValueHeadCount {
                scratch.load(layer.projection, first: first, length: length, keyHead: keyHead, shape: shape)
                for head in (keyHead * shape.headsPerGroup)..<((keyHead + 1) * shape.headsPerGroup) {
                    for t in 0..<length {
                        let row = first + t
                        mr_attend(
                            layer.projection.pointer + row * shape.projectionSize + head * size,
                            scratch.keyBlocks.pointer, scratch.values.pointer, t + 1, size, shape.attentionScale,
                            scratch.scores.pointer, layer.attended.pointer + row * shape.querySize + head * size,
                            layer.softmaxMaximum.pointer + row * shape.headCount + head,
                            layer.softmaxInverseSum.pointer + row * shape.headCount + head)
                    }
                }
            }
            first += length
        }
    }

    /// Logprobs of all targets; with a loss also the gradient of the normalised final rows and of the output matrix.
    ///
    /// Rows that cannot have a gradient skip the backward part.
    private func runOutput(
        _ sequences: [TrainingSequence], rows: Int, forward: DecoderForward, loss: DecoderLoss?
    ) -> (logprobs: [[Float]], loss: Double) {
        let targets = sequences.flatMap(\.targetTokens)
        let weights = sequences.flatMap(\.weights)
        let samplerLogprobs = sequences.flatMap(\.logprobs)
        let advantages = sequences.flatMap(\.advantages)
        var logprobs = [Float](repeating: 0, count: rows)
        var total = 0.0
        gradientOfNormalized.clear(rows * shape.hiddenSize)
        logits.reserve(Self.rowsPerLogits * shape.vocabularySize)
        selected.reserve(Self.rowsPerLogits * shape.hiddenSize)
        gradientOfSelected.reserve(Self.rowsPerLogits * shape.hiddenSize)

        let involved = (0..<rows).filter { loss?.involves(weight: weights[$0], advantage: advantages[$0]) ?? false }
        let others = (0..<rows).filter { !(loss?.involves(weight: weights[$0], advantage: advantages[$0]) ?? false) }
        for (list, trains) in [(others, false), (involved, true)] {
            for start in stride(from: 0, to: list.count, by: Self.rowsPerLogits) {
                let chunk = list[start..<min(start + Self.rowsPerLogits, list.count)]
                for (i, row) in chunk.enumerated() {
                    (selected.pointer + i * shape.hiddenSize)
                        .update(from: normalized.pointer + row * shape.hiddenSize, count: shape.hiddenSize)
                }
                forward.logits(selected.pointer, rows: chunk.count, into: logits)
                for (i, row) in chunk.enumerated() {
                    let line = logits.pointer + i * shape.vocabularySize
                    let normalizer = mr_log_sum_exp(line, shape.vocabularySize)
                    let target = Int(targets[row])
                    logprobs[row] = line[target] - normalizer
                    guard let loss else { continue }
                    let term = loss.objective(
                        logprob: logprobs[row], weight: weights[row], samplerLogprob: samplerLogprobs[row],
                        advantage: advantages[row])
                    total -= Double(term.value)
                    if trains {
                        mr_log_softmax_backward(line, normalizer, target, -term.derivative, shape.vocabularySize)
                    }
                }
                if trains { backwardOutput(Array(chunk), model: forward.model) }
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

    /// From the gradient of the logits (in `logits`) to that of the selected rows and of the output matrix.
    private func backwardOutput(_ rows: [Int], model: PackedDecoder) {
        let (hidden, vocabulary) = (shape.hiddenSize, shape.vocabularySize)
        guard let embedding = model.embedding else { return }
        mr_matmul(
            rows.count, hidden, vocabulary, logits.pointer, vocabulary, 1, embedding.pointer,
            gradientOfSelected.pointer, hidden, 0)
        for (i, row) in rows.enumerated() {
            (gradientOfNormalized.pointer + row * hidden)
                .update(from: gradientOfSelected.pointer + i * hidden, count: hidden)
        }
        scratch.addOuterProduct(
            logits.pointer, outputs: vocabulary, selected.pointer, inputs: hidden, rows: rows.count,
            to: gradients.pointer + layout.unembedding)
    }
}
