/// A worker's share of a training batch: runs sequences forward and backward and sums their gradients.
///
/// Invariants
/// * A lane is used by one thread at a time, which may share the work with its team; it owns its buffers.
/// * Gradients are summed over the lane's sequences in the order given, so a batch's gradient depends on how sequences
///   are dealt to lanes (``TrainingPlan``) and never on threads.
final class DecoderLane: @unchecked Sendable {
    let shape: DecoderConfiguration
    /// The sum of the gradients of all sequences since the last ``clearGradients()``, of what is trained.
    let gradients: FloatBuffer
    private let plan: TrainingPlan
    private let team: WorkTeam
    private let attention: DecoderAttention
    private var kept: LayerActivations.Kept
    private var activations: [LayerActivations]
    private let final = FloatBuffer(count: 0)
    private let finalInverseRMS = FloatBuffer(count: 0)
    private let normalized = FloatBuffer(count: 0)
    private let gradientOfNormalized = FloatBuffer(count: 0)
    private let output: DecoderOutput
    private let scratch = BackwardScratch()

    /// - Parameter trainedCount: the number of parameters that are trained.
    init(_ shape: DecoderConfiguration, trainedCount: Int, plan: TrainingPlan, team: WorkTeam) {
        self.shape = shape
        self.plan = plan
        self.team = team
        gradients = FloatBuffer(count: trainedCount)
        attention = DecoderAttention(
            shape: shape, scratch: (0..<team.threads).map { _ in AttentionScratch() }, team: team)
        output = DecoderOutput(shape, rowsPerBlock: plan.rowsPerLogits, team: team)
        kept = .everything
        activations = []
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
            while end < sequences.count, rows + sequences[end].inputTokens.count <= TrainingPlan.rowsPerPass {
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
        let forward = DecoderForward(model, team: team)
        let lengths = sequences.map(\.inputTokens.count)
        let tokens = sequences.flatMap(\.inputTokens)
        let positions = lengths.flatMap { Array(0..<$0) }
        let layers = prepareActivations(rows: rows, count: loss == nil ? 1 : shape.layerCount)
        for buffer in [final, normalized, gradientOfNormalized] { buffer.reserve(rows * shape.hiddenSize) }
        finalInverseRMS.reserve(rows)

        forward.embed(tokens, into: layers[0].input)
        for index in 0..<shape.layerCount {
            let layer = loss == nil ? layers[0] : layers[index]
            let isLast = index + 1 == shape.layerCount
            forward.layer(
                index, positions: positions, activations: layer,
                output: loss == nil || isLast ? final : layers[index + 1].input
            ) {
                attention.forward(layer, lengths: lengths)
            }
            if loss == nil && !isLast {
                layer.input.pointer.update(from: final.pointer, count: rows * shape.hiddenSize)
            }
        }
        forward.finalNorm(final, rows: rows, into: normalized, inverseRMS: finalInverseRMS)
        let result = output.run(
            sequences, normalized: normalized, forward: forward, loss: loss,
            gradientOfNormalized: gradientOfNormalized,
            gradients: GradientSink(model, gradients: gradients, low: scratch.low, team: team))
        if loss != nil {
            let backward = DecoderBackward(
                model, gradients: gradients, scratch: scratch, attention: attention, team: team)
            backward.run(
                tokens: tokens, positions: positions, lengths: lengths, activations: layers, final: final,
                finalInverseRMS: finalInverseRMS, gradientOfNormalized: gradientOfNormalized
            ) { index in
                restore(index, forward: forward, positions: positions, lengths: lengths)
            }
        }
        return result
    }

    /// Activations with room for `rows`: of one layer, or of all for a backward pass.
    private func prepareActivations(rows: Int, count: Int) -> [LayerActivations] {
        let wanted = plan.kept(rows: rows)
        if wanted != kept { activations = [] }
        kept = wanted
        while activations.count < count {
            activations.append(LayerActivations(sharing: activations.first, kept: kept))
        }
        for layer in activations.prefix(count) { layer.reserve(rows: rows, shape) }
        return Array(activations.prefix(count))
    }

    /// Completes the activations of a layer for its backward pass.
    private func restore(_ index: Int, forward: DecoderForward, positions: [Int], lengths: [Int]) {
        switch kept {
        case .everything: break
        case .products: forward.restoreDerived(index, positions: positions, activations: activations[index])
        case .input:
            forward.layer(index, positions: positions, activations: activations[index], output: normalized) {
                attention.forward(activations[index], lengths: lengths)
            }
        }
    }
}
