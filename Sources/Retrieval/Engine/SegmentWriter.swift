/// Puts the image of a segment together, documents first, then terms in ascending order.
struct SegmentWriter {
    private let configurationChecksum: UInt64
    private var idOffsets: [UInt32] = [0]
    private var ids: [UInt8] = []
    private var lengths: [UInt32] = []
    private var totalLength: UInt64 = 0
    private var storedOffsets: [UInt64] = [0]
    private var stored: [UInt8] = []
    private var termOffsets: [UInt32] = [0]
    private var terms: [UInt8] = []
    private var documentCounts: [UInt32] = []
    private var postingOffsets: [UInt64] = [0]
    private var postings: [UInt8] = []
    private var lastDocument = -1
    private var documentCount: UInt32 = 0

    init(configurationChecksum: UInt64) { self.configurationChecksum = configurationChecksum }

    mutating func append(id: UnsafeRawBufferPointer, length: UInt32, stored pieces: [UnsafeRawBufferPointer]) {
        ids.append(contentsOf: id)
        idOffsets.append(UInt32(ids.count))
        lengths.append(length)
        totalLength += UInt64(length)
        for piece in pieces {
            stored.append(contentsOf: piece)
            storedOffsets.append(UInt64(stored.count))
        }
    }

    /// Adds a document to the postings of the term that is being written.
    @inline(__always)
    mutating func post(document: Int, frequency: UInt32) {
        let gap = UInt64(document - lastDocument - 1) << 1
        if frequency == 1 {
            SegmentFormat.appendVariable(gap | 1, to: &postings)
        } else {
            SegmentFormat.appendVariable(gap, to: &postings)
            SegmentFormat.appendVariable(UInt64(frequency), to: &postings)
        }
        lastDocument = document
        documentCount += 1
    }

    /// Ends the postings of a term; one without documents is left out.
    mutating func finish(term: UnsafeRawBufferPointer) {
        guard documentCount > 0 else { return }
        terms.append(contentsOf: term)
        termOffsets.append(UInt32(terms.count))
        documentCounts.append(documentCount)
        postingOffsets.append(UInt64(postings.count))
        documentCount = 0
        lastDocument = -1
    }

    func image() -> [UInt8] {
        let counts: [UInt64] = [
            UInt64(lengths.count), UInt64(documentCounts.count), totalLength, configurationChecksum,
        ]
        return SegmentFormat.image([
            SegmentFormat.bytes(counts), SegmentFormat.bytes(idOffsets), ids, SegmentFormat.bytes(lengths),
            SegmentFormat.bytes(storedOffsets), stored, SegmentFormat.bytes(termOffsets), terms,
            SegmentFormat.bytes(documentCounts), SegmentFormat.bytes(postingOffsets), postings,
            SegmentFormat.bytes(slots()),
        ])
    }

    private func slots() -> [UInt32] {
        var capacity = 16
        while capacity < documentCounts.count * 2 { capacity *= 2 }
        var slots = [UInt32](repeating: 0, count: capacity)
        terms.withUnsafeBufferPointer { terms in
            for number in documentCounts.indices {
                let term = UnsafeBufferPointer(
                    rebasing: terms[Int(termOffsets[number])..<Int(termOffsets[number + 1])])
                var slot = Int(truncatingIfNeeded: TermTable.hash(term)) & (capacity - 1)
                while slots[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
                slots[slot] = UInt32(number + 1)
            }
        }
        return slots
    }
}
