import Primitives

/// Encodes by every step of a tokenizer file in turn, as the reference does.
struct GeneralEncoder: Sendable {
    let addedVocabulary: AddedVocabulary
    let normalizer: Normalizer
    let preTokenizer: PreTokenizer
    let model: any TokenizerModel
    /// Whether the pre-tokenizer asks for where the text begins, which takes origins to know after normalisation.
    private let asksForStart: Bool

    init(
        addedVocabulary: AddedVocabulary, normalizer: Normalizer, preTokenizer: PreTokenizer, model: any TokenizerModel
    ) {
        self.addedVocabulary = addedVocabulary
        self.normalizer = normalizer
        self.preTokenizer = preTokenizer
        self.model = model
        asksForStart = preTokenizer.needsOrigins && !(normalizer.isIdentity && preTokenizer.beginsWithMetaspace)
    }

    /// Calls `emit` for each token with the bytes of the text that it stands for; with an empty range when
    /// `keepsOffsets` is false.
    func encode(
        _ text: UnsafeBufferPointer<UInt8>, recognizing policy: AddedTokenMatcher.Policy, keepsOffsets: Bool,
        emit: (TokenID, Range<Int>) -> Void
    ) {
        addedVocabulary.rawMatcher.cut(text, policy: policy) { id, range in
            emit(id, range)
        } stretch: { range in
            encode(text, range, recognizing: policy, keepsOffsets: keepsOffsets, emit: emit)
        }
    }

    /// Encodes what lies between added tokens of the text as it is.
    private func encode(
        _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, recognizing policy: AddedTokenMatcher.Policy,
        keepsOffsets: Bool, emit: (TokenID, Range<Int>) -> Void
    ) {
        var normalized = AlignedText(text[range], at: keepsOffsets || asksForStart ? range.lowerBound : nil)
        normalizer.normalize(&normalized)
        normalized.utf8.withUnsafeBufferPointer { utf8 in
            addedVocabulary.normalizedMatcher.cut(utf8, policy: policy) { id, matched in
                emit(id, keepsOffsets ? normalized.origin(of: matched) : 0..<0)
            } stretch: { stretch in
                // A part knows where it begins in the original text, whatever the normaliser removed before it.
                let isWhole = stretch == 0..<utf8.count && normalized.origins == nil
                let isStart = range.lowerBound == 0 && stretch.lowerBound == 0
                let start = normalized.origins?[stretch.lowerBound].lowerBound ?? 0
                let pieces = preTokenizer.split(
                    isWhole ? normalized : normalized[stretch], isStart: isStart && start == 0)
                for piece in pieces { encode(piece, keepsOffsets: keepsOffsets, emit: emit) }
            }
        }
    }

    /// The pieces of a text in which no added token is recognised, as the pre-tokenizer leaves them.
    func pieces(_ text: String) -> [String] {
        var normalized = AlignedText(text.utf8, at: 0)
        normalizer.normalize(&normalized)
        return preTokenizer.split(normalized, isStart: true).map { String(decoding: $0.utf8, as: UTF8.self) }
    }

    private func encode(_ piece: AlignedText, keepsOffsets: Bool, emit: (TokenID, Range<Int>) -> Void) {
        piece.utf8.withUnsafeBufferPointer { utf8 in
            model.tokenize(utf8) { id, range in emit(id, keepsOffsets ? piece.origin(of: range) : 0..<0) }
        }
    }

    // MARK: Without offsets

    /// Appends the ids of a text, those of pieces that the workspace remembers without asking the model.
    func encode(
        _ text: UnsafeBufferPointer<UInt8>, recognizing policy: AddedTokenMatcher.Policy,
        in workspace: EncodingWorkspace
    ) {
        addedVocabulary.rawMatcher.cut(text, policy: policy) { id, _ in
            workspace.append(id)
        } stretch: { range in
            if asksForStart {
                return encode(text, range, recognizing: policy, keepsOffsets: false) { id, _ in workspace.append(id) }
            }
            var normalized = AlignedText(text[range], at: nil)
            normalizer.normalize(&normalized)
            normalized.utf8.withUnsafeBufferPointer { utf8 in
                addedVocabulary.normalizedMatcher.cut(utf8, policy: policy) { id, _ in
                    workspace.append(id)
                } stretch: { stretch in
                    let isStart = range.lowerBound == 0 && stretch.lowerBound == 0
                    preTokenizer.forEachPiece(
                        of: UnsafeBufferPointer(rebasing: utf8[stretch]), isStart: isStart
                    ) { piece, _ in
                        model.forEachPart(of: piece) { part in
                            appendIDs(
                                of: UnsafeBufferPointer(rebasing: piece[part]),
                                isPadded: part.lowerBound + 16 <= piece.count, in: workspace)
                        }
                    }
                }
            }
        }
    }

    /// - Parameter isPadded: whether 16 bytes from the start of the piece on may be read.
    private func appendIDs(of piece: UnsafeBufferPointer<UInt8>, isPadded: Bool, in workspace: EncodingWorkspace) {
        guard let bytes = piece.baseAddress, piece.count <= PieceCache.longestPiece, let cache = workspace.cache else {
            return model.tokenize(piece) { id, _ in workspace.append(id) }
        }
        let cursor = workspace.cursor(room: piece.count)
        var key: PieceKey?
        let hash: UInt64
        if piece.count <= PieceKey.longestPiece {
            let short = PieceKey(bytes, count: piece.count, isPadded: isPadded)
            hash = short.hash
            let known = cache.find(short, hash: hash, into: cursor)
            if known != 0 { return workspace.advance(to: cursor + known) }
            key = short
        } else {
            hash = ByteHash.hash(piece)
        }
        let known = cache.find(piece, hash: hash, into: cursor)
        if known != 0 { return workspace.advance(to: cursor + known) }
        var ids: [TokenID] = []
        model.tokenize(piece) { id, _ in ids.append(id) }
        for id in ids { workspace.append(id) }
        guard 1...piece.count ~= ids.count else { return }
        ids.withUnsafeBufferPointer { ids in
            guard let start = ids.baseAddress else { return }
            if let key, ids.count <= PieceCache.mostIDs {
                cache.insert(key, hash: hash, ids: start, count: ids.count)
            } else {
                cache.insert(piece, hash: hash, ids: start, count: ids.count)
            }
        }
    }
}

extension AlignedText {
    /// The bytes of the original text that a range of the bytes stands for.
    func origin(of range: Range<Int>) -> Range<Int> {
        guard let origins, !origins.isEmpty else { return 0..<0 }
        let first = origins[min(range.lowerBound, origins.count - 1)]
        if range.isEmpty { return Int(first.lowerBound)..<Int(first.lowerBound) }
        let last = origins[range.upperBound - 1]
        return Int(first.lowerBound)..<Int(max(last.upperBound, first.lowerBound))
    }
}
