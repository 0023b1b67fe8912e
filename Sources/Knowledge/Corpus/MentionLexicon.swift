/// The names of entities in a form that finds them in text: a trie over words, walked from every word of the text.
///
/// A mention is the longest name that begins at a word. Its words stand next to each other, with at most five bytes and
/// no end of a sentence or line between two of them. Case plays no part, except for names without small letters
/// ("AIDS", "MET"), which must be written exactly so.
public struct MentionLexicon: Sendable {
    private struct Pattern {
        var node: Int32
        /// The words as they must be written, where case counts.
        var exact: [[UInt8]]?
        var entities: [Int32]
    }

    /// Bytes between two words of a name: room for a possessive, `’s `.
    private static let maximumGap: Int32 = 5

    public let entityCount: Int
    /// Names that were not taken: too short, or without a letter.
    public private(set) var skippedNames = 0

    // Words: hash → number, open addressing; 0 is free, otherwise the number plus one.
    private var slots: [Int32] = []
    private var slotMask = 0
    private var hashes: [UInt64] = []
    private var words: [UInt8] = []
    private var wordOffsets: [Int32] = [0]
    // Edges: node and word → node, open addressing; the key 0 is free, because no edge leads from the root by this table.
    private var edgeKeys: [UInt64] = []
    private var edgeTargets: [Int32] = []
    private var edgeMask = 0
    /// The node that a word leads to from the root; 0 for none.
    private var firstNodes: [Int32] = []
    /// The patterns that end at node `n` are `patternOffsets[n]..<patternOffsets[n + 1]`, exact ones first.
    private var patternOffsets: [Int32] = []
    private var patterns: [Pattern] = []

    /// - Parameter minimumLength: the bytes that a name needs at least.
    public init(_ entities: some Collection<Entity>, minimumLength: Int = 3) {
        entityCount = entities.count
        var builder = Builder()
        for (index, entity) in entities.enumerated() {
            for name in Self.names(of: entity) {
                if name.utf8.count < minimumLength || !name.contains(where: \.isLetter) {
                    skippedNames += 1
                } else {
                    builder.add(name, entity: Int32(index))
                }
            }
        }
        finish(builder)
    }

    /// Names as texts write them: without the type in parentheses that keeps apart entities of one name.
    private static func names(of entity: Entity) -> [String] {
        let suffix = " (\(entity.type))"
        let name = entity.name.hasSuffix(suffix) ? String(entity.name.dropLast(suffix.count)) : entity.name
        return [name] + entity.synonyms
    }

    // MARK: Building

    private struct Builder {
        struct Edge: Hashable { let node: Int32, word: Int32 }
        struct End: Hashable { let node: Int32, exact: [[UInt8]]? }

        var numbers: [[UInt8]: Int32] = [:]
        var words: [(bytes: [UInt8], hash: UInt64)] = []
        var edges: [Edge: Int32] = [:]
        var nodeCount: Int32 = 1
        var ends: [End: [Int32]] = [:]
        private var scanner = MentionTokens()

        mutating func add(_ name: String, entity: Int32) {
            var name = name
            name.withUTF8 { bytes in
                scanner.scan(bytes)
                guard !scanner.tokens.isEmpty else { return }
                var node: Int32 = 0
                var exact: [[UInt8]] = []
                for token in scanner.tokens {
                    let range = Int(token.start)..<Int(token.end)
                    let folded = MentionTokens.folded(bytes, range)
                    exact.append(Array(bytes[range]))
                    let word = numbers[folded] ?? Int32(words.count)
                    if Int(word) == words.count {
                        numbers[folded] = word
                        words.append((folded, token.hash))
                    }
                    let edge = Edge(node: node, word: word)
                    if let next = edges[edge] {
                        node = next
                    } else {
                        edges[edge] = nodeCount
                        node = nodeCount
                        nodeCount += 1
                    }
                }
                let isExact =
                    !bytes.contains { (0x61...0x7A).contains($0) } && bytes.contains { (0x41...0x5A).contains($0) }
                let end = End(node: node, exact: isExact ? exact : nil)
                if ends[end]?.contains(entity) != true { ends[end, default: []].append(entity) }
            }
        }
    }

