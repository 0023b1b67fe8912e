import CKernels

/// Computes a pass: the rows (tokens) of many sequences together, and the tokens drawn after them.
final class BatchDecoder {
    /// Floats of the logits that exist at a time.
    private static let maximumLogits = 1 << 24

    private let forward: DecoderForward
    private let team: WorkTeam
    private let shape: DecoderConfiguration
    private let layout: CachePage.Layout
    private let activations = LayerActivations()
    private let output = FloatBuffer(count: 0)
    private let normalized = FloatBuffer(count: 0)
    private let selected = FloatBuffer(count: 0)
    private let logits = FloatBuffer(count: 0)
    /// Room for the attention of one query, for each thread.
    private let scores: [FloatBuffer]
    private let choice = TokenChoice()

    init(_ model: PackedDecoder, layout: CachePage.Layout, threads: Int) {
        team = WorkTeam(threads: threads)
        forward = DecoderForward(model, team: threads > 1 ? team : nil)
        scores = (0..<team.threads).map { _ in FloatBuffer(count: 0) }
        shape = model.weights.configuration
        self.layout = layout
    }

    /// Stores keys and values of the pass's pieces, scores prompts and draws for every sequence that is up to date.
    func run(_ pass: SequenceScheduler.Pass) {
        for sequence in pass.starts + pass.pieces.map(\.sequence) { prepare(sequence) }
        if !pass.pieces.isEmpty { computeStates(pass.pieces) }
        scorePrompts(pass.pieces)
        var draws: [(sequence: ActiveSequence, state: UnsafePointer<Float>)] = []
        for sequence in pass.starts {
            if let state = sequence.finalState { draws.append((sequence, UnsafePointer(state.pointer))) }
        }
        var row = 0
        for piece in pass.pieces {
            row += piece.count
            piece.sequence.cache.count += piece.count
            let state = normalized.pointer + (row - 1) * shape.hiddenSize
            if piece.keepsFinalState {
                let kept = FloatBuffer(count: shape.hiddenSize)
                kept.pointer.update(from: state, count: shape.hiddenSize)
                piece.sequence.computedState = kept
            }
            if piece.sequence.pendingCount == 0 { draws.append((piece.sequence, UnsafePointer(state))) }
        }
        withLogits(of: draws.map(\.state)) { index, line in
            let sequence = draws[index].sequence
            let drawn = choice.draw(
                line, count: shape.vocabularySize, request: sequence.request, index: sequence.sampledCount)
            sequence.append(drawn)
        }
        for sequence in pass.starts { sequence.finalState = nil }
    }

    /// Makes the copy that a sequence's first own page begins with.
    private func prepare(_ sequence: ActiveSequence) {
        guard let copy = sequence.pendingCopy else { return }
        sequence.cache.pages[sequence.plan.shared.count].copy(copy.count, from: copy.page, layout: layout)
        sequence.pendingCopy = nil
    }

    /// The normalised final state of every row; keys and values go to the rows' caches.
    private func computeStates(_ pieces: [SequenceScheduler.Piece]) {
        let positions = pieces.flatMap { $0.start..<($0.start + $0.count) }
        let tokens = pieces.flatMap { $0.sequence.tokens[$0.start..<($0.start + $0.count)] }
        let rows = positions.count
        activations.reserve(rows: rows, shape)
        output.reserve(rows * shape.hiddenSize)
        normalized.reserve(rows * shape.hiddenSize)
        for buffer in scores { buffer.reserve((positions.max() ?? 0) + 32) }
        let queries = queries(pieces)
        let pages = pieces.flatMap(\.sequence.cache.addresses)
        forward.embed(tokens, into: activations.input)
        for layer in 0..<shape.layerCount {
            forward.layer(layer, positions: positions, activations: activations, output: output) {
                store(pieces, layer: layer)
                attend(queries, pages: pages, layer: layer)
            }
            activations.input.pointer.update(from: output.pointer, count: rows * shape.hiddenSize)
        }
        forward.finalNorm(output, rows: rows, into: normalized, inverseRMS: nil)
    }

