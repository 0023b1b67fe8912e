import Primitives

/// The fast path for byte-level byte-pair encoding, from UTF-8 to ids.
///
/// For files with no normalizer or NFC, the split stages of a ``ByteLevelPattern``, ByteLevel without prefix space, and
/// a BPE model without unknown token, dropout, prefix, suffix or byte fallback. Usage:
///
///     let encoder = ByteLevelEncoder(vocabulary: …, merges: …, ignoresMerges: …, pattern: …, composes: …)
///     let workspaces = EncodingWorkspaces()               // keeps the piece caches, one for each concurrent call
///     let ids = workspaces.withWorkspace { workspace in
///         encoder.encode(segment, in: workspace)          // for each segment between added tokens
///         workspace.append(addedTokenID)
///         return workspace.takeIDs()
///     }
struct ByteLevelEncoder: Sendable {
    /// `nil` where text is cut by ``stages``.
    let pattern: ByteLevelPattern?
    let stages: ByteLevelStages
    /// Whether each segment is brought to normalisation form C first.
    let composes: Bool
    let merger: BytePairMerger
    let wholePieces: WholePieceTable
    /// Whether an ASCII character makes one piece with the ASCII letters after it: 1 for letters, 2 for others, 0 for
    /// no.
    private let wordStarts: FixedTable<UInt8>

    /// `nil` when the vocabulary lacks one of the 256 bytes; such a file needs the general path.
    ///
    /// - Parameter wholePieces: the table that this would make, where there is one already.
    init?(
        vocabulary: Vocabulary, merges: MergeTable, ignoresMerges: Bool, pattern: ByteLevelPattern?,
        stages: ByteLevelStages = ByteLevelStages(), composes: Bool,
        wholePieces: WholePieceTable? = nil
    ) {
        var byteTokens: [TokenID] = []
        for byte in UInt8.min...UInt8.max {
            guard let id = vocabulary.id(of: ByteAlphabet.entry(for: [byte])) else { return nil }
            byteTokens.append(id)
        }
        let merger = BytePairMerger(byteTokens: FixedTable(byteTokens), merges: merges)
        let wholePieces =
            wholePieces
            ?? WholePieceTable(vocabulary) { id, entry in
                if ignoresMerges { return true }
                return withUnsafeTemporaryAllocation(of: TokenID.self, capacity: entry.count) { ids in
                    guard let start = ids.baseAddress else { return false }
                    return merger.merge(entry, into: start) == 1 && start.pointee == id
                }
            }
        self.init(merger: merger, wholePieces: wholePieces, pattern: pattern, stages: stages, composes: composes)
    }