    private mutating func finish(_ builder: Builder) {
        var size = 16
        while size < builder.words.count * 2 { size *= 2 }
        slots = [Int32](repeating: 0, count: size)
        slotMask = size - 1
        for (number, word) in builder.words.enumerated() {
            var slot = Int(truncatingIfNeeded: word.hash) & slotMask
            while slots[slot] != 0 { slot = (slot + 1) & slotMask }
            slots[slot] = Int32(number + 1)
            hashes.append(word.hash)
            words += word.bytes
            wordOffsets.append(Int32(words.count))
        }
        size = 16
        while size < builder.edges.count * 2 { size *= 2 }
        edgeKeys = [UInt64](repeating: 0, count: size)
        edgeTargets = [Int32](repeating: 0, count: size)
        edgeMask = size - 1
        firstNodes = [Int32](repeating: 0, count: builder.words.count)
        for (edge, target) in builder.edges {
            guard edge.node != 0 else {
                firstNodes[Int(edge.word)] = target
                continue
            }
            let key = Self.key(edge.node, edge.word)
            var slot = Self.slot(key) & edgeMask
            while edgeKeys[slot] != 0 { slot = (slot + 1) & edgeMask }
            edgeKeys[slot] = key
            edgeTargets[slot] = target
        }
        patterns = builder.ends.map { Pattern(node: $0.key.node, exact: $0.key.exact, entities: $0.value) }
        patterns.sort { left, right in
            if left.node != right.node { return left.node < right.node }
            guard let mine = left.exact else { return false }
            guard let theirs = right.exact else { return true }
            return mine.lexicographicallyPrecedes(theirs) { $0.lexicographicallyPrecedes($1) }
        }
        patternOffsets = [Int32](repeating: 0, count: Int(builder.nodeCount) + 1)
        for pattern in patterns { patternOffsets[Int(pattern.node) + 1] += 1 }
        for node in 0..<Int(builder.nodeCount) { patternOffsets[node + 1] += patternOffsets[node] }
    }

    private static func key(_ node: Int32, _ word: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: node)) << 32 | UInt64(UInt32(bitPattern: word))
    }

    private static func slot(_ key: UInt64) -> Int { Int((key &* 0x9E37_79B9_7F4A_7C15) >> 32) }

    // MARK: Finding

    /// Calls the body with the entities of every mention and the bytes that it takes, from left to right.
    /// - Returns: the number of words.
    func mentions(
        in bytes: UnsafeBufferPointer<UInt8>, scanner: inout MentionTokens,
        _ body: (_ entities: [Int32], _ range: Range<Int>) -> Void
    ) -> Int {
        scanner.scan(bytes)
        let tokens = scanner.tokens
        var index = 0
        while index < tokens.count {
            let word = self.word(tokens[index], bytes)
            guard word >= 0, firstNodes[word] != 0 else {
                index += 1
                continue
            }
            var node = firstNodes[word]
            var end = index + 1
            var best: (pattern: Int, end: Int)?
            while true {
                if let pattern = pattern(at: node, tokens[index..<end], bytes) { best = (pattern, end) }
                guard end < tokens.count, isClose(tokens[end - 1], tokens[end], bytes) else { break }
                let next = self.word(tokens[end], bytes)
                guard next >= 0 else { break }
                let target = self.target(node, Int32(next))
                guard target != 0 else { break }
                node = target
                end += 1
            }
            guard let best else {
                index += 1
                continue
            }
            body(patterns[best.pattern].entities, Int(tokens[index].start)..<Int(tokens[best.end - 1].end))
            index = best.end
        }
        return tokens.count
    }

    @inline(__always)
    private func word(_ token: MentionTokens.Token, _ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var slot = Int(truncatingIfNeeded: token.hash) & slotMask
        while true {
            let number = Int(slots[slot]) - 1
            guard number >= 0 else { return -1 }
            if hashes[number] == token.hash, isWord(number, token, bytes) { return number }
            slot = (slot + 1) & slotMask
        }
    }

    /// Compares the letters, because two words may have one hash.
    private func isWord(_ number: Int, _ token: MentionTokens.Token, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = Int(wordOffsets[number])
        let count = Int(wordOffsets[number + 1]) - start
        // Folding keeps the number of bytes.
        guard count == Int(token.end - token.start) else { return false }
        for offset in 0..<count {
            let byte = bytes[Int(token.start) + offset]
            let folded = 0x41...0x5A ~= byte ? byte | 0x20 : byte
            if folded != words[start + offset] {
                guard byte >= 0x80 || words[start + offset] >= 0x80 else { return false }
                return MentionTokens.folded(bytes, Int(token.start)..<Int(token.end)).elementsEqual(
                    words[start..<start + count])
            }
        }
        return true
    }

    @inline(__always)
    private func target(_ node: Int32, _ word: Int32) -> Int32 {
        let key = Self.key(node, word)
        var slot = Self.slot(key) & edgeMask
        while edgeKeys[slot] != 0 {
            if edgeKeys[slot] == key { return edgeTargets[slot] }
            slot = (slot + 1) & edgeMask
        }
        return 0
    }

    private func isClose(
        _ left: MentionTokens.Token, _ right: MentionTokens.Token, _ bytes: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard right.start - left.end <= Self.maximumGap else { return false }
        for index in Int(left.end)..<Int(right.start) {
            switch bytes[index] {
            case UInt8(ascii: "."), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "!"), UInt8(ascii: "?"), 0x0A:
                return false
            default: continue
            }
        }
        return true
    }

    private func pattern(
        at node: Int32, _ tokens: ArraySlice<MentionTokens.Token>, _ bytes: UnsafeBufferPointer<UInt8>
    ) -> Int? {
        for number in Int(patternOffsets[Int(node)])..<Int(patternOffsets[Int(node) + 1]) {
            guard let exact = patterns[number].exact else { return number }
            let isExact = zip(tokens, exact).allSatisfy { token, word in
                bytes[Int(token.start)..<Int(token.end)].elementsEqual(word)
            }
            if isExact { return number }
        }
        return nil
    }
}