    private func store(_ pieces: [SequenceScheduler.Piece], layer: Int) {
        var row = 0
        for piece in pieces {
            for position in piece.start..<(piece.start + piece.count) {
                let keys = activations.projection.pointer + row * shape.projectionSize + shape.querySize
                piece.sequence.cache.store(layer: layer, position: position, keys: keys, layout: layout)
                row += 1
            }
        }
    }

    /// What a row attends to: `count` positions in the pages of all sequences from `firstPage` on.
    private struct Query {
        var firstPage: Int
        var count: Int
    }

    private func queries(_ pieces: [SequenceScheduler.Piece]) -> [Query] {
        var queries: [Query] = []
        var firstPage = 0
        for piece in pieces {
            for position in piece.start..<(piece.start + piece.count) {
                queries.append(Query(firstPage: firstPage, count: position + 1))
            }
            firstPage += piece.sequence.cache.addresses.count
        }
        return queries
    }

    /// Attention of all rows; a share of it is a row's query heads that have one key head.
    private func attend(_ queries: [Query], pages: [UnsafePointer<Float>?], layer: Int) {
        let (size, keyHeads, group) = (shape.headSize, shape.keyValueHeadCount, shape.headsPerGroup)
        pages.withUnsafeBufferPointer { pages in
            guard let base = pages.baseAddress else { return }
            team.ranges(queries.count * keyHeads) { worker, range in
                for index in range {
                    let (row, keyHead) = index.quotientAndRemainder(dividingBy: keyHeads)
                    let head = keyHead * group * size
                    let query = activations.projection.pointer + row * shape.projectionSize + head
                    let out = activations.attended.pointer + row * shape.querySize + head
                    for offset in stride(from: 0, to: group * size, by: size) {
                        mr_attend_paged(
                            query + offset, base + queries[row].firstPage,
                            layout.keyOffset(layer: layer, keyHead: keyHead),
                            layout.valueOffset(layer: layer, keyHead: keyHead), queries[row].count, size,
                            shape.attentionScale, scores[worker].pointer, out + offset)
                    }
                }
            }
        }
    }

    /// Logprobs of the prompt tokens that follow the rows of sequences that want them.
    private func scorePrompts(_ pieces: [SequenceScheduler.Piece]) {
        var marked: [(sequence: ActiveSequence, next: Int32)] = []
        var states: [UnsafePointer<Float>] = []
        var row = 0
        for piece in pieces {
            if piece.sequence.isScoringPrompt {
                let prompt = piece.sequence.request.prompt
                for offset in 0..<piece.count where piece.start + offset + 1 < prompt.count {
                    marked.append((piece.sequence, prompt[piece.start + offset + 1]))
                    states.append(UnsafePointer(normalized.pointer + (row + offset) * shape.hiddenSize))
                }
            }
            row += piece.count
        }
        withLogits(of: states) { index, line in
            let (sequence, next) = marked[index]
            let normalizer = mr_log_sum_exp(line, shape.vocabularySize)
            sequence.score(
                logprob: line[Int(next)] - normalizer,
                top: choice.top(
                    sequence.request.topkPromptLogprobs, line, count: shape.vocabularySize, normalizer: normalizer))
        }
    }

    /// Calls `body` with the logits of each state, which exist for a number of states at a time.
    private func withLogits(of states: [UnsafePointer<Float>], _ body: (Int, UnsafePointer<Float>) -> Void) {
        let hidden = shape.hiddenSize
        let size = max(1, Self.maximumLogits / shape.vocabularySize)
        for start in stride(from: 0, to: states.count, by: size) {
            let part = states[start..<min(start + size, states.count)]
            selected.reserve(part.count * hidden)
            logits.reserve(part.count * shape.vocabularySize)
            for (row, state) in part.enumerated() {
                (selected.pointer + row * hidden).update(from: state, count: hidden)
            }
            forward.logits(selected, rows: part.count, into: logits)
            for row in 0..<part.count { body(start + row, UnsafePointer(logits.pointer + row * shape.vocabularySize)) }
        }
    }
}
