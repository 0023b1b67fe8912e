import Foundation

/// BM25 over some segments as if they were one, in the form of Lucene 8 and later (Robertson and Zaragoza 2009, without
/// the constant factor k1 + 1):
///
///     score(q, d) = Σ w · ln(1 + (N − n + ½) / (n + ½)) · (f / (f + k1 · (1 − b + b · |d| / avg|d|)) + δ)
///
/// with δ the reward of a term's mere presence (BM25+ of Lv and Zhai 2011; 0 for plain BM25), f the weighted number of times a term of the query occurs in d, n the number of documents with it, N that of all
/// documents, and w the weight of the term in the query. Scores depend on the documents that are there alone, not on how
/// they are spread over segments or on what was deleted.
struct BM25: Sendable {
    struct Hit: Sendable {
        var segment: Int
        var document: Int
        var score: Float
    }

    let segments: [SegmentView]
    let documentCount: Int
    let meanLength: Double
    private let delta: Double

    init(_ segments: [SegmentView], k1: Double, b: Double, delta: Double = 0) {
        self.delta = delta
        documentCount = segments.reduce(0) { $0 + $1.documentCount }
        let total = segments.reduce(0) { $0 + $1.totalLength }
        meanLength = max(Double(total) / Double(max(documentCount, 1)), .leastNonzeroMagnitude)
        var prepared = segments
        for index in prepared.indices { prepared[index].prepare(k1: k1, b: b, meanLength: meanLength) }
        self.segments = prepared
    }

    /// - Parameter terms: in the order in which their shares are summed; a term may occur repeatedly.
    /// - Returns: by descending score, at equal score by ascending id.
    func best(_ terms: [(term: [UInt8], weight: Double)], limit: Int) -> [Hit] {
        let numbers = resolve(terms)
        var hits: [Hit] = []
        for (index, view) in segments.enumerated() {
            for best in view.best(numbers[index], limit: limit) {
                hits.append(Hit(segment: index, document: best.document, score: best.score))
            }
        }
        guard segments.count > 1 else { return hits }
        hits.sort { left, right in
            if left.score != right.score { return left.score > right.score }
            return ByteOrder.precedes(id(left), id(right))
        }
        return Array(hits.prefix(limit))
    }

    /// The score of one document.
    func score(_ terms: [(term: [UInt8], weight: Double)], segment: Int, document: Int) -> Float {
        segments[segment].score(of: document, resolve(terms)[segment])
    }

    /// The inverse document frequency of a term; that of an unseen one is the highest.
    func rarity(of term: [UInt8]) -> Double {
        let count = segments.reduce(0) { sum, view in
            sum + (term.withUnsafeBufferPointer { view.segment.number(of: $0) }.map(view.documentCount(term:)) ?? 0)
        }
        return rarity(count: count)
    }

    func id(_ hit: Hit) -> UnsafeRawBufferPointer { segments[hit.segment].segment.id(of: hit.document) }

    private func rarity(count: Int) -> Double {
        let (all, holding) = (Double(documentCount), Double(count))
        return log(1 + (all - holding + 0.5) / (holding + 0.5))
    }

    /// For each segment the terms that it has, with their weights.
    private func resolve(_ terms: [(term: [UInt8], weight: Double)]) -> [[WeightedTerm]] {
        var result = [[WeightedTerm]](repeating: [], count: segments.count)
        for (term, weight) in terms {
            let numbers = term.withUnsafeBufferPointer { bytes in segments.map { $0.segment.number(of: bytes) } }
            let count = zip(segments, numbers).reduce(0) { sum, pair in
                sum + (pair.1.map { pair.0.documentCount(term: $0) } ?? 0)
            }
            guard count > 0 else { continue }
            let weight = weight * rarity(count: count)
            for (index, number) in numbers.enumerated() {
                if let number {
                    result[index].append(
                        WeightedTerm(number: number, weight: weight, presence: weight * delta))
                }
            }
        }
        return result
    }
}
