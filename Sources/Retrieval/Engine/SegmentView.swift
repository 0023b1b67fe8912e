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

    /// The best documents for weighted terms by descending score, at equal score by ascending document.
    func best(_ terms: [WeightedTerm], limit: Int) -> [(document: Int, score: Float)] {
        let room = max(segment.documentCount, 1)
        // Memory of zeros is not written until it is touched, however many documents there are.
        guard limit > 0, let scoreMemory = calloc(room, MemoryLayout<Float>.stride) else { return [] }
        defer { free(scoreMemory) }
        guard let touchedMemory = malloc(room * MemoryLayout<UInt32>.stride) else { return [] }
        defer { free(touchedMemory) }
        let scores = scoreMemory.bindMemory(to: Float.self, capacity: room)
        // Holds each document whose score is not 0 once.
        let touched = touchedMemory.bindMemory(to: UInt32.self, capacity: room)
        var touchedCount = 0
        saturations.withUnsafeBufferPointer { saturations in
            for term in terms {
                let (weight, presence) = (term.weight, term.presence)
                segment.forEachPosting(of: term.number) { document, frequency in
                    let count = Double(frequency)
                    let share = Float(weight * count / (count + saturations[document]) + presence)
                    let old = scores[document]
                    if old == 0, share != 0 {
                        touched[touchedCount] = UInt32(truncatingIfNeeded: document)
                        touchedCount += 1
                    }
                    scores[document] = old + share
                }
            }
        }
        var best = BestDocuments(limit: limit)
        for index in 0..<touchedCount {
            let document = Int(touched[index])
            if best.admits(scores[document]), !isDeleted(document) { best.insert(document, scores[document]) }
        }
        return best.sorted()
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

/// The best of the documents that were inserted: a heap whose root is the worst of them.
private struct BestDocuments {
    typealias Entry = (document: Int, score: Float)
    private let limit: Int
    private var heap: [Entry] = []

    init(limit: Int) { self.limit = limit }

    /// Whether a document of this score may belong to the best.
    func admits(_ score: Float) -> Bool { heap.count < limit || score >= heap[0].score }

    mutating func insert(_ document: Int, _ score: Float) {
        let entry = (document: document, score: score)
        if heap.count == limit {
            guard Self.precedes(entry, heap[0]) else { return }
            heap[0] = entry
            sink(0)
        } else {
            heap.append(entry)
            if heap.count == limit { for parent in stride(from: limit / 2, through: 0, by: -1) { sink(parent) } }
        }
    }

    func sorted() -> [Entry] { heap.sorted(by: Self.precedes) }

    private static func precedes(_ left: Entry, _ right: Entry) -> Bool {
        left.score == right.score ? left.document < right.document : left.score > right.score
    }

    private mutating func sink(_ start: Int) {
        var parent = start
        while true {
            var worst = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && Self.precedes(heap[worst], heap[child]) {
                worst = child
            }
            if worst == parent { return }
            heap.swapAt(parent, worst)
            parent = worst
        }
    }
}