    init(
        merger: BytePairMerger, wholePieces: WholePieceTable, pattern: ByteLevelPattern?,
        stages: ByteLevelStages = ByteLevelStages(),
        composes: Bool
    ) {
        self.merger = merger
        self.wholePieces = wholePieces
        self.pattern = pattern
        self.stages = stages
        self.composes = composes
        wordStarts = FixedTable(
            (UInt8.min...UInt8.max).map { pattern?.joinsLetters($0) ?? false ? Self.isLetter($0) ? 1 : 2 : 0 })
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// Appends the ids of a stretch of text without added tokens, which must be valid UTF-8.
    func encode(_ segment: UnsafeBufferPointer<UInt8>, in workspace: EncodingWorkspace) {
        if segment.isEmpty { return }
        if composes, let composed = CanonicalComposition.composed(segment) {
            composed.withUnsafeBufferPointer { encodeNormalized($0, in: workspace) }
        } else {
            encodeNormalized(segment, in: workspace)
        }
    }

    private func encodeNormalized(_ text: UnsafeBufferPointer<UInt8>, in workspace: EncodingWorkspace) {
        switch pattern {
        case .gpt2: encode(text, GPT2Scanner(), in: workspace)
        case .qwen: encode(text, ByteLevelPattern.qwenScanner, in: workspace)
        case .llama3: encode(text, ByteLevelPattern.llama3Scanner, in: workspace)
        case .qwen35: encode(text, ByteLevelPattern.qwen35Scanner, in: workspace)
        case .o200k: encode(text, ByteLevelPattern.o200kScanner, in: workspace)
        case .tekken: encode(text, ByteLevelPattern.tekkenScanner, in: workspace)
        case .deepSeek: encode(text, DeepSeekScanner(), in: workspace)
        case .digitsGPT2: encode(text, DigitsGPT2Scanner(), in: workspace)
        case nil: for piece in stages.pieces(of: text) { encodePiece(piece, of: text, in: workspace) }
        }
    }

    @inline(__always)
    private func encode<Scanner: PieceScanner>(
        _ text: UnsafeBufferPointer<UInt8>, _ scanner: Scanner, in workspace: EncodingWorkspace
    ) {
        guard let bytes = text.baseAddress else { return }
        var scanner = scanner
        let reader = ScalarReader(text)
        let count = text.count
        let wordStarts = wordStarts.start
        let byteTokens = merger.byteTokens.start
        let cache = workspace.cache
        var cursor = workspace.cursor(room: 0)
        var lastCursor = workspace.lastCursor
        var position = 0
        while position < count {
            if cursor > lastCursor {
                workspace.advance(to: cursor)
                cursor = workspace.cursor(room: 0)
                lastCursor = workspace.lastCursor
            }
            let piece = bytes + position
            let isPadded = position + 16 < count
            let wordStart = Int(wordStarts[Int(piece.pointee)])
            let key: PieceKey
            if isPadded, wordStart != 0, let word = Self.word(at: piece, from: wordStart, Scanner.self) {
                key = word
            } else {
                let length = scanner.pieceEnd(in: reader, from: position) - position
                if length == 1 {
                    cursor.pointee = byteTokens[Int(piece.pointee)]
                    cursor += 1
                    position += 1
                    continue
                }
                if length > PieceKey.longestPiece {
                    workspace.advance(to: cursor)
                    appendLong(UnsafeBufferPointer(start: piece, count: length), in: workspace)
                    cursor = workspace.cursor(room: 0)
                    lastCursor = workspace.lastCursor
                    position += length
                    continue
                }
                key = PieceKey(piece, count: length, isPadded: isPadded)
            }
            position += key.count
            let hash = key.hash
            if let cache {
                let known = cache.find(key, hash: hash, into: cursor)
                if known != 0 {
                    cursor += known
                    continue
                }
            }
            cursor += encodeShort(UnsafeBufferPointer(start: piece, count: key.count), key, hash, cache, into: cursor)
        }
        workspace.advance(to: cursor)
    }

    /// Appends the ids of a piece that is not empty.
    private func encodePiece(_ range: Range<Int>, of text: UnsafeBufferPointer<UInt8>, in workspace: EncodingWorkspace)
    {
        let piece = UnsafeBufferPointer(rebasing: text[range])
        guard let bytes = piece.baseAddress else { return }
        if piece.count == 1 { return workspace.append(merger.byteTokens.start[Int(bytes.pointee)]) }
        if piece.count > PieceKey.longestPiece { return appendLong(piece, in: workspace) }
        let key = PieceKey(bytes, count: piece.count, isPadded: range.lowerBound + 16 < text.count)
        let hash = key.hash
        let cursor = workspace.cursor(room: 0)
        let known = workspace.cache?.find(key, hash: hash, into: cursor) ?? 0
        workspace.advance(
            to: cursor + (known != 0 ? known : encodeShort(piece, key, hash, workspace.cache, into: cursor)))
    }

    /// The piece of ASCII letters that begins with or after the first of 16 bytes and ends within them before another
    /// ASCII character; `nil` when there is none.
    @inline(__always)
    private static func word<Scanner: PieceScanner>(
        at bytes: UnsafePointer<UInt8>, from wordStart: Int, _: Scanner.Type
    ) -> PieceKey? {
        let raw = UnsafeRawPointer(bytes)
        let low = raw.loadUnaligned(as: UInt64.self)
        let high = raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        let isPrefixed = UInt32(wordStart - 1)
        var end: Int
        if Scanner.cutsByCase {
            let small = ASCIIWord.smallLetters(low, high)
            let capital = ASCIIWord.letters(low, high) & ~small
            let afterCapitals = (~(capital | isPrefixed) | 1 << 16).trailingZeroBitCount
            let others = ~small | 1 << 16
            end = (others & (~0 << UInt32(truncatingIfNeeded: afterCapitals))).trailingZeroBitCount
        } else {
            let letters = ASCIIWord.letters(low, high)
            end = (~(letters | isPrefixed) | 1 << 16).trailingZeroBitCount
        }
        if end > PieceKey.longestPiece || end < wordStart { return nil }
        let next = bytes[end]
        if next >= 0x80 || (Scanner.cutsByCase && next == UInt8(ascii: "'")) { return nil }
        return PieceKey(low: low, high: high, count: end)
    }

    /// A piece of 2 to 15 bytes that the cache does not know, or not under its key.
    @inline(never)
    private func encodeShort(
        _ piece: UnsafeBufferPointer<UInt8>, _ key: PieceKey, _ hash: UInt64, _ cache: PieceCache?,
        into ids: UnsafeMutablePointer<TokenID>
    ) -> Int {
        let whole = wholePieces.id(of: key, hash: hash)
        if whole >= 0 {
            ids.pointee = whole
            cache?.insert(key, hash: hash, ids: ids, count: 1)
            return 1
        }
        guard let cache else { return merger.merge(piece, into: ids) }
        let known = cache.find(piece, hash: hash, into: ids)
        if known != 0 { return known }
        let count = merger.merge(piece, into: ids)
        if count <= PieceCache.mostIDs {
            cache.insert(key, hash: hash, ids: ids, count: count)
        } else {
            cache.insert(piece, hash: hash, ids: ids, count: count)
        }
        return count
    }

    @inline(never)
    private func appendLong(_ piece: UnsafeBufferPointer<UInt8>, in workspace: EncodingWorkspace) {
        let ids = workspace.cursor(room: piece.count)
        let hash = ByteHash.hash(piece)
        let whole = wholePieces.id(of: piece, hash: hash)
        if whole >= 0 {
            ids.pointee = whole
            workspace.advance(to: ids + 1)
            return
        }
        let cache = piece.count <= PieceCache.longestPiece ? workspace.cache : nil
        var count = cache?.find(piece, hash: hash, into: ids) ?? 0
        if count == 0 {
            count = merger.merge(piece, into: ids)
            cache?.insert(piece, hash: hash, ids: ids, count: count)
        }
        workspace.advance(to: ids + count)
    }
}
