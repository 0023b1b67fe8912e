import Knowledge

/// Cuts documents into passages at sentence ends and finds the one that fits a query best.
public struct PassageFinder: Sendable, Hashable {
    /// How long passages are and what neighbours share, in UTF-8 bytes.
    public var chunker: TextChunker

    public init(maximumBytes: Int = 700, overlapBytes: Int = 150) {
        chunker = TextChunker(maximumBytes: maximumBytes, overlapBytes: overlapBytes)
    }

    /// The passages of a text as UTF-8 ranges, without the space around them.
    public func passages(of text: String) -> [Range<Int>] {
        let bytes = Array(text.utf8)
        return chunker.chunks(of: text).compactMap { chunk in
            func isSpace(_ index: Int) -> Bool { bytes[index] == 0x20 || (0x09...0x0D).contains(bytes[index]) }
            var (start, end) = (chunk.lowerBound, chunk.upperBound)
            while start < end, isSpace(start) { start += 1 }
            while end > start, isSpace(end - 1) { end -= 1 }
            return start < end ? start..<end : nil
        }
    }

    /// The first of the passages with the highest BM25 score for weighted terms; empty for an empty text.
    func best(of text: String, for terms: [[UInt8]: Double], analyzer: TextAnalyzer, k1: Double, b: Double) -> Range<
        Int
    > {
        let bytes = Array(text.utf8)
        let passages = passages(of: text)
        guard passages.count > 1 else { return passages.first ?? 0..<0 }
        let counts = passages.map { passage -> (length: Double, frequencies: [[UInt8]: Double]) in
            var length = 0.0
            var frequencies: [[UInt8]: Double] = [:]
            for term in analyzer.terms(of: String(decoding: bytes[passage], as: UTF8.self)) {
                length += 1
                if terms[term] != nil { frequencies[term, default: 0] += 1 }
            }
            return (length, frequencies)
        }
        let mean = max(counts.reduce(0) { $0 + $1.length } / Double(counts.count), 1)
        // Summed in one order whatever the dictionary's.
        let order = terms.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        var best = (passage: passages[0], score: -1.0)
        for (passage, count) in zip(passages, counts) {
            let saturation = k1 * (1 - b + b * count.length / mean)
            let score = order.reduce(0.0) { sum, term in
                guard let frequency = count.frequencies[term.key] else { return sum }
                return sum + term.value * frequency / (frequency + saturation)
            }
            if score > best.score { best = (passage, score) }
        }
        return best.passage
    }
}
