import Primitives

/// Byte-pair encoding over the scalars of a piece, with the options of Hugging Face's `BPE`.
///
/// ``ByteLevelEncoder`` is the fast form for vocabularies that hold every byte and use none of these options.
struct GeneralBytePairModel: TokenizerModel {
    let vocabulary: Vocabulary
    let merges: MergeTable
    let options: BytePairOptions
    private let byteTokens: ByteFallbackTokens?
    private let cutsAtWordMarks: Bool

    /// Above this many symbols a heap is faster than looking through all pairs.
    private static let longestScan = 32

    /// - Parameter tables: the vocabulary and the merges, where they are known already.
    init(_ component: FileComponent, tables: TokenizerTables? = nil) throws(TokenizerError) {
        if let tables {
            vocabulary = tables.vocabulary
            options = try BytePairOptions(component, vocabulary)
            merges = tables.merges
        } else {
            vocabulary = try Vocabulary(component["vocab"])
            options = try BytePairOptions(component, vocabulary)
            merges = try MergeTable(
                component["merges"], vocabulary, droppingFromRight: options.continuingSubwordPrefix.utf8.count)
        }
        byteTokens = options.fallsBackToBytes ? ByteFallbackTokens(vocabulary) : nil
        cutsAtWordMarks = Self.cutsAtWordMarks(vocabulary, merges, options)
    }

    fileprivate struct Symbol {
        /// -1 once it is joined to the symbol before it.
        var id: TokenID
        var byteCount: Int32
    }

    func tokenize(_ piece: UnsafeBufferPointer<UInt8>, emit: (TokenID, Range<Int>) -> Void) {
        if options.ignoresMerges, let id = vocabulary.id(of: piece) { return emit(id, 0..<piece.count) }
        var symbols = symbols(piece)
        if symbols.count <= Self.longestScan { mergeByScanning(&symbols) } else { mergeByHeap(&symbols) }
        var start = 0
        // Bytes that are dropped count for nothing: the reference moves what follows up.
        for symbol in symbols where symbol.id >= 0 {
            emit(symbol.id, start..<start + Int(symbol.byteCount))
            start += Int(symbol.byteCount)
        }
    }

    func forEachPart(of piece: UnsafeBufferPointer<UInt8>, _ part: (Range<Int>) -> Void) {
        guard cutsAtWordMarks else { return part(0..<piece.count) }
        let mark = Self.wordMark
        var start = 0
        var position = 0
        var isAfterMark = true
        while position < piece.count {
            if piece[position] == mark[0], position + 2 < piece.count, piece[position + 1] == mark[1],
                piece[position + 2] == mark[2]
            {
                if !isAfterMark {
                    part(start..<position)
                    start = position
                }
                isAfterMark = true
                position += 3
            } else {
                isAfterMark = false
                position += 1
            }
        }
        if start < piece.count { part(start..<piece.count) }
    }

    /// U+2581, which stands for a space in the vocabularies of SentencePiece.
    private static let wordMark: [UInt8] = [0xE2, 0x96, 0x81]

    /// Whether nothing ever joins what lies before a word mark to it, unless that is a mark too.
    private static func cutsAtWordMarks(
        _ vocabulary: Vocabulary, _ merges: MergeTable, _ options: BytePairOptions
    ) -> Bool {
        guard options.unknown != nil, !options.ignoresMerges, options.continuingSubwordPrefix.isEmpty,
            options.endOfWordSuffix.isEmpty, wordMark.withUnsafeBufferPointer({ vocabulary.id(of: $0) }) != nil
        else { return false }
        var isCrossed = false
        merges.forEach { left, right, _ in
            guard let left = vocabulary.utf8(left), let right = vocabulary.utf8(right) else { return }
            if right.starts(with: wordMark), !left.suffix(3).elementsEqual(wordMark) { isCrossed = true }
        }
        return !isCrossed
    }

