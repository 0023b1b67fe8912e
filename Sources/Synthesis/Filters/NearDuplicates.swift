/// Finds texts that say nearly the same as an earlier one: exactly, by the Jaccard similarity of their word n-grams.
///
/// Pairs are found by prefix filtering (Chaudhuri, Ganti and Kaushik, "A Primitive Operator for Similarity Joins", 2006): two
/// sets with a similarity of at least t share one of their |x| − ⌈t·|x|⌉ + 1 rarest elements. So nothing is left to chance,
/// unlike with MinHash, and the cost stays near linear because the rarest n-grams are rare.
public struct NearDuplicates: Sendable {
    /// Words in a row.
    public var length: Int
    /// Texts from this similarity on are duplicates; above 0, at most 1.
    public var threshold: Double

    public init(length: Int = 3, threshold: Double = 0.9) {
        precondition(length >= 1 && threshold > 0 && threshold <= 1, "n-grams have words and a threshold in (0, 1]")
        self.length = length
        self.threshold = threshold
    }

    /// For each text the index of the first kept text that it repeats; `nil` for those that are kept.
    public func duplicates(in texts: [String]) -> [Int?] {
        let sets = texts.map(ngrams)
        var frequency: [UInt64: Int] = [:]
        for set in sets { for gram in set { frequency[gram, default: 0] += 1 } }
        let ordered = sets.map { set in
            set.sorted { left, right in
                let (first, second) = (frequency[left] ?? 0, frequency[right] ?? 0)
                return first == second ? left < right : first < second
            }
        }
        var postings: [UInt64: [Int]] = [:]
        var result = [Int?](repeating: nil, count: texts.count)
        for index in texts.indices {
            let prefix = ordered[index].prefix(prefixLength(sets[index].count))
            let candidates = Set(prefix.flatMap { postings[$0] ?? [] }).sorted()
            if let twin = candidates.first(where: { similarity(sets[$0], sets[index]) >= threshold }) {
                result[index] = twin
            } else {
                for gram in prefix { postings[gram, default: []].append(index) }
            }
        }
        return result
    }

    func similarity(_ left: Set<UInt64>, _ right: Set<UInt64>) -> Double {
        let (small, large) = left.count <= right.count ? (left, right) : (right, left)
        if Double(small.count) < threshold * Double(large.count) { return 0 }
        let shared = small.count { large.contains($0) }
        let union = left.count + right.count - shared
        return union == 0 ? 1 : Double(shared) / Double(union)
    }

    private func prefixLength(_ count: Int) -> Int {
        // A little below the product, so that rounding never makes the prefix too short.
        count - Int((threshold * Double(count) - 1e-9).rounded(.up)) + 1
    }

    /// The hashes of all n-grams; of a text with fewer words, that of the whole text.
    func ngrams(_ text: String) -> Set<UInt64> {
        var words: [UInt64] = []
        var hash: UInt64?
        for byte in text.utf8 {
            let isWord = byte >= 0x80 || (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10
            if isWord {
                let folded = byte &- 0x41 < 26 ? byte | 0x20 : byte
                hash = ((hash ?? Self.offset) ^ UInt64(folded)) &* Self.prime
            } else if let word = hash {
                words.append(word)
                hash = nil
            }
        }
        if let hash { words.append(hash) }
        guard words.count >= length else { return [Self.combined(words[...])] }
        return Set((0...words.count - length).map { Self.combined(words[$0..<$0 + length]) })
    }

    /// FNV-1a.
    private static let offset: UInt64 = 14_695_981_039_346_656_037
    private static let prime: UInt64 = 1_099_511_628_211

    private static func combined(_ words: ArraySlice<UInt64>) -> UInt64 {
        words.reduce(offset) { hash, word in
            (0..<8).reduce(hash) { ($0 ^ (word >> UInt64($1 * 8) & 0xFF)) &* prime }
        }
    }
}
