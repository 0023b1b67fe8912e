import Primitives

/// The most probable cut of a piece into entries that each have a log probability (Kudo, "Subword Regularization", 2018).
struct UnigramModel: TokenizerModel {
    let vocabulary: Vocabulary
    private let scores: [Double]
    private let unknown: TokenID
    private let unknownScore: Double
    private let byteTokens: ByteFallbackTokens?
    private let entries: ByteTrie

    /// How much worse than the least probable entry an unknown scalar is.
    private static let unknownPenalty = 10.0

    init(_ component: FileComponent) throws(TokenizerError) {
        try component.require(type: "Unigram", members: ["vocab", "unk_id", "byte_fallback"])
        (vocabulary, scores) = try Vocabulary.scored(component["vocab"])
        let id = try component["unk_id"].integer("the id of the unknown token")
        guard scores.indices.contains(id) else { throw component["unk_id"].unsupported("an id of the vocabulary") }
        unknown = TokenID(id)
        unknownScore = (scores.min() ?? 0) - Self.unknownPenalty
        byteTokens = try component["byte_fallback"].flag() ? ByteFallbackTokens(vocabulary) : nil
        entries = vocabulary.trie()
    }

    /// The best path to a byte.
    private struct Node {
        var id: TokenID = 0
        var start: Int32 = -1
        var score = 0.0
    }

    func tokenize(_ piece: UnsafeBufferPointer<UInt8>, emit: (TokenID, Range<Int>) -> Void) {
        let best = bestPaths(piece)
        var ends: [Int] = []
        var end = piece.count
        while end > 0 {
            ends.append(end)
            end = Int(best[end].start)
        }
        var start = 0
        var unknownStart: Int?
        for end in ends.reversed() {
            let id = best[end].id
            if id == unknown {
                unknownStart = unknownStart ?? start
            } else {
                if let first = unknownStart { emitUnknown(piece, first..<start, emit) }
                unknownStart = nil
                emit(id, start..<end)
            }
            start = end
        }
        if let first = unknownStart { emitUnknown(piece, first..<piece.count, emit) }
    }

    /// The best path to each byte that ends a token.
    private func bestPaths(_ piece: UnsafeBufferPointer<UInt8>) -> [Node] {
        var best = [Node](repeating: Node(), count: piece.count + 1)
        func offer(_ id: TokenID, _ score: Double, from start: Int, to end: Int) {
            if best[end].start < 0 || score > best[end].score {
                best[end] = Node(id: id, start: Int32(start), score: score)
            }
        }
        var start = 0
        while start < piece.count {
            let score = best[start].score
            var next = start + 1
            while next < piece.count, piece[next] & 0xC0 == 0x80 { next += 1 }
            var isScalarKnown = false
            var node = ByteTrie.root
            var position = start
            while position < piece.count, let child = entries.child(of: node, piece[position]) {
                node = child
                position += 1
                guard let id = entries.value(node) else { continue }
                offer(id, scores[Int(id)] + score, from: start, to: position)
                if position == next { isScalarKnown = true }
            }
            if !isScalarKnown { offer(unknown, unknownScore + score, from: start, to: next) }
            start = next
        }
        return best
    }

    /// A run of unknown scalars is one token, or one for each byte, each of which stands for the run.
    private func emitUnknown(
        _ piece: UnsafeBufferPointer<UInt8>, _ run: Range<Int>, _ emit: (TokenID, Range<Int>) -> Void
    ) {
        let bytes = UnsafeBufferPointer(rebasing: piece[run])
        if let id = vocabulary.id(of: bytes) {
            emit(id, run)
        } else if let tokens = byteTokens?.tokens(of: bytes) {
            for token in tokens { emit(token, run) }
        } else {
            emit(unknown, run)
        }
    }
}
