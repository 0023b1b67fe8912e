import Primitives

/// The state of byte-pair training: words as symbols, and how often each pair of neighbours occurs.
struct MergeLearner {
    private typealias Pair = UInt64

    private struct Word {
        var symbols: [TokenID]
        var count: Int
    }

    /// Ordered so that the smallest is the next to merge.
    private struct Candidate: Comparable {
        var count: Int
        var pair: Pair

        static func < (left: Candidate, right: Candidate) -> Bool {
            left.count == right.count ? left.pair < right.pair : left.count > right.count
        }
    }

    /// The bytes of each entry, by id.
    private(set) var entries: [[UInt8]]
    private(set) var merges: [(left: TokenID, right: TokenID)] = []
    private var ids: [[UInt8]: TokenID]
    private var words: [Word]
    private var counts: [Pair: Int] = [:]
    /// The words that held the pair at some time, possibly more than once or no longer.
    private var occurrences: [Pair: [Int]] = [:]
    /// Holds every pair with its present count, and outdated entries besides.
    private var candidates = MinimumHeap<Candidate>()

    init(pieces: [(bytes: [UInt8], count: Int)]) {
        entries = ByteAlphabet.bytesInScalarOrder.map { [$0] }
        var byteIDs = [TokenID](repeating: 0, count: 256)
        for (id, byte) in ByteAlphabet.bytesInScalarOrder.enumerated() { byteIDs[Int(byte)] = TokenID(id) }
        ids = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1, TokenID($0)) })
        words = pieces.map { piece in Word(symbols: piece.bytes.map { byteIDs[Int($0)] }, count: piece.count) }
        for (index, word) in words.enumerated() {
            for pair in Self.pairs(of: word.symbols) {
                counts[pair, default: 0] += word.count
                if occurrences[pair]?.last != index { occurrences[pair, default: []].append(index) }
            }
        }
        candidates = MinimumHeap(counts.map { Candidate(count: $1, pair: $0) })
    }

    /// Merges the most frequent pair everywhere; false when no pair occurs `smallestCount` times.
    ///
    /// Two pairs may join to the same bytes; the second one then adds a merge but no entry.
    mutating func learnMerge(smallestCount: Int) -> Bool {
        while let candidate = candidates.removeMinimum() {
            guard candidate.count >= smallestCount else { return false }
            guard counts[candidate.pair] == candidate.count else { continue }
            apply(candidate.pair)
            return true
        }
        return false
    }

    /// Adds a space in front of the first `limit` of the words that are whole entries.
    mutating func joinSpace(to words: [[UInt8]], limit: Int) {
        guard let space = ids[[UInt8(ascii: " ")]] else { return }
        var added = 0
        for word in words where added < limit {
            guard let id = ids[word], word.count > 1, ids[[UInt8(ascii: " ")] + word] == nil else { continue }
            ids[[UInt8(ascii: " ")] + word] = TokenID(entries.count)
            entries.append([UInt8(ascii: " ")] + word)
            merges.append((space, id))
            added += 1
        }
    }

    private mutating func apply(_ pair: Pair) {
        let left = TokenID(truncatingIfNeeded: pair >> 32)
        let right = TokenID(truncatingIfNeeded: pair)
        let bytes = entries[Int(left)] + entries[Int(right)]
        let product = ids[bytes] ?? TokenID(entries.count)
        if Int(product) == entries.count {
            entries.append(bytes)
            ids[bytes] = product
        }
        merges.append((left, right))

        var changes: [Pair: Int] = [:]
        for index in occurrences.removeValue(forKey: pair) ?? [] {
            let word = words[index]
            let symbols = Self.merging(left, right, into: product, word.symbols)
            guard symbols.count < word.symbols.count else { continue }
            for old in Self.pairs(of: word.symbols) { changes[old, default: 0] -= word.count }
            for new in Self.pairs(of: symbols) {
                changes[new, default: 0] += word.count
                if occurrences[new]?.last != index { occurrences[new, default: []].append(index) }
            }
            words[index].symbols = symbols
        }
        for (changed, change) in changes where change != 0 {
            let count = counts[changed, default: 0] + change
            counts[changed] = count > 0 ? count : nil
            if count > 0 { candidates.insert(Candidate(count: count, pair: changed)) }
        }
    }

    private static func pairs(of symbols: [TokenID]) -> [Pair] {
        zip(symbols, symbols.dropFirst()).map { UInt64(UInt32(bitPattern: $0)) << 32 | UInt64(UInt32(bitPattern: $1)) }
    }

    private static func merging(_ left: TokenID, _ right: TokenID, into product: TokenID, _ symbols: [TokenID])
        -> [TokenID]
    {
        var result: [TokenID] = []
        result.reserveCapacity(symbols.count)
        var index = 0
        while index < symbols.count {
            if symbols[index] == left, index + 1 < symbols.count, symbols[index + 1] == right {
                result.append(product)
                index += 2
            } else {
                result.append(symbols[index])
                index += 1
            }
        }
        return result
    }
}