    /// One symbol for each scalar.
    private func symbols(_ piece: UnsafeBufferPointer<UInt8>) -> [Symbol] {
        var symbols: [Symbol] = []
        symbols.reserveCapacity(piece.count)
        // Not among the symbols before it is known whether the next scalar joins it.
        var unknown: Symbol?
        var decorated: [UInt8] = []
        var start = 0
        while start < piece.count {
            var end = start + 1
            while end < piece.count, piece[end] & 0xC0 == 0x80 { end += 1 }
            let bytes = UnsafeBufferPointer(rebasing: piece[start..<end])
            let byteCount = Int32(end - start)
            let isDecorated =
                start > 0 && !options.continuingSubwordPrefix.isEmpty
                || end == piece.count && !options.endOfWordSuffix.isEmpty
            decorated.removeAll(keepingCapacity: true)
            if isDecorated {
                if start > 0 { decorated += options.continuingSubwordPrefix.utf8 }
                decorated += bytes
                if end == piece.count { decorated += options.endOfWordSuffix.utf8 }
            }
            start = end
            if let id = isDecorated ? vocabulary.id(of: decorated[...]) : vocabulary.id(of: bytes) {
                if let pending = unknown { symbols.append(pending) }
                unknown = nil
                symbols.append(Symbol(id: id, byteCount: byteCount))
            } else if let tokens = isDecorated ? byteTokens?.tokens(of: decorated) : byteTokens?.tokens(of: bytes) {
                // A pending unknown symbol stays pending, as in Hugging Face, and then follows these bytes.
                for (index, token) in tokens.enumerated() {
                    // Bytes of the prefix and the suffix are no bytes of the piece.
                    symbols.append(Symbol(id: token, byteCount: index < Int(byteCount) ? 1 : 0))
                }
            } else if let id = options.unknown {
                if let pending = unknown, options.fusesUnknown {
                    unknown = Symbol(id: id, byteCount: pending.byteCount + byteCount)
                } else {
                    if let pending = unknown { symbols.append(pending) }
                    unknown = Symbol(id: id, byteCount: byteCount)
                }
            }
        }
        if let pending = unknown { symbols.append(pending) }
        return symbols
    }

    /// Quadratic in the number of symbols, for short pieces.
    private func mergeByScanning(_ symbols: inout [Symbol]) {
        while symbols.count > 1 {
            var best = MergeTable.absent
            var position = 0
            for index in 0..<symbols.count - 1 {
                let entry = merges.entry(symbols[index].id, symbols[index + 1].id)
                if entry < best {
                    best = entry
                    position = index
                }
            }
            if best == MergeTable.absent { return }
            symbols[position].join(symbols[position + 1], MergeTable.product(best))
            symbols.remove(at: position + 1)
        }
    }

    /// O(n log n), for long pieces. Joined symbols stay, with id -1.
    private func mergeByHeap(_ symbols: inout [Symbol]) {
        let count = symbols.count
        var previous = (0..<count).map { Int32($0 - 1) }
        var next = (0..<count).map { Int32($0 + 1) }
        func candidate(_ left: Int, _ right: Int) -> UInt64? {
            let entry = merges.entry(symbols[left].id, symbols[right].id)
            return entry == MergeTable.absent ? nil : MergeTable.rank(entry) << 32 | UInt64(left)
        }
        // Entries are rank, then position. One whose pair has changed since it was pushed has another rank by now.
        var heap = MinimumHeap((0..<count - 1).compactMap { candidate($0, $0 + 1) })
        while let top = heap.removeMinimum() {
            let position = Int(top & 0xFFFF_FFFF)
            let right = Int(next[position])
            guard symbols[position].id >= 0, right < count else { continue }
            let entry = merges.entry(symbols[position].id, symbols[right].id)
            guard entry != MergeTable.absent, MergeTable.rank(entry) == top >> 32 else { continue }
            symbols[position].join(symbols[right], MergeTable.product(entry))
            symbols[right].id = -1
            next[position] = next[right]
            let following = Int(next[position])
            if following < count {
                previous[following] = Int32(position)
                if let new = candidate(position, following) { heap.insert(new) }
            }
            let preceding = Int(previous[position])
            if preceding >= 0, let new = candidate(preceding, position) { heap.insert(new) }
        }
    }
}

extension GeneralBytePairModel.Symbol {
    fileprivate mutating func join(_ right: Self, _ product: TokenID) {
        id = product
        byteCount += right.byteCount
    }
}
