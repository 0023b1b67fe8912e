import Foundation

/// A term of a query in one segment.
struct WeightedTerm {
    var number: Int
    /// What the term adds to a document's score at most, without `presence`.
    var weight: Double
    /// What it adds to the score of each document that has it.
    var presence: Double
}

/// A segment without its deleted documents, with what BM25 needs of the documents' lengths.
struct SegmentView: Sendable {
    let segment: Segment
    /// One bit per document, set for those that are deleted; empty if none is.
    let deleted: [UInt64]
    let deletedCount: Int
    /// The sum of the lengths of the documents that are there.
    let totalLength: UInt64
    /// k1 · (1 − b + b · |d| / avg|d|) of each document.
    private(set) var saturations: [Double] = []

    /// - Parameter deleted: ascending.
    init(_ segment: Segment, deleted ordinals: [UInt32] = []) {
        self.segment = segment
        var bits = [UInt64](repeating: 0, count: ordinals.isEmpty ? 0 : (segment.documentCount + 63) / 64)
        var length = segment.totalLength
        for ordinal in ordinals {
            bits[Int(ordinal) / 64] |= 1 << UInt64(ordinal % 64)
            length -= UInt64(segment.length(of: Int(ordinal)))
        }
        deleted = bits
        deletedCount = ordinals.count
        totalLength = length
    }

    var documentCount: Int { segment.documentCount - deletedCount }

    @inline(__always)
    func isDeleted(_ document: Int) -> Bool {
        !deleted.isEmpty && deleted[document / 64] >> UInt64(document % 64) & 1 == 1
    }

    mutating func prepare(k1: Double, b: Double, meanLength: Double) {
        saturations = (0..<segment.documentCount).map {
            k1 * (1 - b + b * (Double(segment.length(of: $0)) / meanLength))
        }
    }

    /// How many documents that are there have a term.
    func documentCount(term: Int) -> Int {
        guard deletedCount > 0 else { return segment.documentCount(term: term) }
        var count = 0
        segment.forEachPosting(of: term) { document, _ in if !isDeleted(document) { count += 1 } }
        return count
    }

    /// The best documents for weighted terms, as ``BM25`` ranks them.
    func best(_ terms: [WeightedTerm], limit: Int) -> [(document: Int, score: Float)] {
        guard limit > 0, let scores = Scores(count: segment.documentCount) else { return [] }
        return saturations.withUnsafeBufferPointer { saturations in
            for term in terms {
                segment.forEachPosting(of: term.number) { document, frequency in
                    let count = Double(frequency)
                    scores.add(
                        Float(term.weight * count / (count + saturations[document]) + term.presence), to: document)
                }
            }
            return scores.best(limit: limit) { !isDeleted($0) }
        }
    }

    /// The score of one document.
    func score(of document: Int, _ terms: [WeightedTerm]) -> Float {
        var score: Float = 0
        for term in terms {
            segment.forEachPosting(of: term.number) { other, frequency in
                guard other == document else { return }
                let count = Double(frequency)
                score += Float(term.weight * count / (count + saturations[document]) + term.presence)
            }
        }
        return score
    }
}

/// A score for every document of a segment, of which few are touched.
///
/// Invariant: `touched` holds each document whose score is not 0 once.
private final class Scores {
    private let scores: UnsafeMutablePointer<Float>
    private let touched: UnsafeMutablePointer<UInt32>
    private var touchedCount = 0

    init?(count: Int) {
        // Memory of zeros is not written until it is touched, however many documents there are.
        guard let scores = calloc(max(count, 1), MemoryLayout<Float>.stride),
            let touched = malloc(max(count, 1) * MemoryLayout<UInt32>.stride)
        else { return nil }
        self.scores = scores.bindMemory(to: Float.self, capacity: max(count, 1))
        self.touched = touched.bindMemory(to: UInt32.self, capacity: max(count, 1))
    }

    deinit {
        free(scores)
        free(touched)
    }

    @inline(__always)
    func add(_ value: Float, to document: Int) {
        let old = scores[document]
        if old == 0, value != 0 {
            touched[touchedCount] = UInt32(truncatingIfNeeded: document)
            touchedCount += 1
        }
        scores[document] = old + value
    }

    /// By descending score, at equal score by ascending document.
    func best(limit: Int, where isWanted: (Int) -> Bool) -> [(document: Int, score: Float)] {
        // A heap whose root is the worst of the best so far.
        var heap: [(document: Int, score: Float)] = []
        heap.reserveCapacity(min(limit, touchedCount))
        func precedes(_ left: (document: Int, score: Float), _ right: (document: Int, score: Float)) -> Bool {
            left.score == right.score ? left.document < right.document : left.score > right.score
        }
        func sink(_ start: Int, _ count: Int) {
            var parent = start
            while true {
                var worst = parent
                for child in [2 * parent + 1, 2 * parent + 2] where child < count && precedes(heap[worst], heap[child])
                {
                    worst = child
                }
                if worst == parent { return }
                heap.swapAt(parent, worst)
                parent = worst
            }
        }
        for index in 0..<touchedCount {
            let document = Int(touched[index])
            let entry = (document: document, score: scores[document])
            if heap.count == limit {
                guard entry.score >= heap[0].score, precedes(entry, heap[0]), isWanted(document) else { continue }
                heap[0] = entry
                sink(0, limit)
            } else if isWanted(document) {
                heap.append(entry)
                if heap.count == limit {
                    for parent in stride(from: limit / 2, through: 0, by: -1) { sink(parent, limit) }
                }
            }
        }
        return heap.sorted(by: precedes)
    }
}
