import Storage

/// The image of a segment, checked once and read in place.
///
/// Invariants: `memory` keeps the bytes alive; they are never written. Offsets ascend and stay within their sections, so
/// that no content can lead a reader outside the image; postings are checked while they are decoded.
final class Segment: @unchecked Sendable {
    let documentCount: Int
    let termCount: Int
    let totalLength: UInt64
    let configurationChecksum: UInt64
    /// Of the header, which holds those of the sections.
    let checksum: String
    let byteCount: Int
    private let memory: AnyObject
    private let sections: [UnsafeRawBufferPointer]
    private let lengths: UnsafeRawBufferPointer
    private let slots: UnsafeRawBufferPointer

    /// A mapped file.
    convenience init(path: String) throws(RetrievalError) {
        let file: MappedFile
        do throws(StorageError) { file = try MappedFile(path) } catch {
            throw error.isMissing ? .damaged(path: path, problem: "this file of the index is missing") : .storage(error)
        }
        try self.init(file.bytes, memory: file, path: path)
    }

    /// An image in memory.
    convenience init(image: [UInt8]) throws(RetrievalError) {
        let memory = HeapBytes(image)
        try self.init(memory.bytes, memory: memory, path: "an index in memory")
    }

    private init(_ image: UnsafeRawBufferPointer, memory: AnyObject, path: String) throws(RetrievalError) {
        let sections = try Self.sections(of: image, path: path)
        func section(_ name: SegmentFormat.Section) -> UnsafeRawBufferPointer { sections[name.rawValue] }
        let counts = section(.counts)
        guard counts.count == 32 else { throw .damaged(path: path, problem: "its counts are incomplete") }
        let documents = Int(truncatingIfNeeded: counts.number64(0))
        let terms = Int(truncatingIfNeeded: counts.number64(1))
        let lengths: [(SegmentFormat.Section, Int)] = [
            (.idOffsets, 4 * (documents + 1)), (.lengths, 4 * documents), (.storedOffsets, 8 * (3 * documents + 1)),
            (.termOffsets, 4 * (terms + 1)), (.documentCounts, 4 * terms), (.postingOffsets, 8 * (terms + 1)),
        ]
        guard (0..<1 << 31).contains(documents), (0..<1 << 31).contains(terms),
            lengths.allSatisfy({ section($0.0).count == $0.1 }), Self.isPowerOfTwo(section(.slots).count / 4)
        else { throw .damaged(path: path, problem: "its sections do not fit its counts") }
        guard Self.ascends(section(.idOffsets), width: 4, limit: section(.ids).count),
            Self.ascends(section(.storedOffsets), width: 8, limit: section(.stored).count),
            Self.ascends(section(.termOffsets), width: 4, limit: section(.terms).count),
            Self.ascends(section(.postingOffsets), width: 8, limit: section(.postings).count)
        else { throw .damaged(path: path, problem: "its offsets do not ascend") }
        documentCount = documents
        termCount = terms
        totalLength = counts.number64(2)
        configurationChecksum = counts.number64(3)
        checksum = Hexadecimal.text(image.number64(SegmentFormat.headerLength / 8 - 1))
        byteCount = image.count
        self.memory = memory
        self.sections = sections
        self.lengths = section(.lengths)
        slots = section(.slots)
    }

    private static func isPowerOfTwo(_ count: Int) -> Bool { count > 0 && count & (count - 1) == 0 }

    private static func ascends(_ offsets: UnsafeRawBufferPointer, width: Int, limit: Int) -> Bool {
        var last: UInt64 = 0
        for index in 0..<offsets.count / width {
            let next = width == 4 ? UInt64(offsets.number32(index)) : offsets.number64(index)
            if next < last { return false }
            last = next
        }
        return last <= UInt64(limit)
    }

    private static func sections(
        of image: UnsafeRawBufferPointer, path: String
    ) throws(RetrievalError) -> [UnsafeRawBufferPointer] {
        let headerLength = SegmentFormat.headerLength
        guard image.count >= 24, image[..<8].elementsEqual(SegmentFormat.magic) else {
            throw .damaged(path: path, problem: "this is no segment of an index")
        }
        let version = image.number32(2)
        guard version == SegmentFormat.version else {
            throw .unknownVersion(
                path: path, found: "segment version \(version)", expected: "version \(SegmentFormat.version)")
        }
        guard image.number64(2) == UInt64(image.count), image.count >= headerLength else {
            throw .damaged(
                path: path, problem: "it has \(image.count) bytes where \(image.number64(2)) were written: it is torn")
        }
        let header = UnsafeRawBufferPointer(rebasing: image[..<(headerLength - 8)])
        guard Int(image.number32(3)) == SegmentFormat.Section.allCases.count,
            Checksum.of(header) == image.number64(headerLength / 8 - 1)
        else { throw .damaged(path: path, problem: "the checksum of its header is wrong") }
        var sections: [UnsafeRawBufferPointer] = []
        for section in SegmentFormat.Section.allCases {
            let entry = 3 + section.rawValue * 3
            let (offset, length) = (image.number64(entry), image.number64(entry + 1))
            guard offset <= UInt64(image.count), length <= UInt64(image.count) - offset else {
                throw .damaged(path: path, problem: "its section \(section) lies outside the file")
            }
            let bytes = UnsafeRawBufferPointer(rebasing: image[Int(offset)..<Int(offset + length)])
            guard Checksum.of(bytes) == image.number64(entry + 2) else {
                throw .damaged(path: path, problem: "the checksum of its section \(section) is wrong")
            }
            sections.append(bytes)
        }
        return sections
    }

    // MARK: Documents

    func length(of document: Int) -> UInt32 { lengths.number32(document) }

    func id(of document: Int) -> UnsafeRawBufferPointer { slice(.idOffsets, .ids, document) }

    func idText(of document: Int) -> String { String(decoding: id(of: document), as: UTF8.self) }

    /// - Parameter part: 0 title, 1 text, 2 metadata.
    func stored(_ part: Int, of document: Int) -> UnsafeRawBufferPointer {
        let offsets = sections[SegmentFormat.Section.storedOffsets.rawValue]
        let index = document * 3 + part
        let range = Int(offsets.number64(index))..<Int(offsets.number64(index + 1))
        return UnsafeRawBufferPointer(rebasing: sections[SegmentFormat.Section.stored.rawValue][range])
    }

    /// The document with this id, by binary search.
    /// - Precondition: the segment is sorted by id.
    func document(id: UnsafeRawBufferPointer) -> Int? {
        var (low, high) = (0, documentCount)
        while low < high {
            let middle = (low + high) / 2
            let order = ByteOrder.compare(self.id(of: middle), id)
            if order == 0 { return middle }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    // MARK: Terms

    func term(_ number: Int) -> UnsafeRawBufferPointer { slice(.termOffsets, .terms, number) }

    /// How many documents have a term.
    func documentCount(term: Int) -> Int {
        Int(sections[SegmentFormat.Section.documentCounts.rawValue].number32(term))
    }

    func number(of term: UnsafeBufferPointer<UInt8>) -> Int? {
        let mask = slots.count / 4 - 1
        var slot = Int(truncatingIfNeeded: TermTable.hash(term)) & mask
        for _ in 0...mask {
            let entry = Int(slots.number32(slot))
            if entry == 0 || entry > termCount { return nil }
            if ByteOrder.compare(self.term(entry - 1), UnsafeRawBufferPointer(term)) == 0 { return entry - 1 }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Calls `body` with the documents of a term, ascending, and how often it counts there.
    @inline(__always)
    func forEachPosting(of term: Int, _ body: (_ document: Int, _ frequency: UInt32) -> Void) {
        let offsets = sections[SegmentFormat.Section.postingOffsets.rawValue]
        let postings = sections[SegmentFormat.Section.postings.rawValue]
        var position = Int(offsets.number64(term))
        let end = Int(offsets.number64(term + 1))
        guard let base = postings.baseAddress else { return }
        @inline(__always) func next() -> UInt64 {
            var value: UInt64 = 0
            var shift: UInt64 = 0
            while position < end {
                let byte = base.load(fromByteOffset: position, as: UInt8.self)
                position += 1
                value |= UInt64(byte & 0x7F) &<< shift
                if byte < 0x80 { break }
                shift &+= 7
            }
            return value
        }
        var document = -1
        while position < end {
            let gap = next()
            document &+= Int(truncatingIfNeeded: gap >> 1) &+ 1
            let frequency = gap & 1 == 1 ? 1 : UInt32(truncatingIfNeeded: next())
            guard document >= 0, document < documentCount else { return }
            body(document, frequency)
        }
    }

    private func slice(
        _ offsets: SegmentFormat.Section, _ bytes: SegmentFormat.Section, _ index: Int
    ) -> UnsafeRawBufferPointer {
        let offsets = sections[offsets.rawValue]
        let range = Int(offsets.number32(index))..<Int(offsets.number32(index + 1))
        return UnsafeRawBufferPointer(rebasing: sections[bytes.rawValue][range])
    }
}

extension UnsafeRawBufferPointer {
    @inline(__always)
    func number32(_ index: Int) -> UInt32 {
        UInt32(littleEndian: loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
    }

    @inline(__always)
    func number64(_ index: Int) -> UInt64 {
        UInt64(littleEndian: loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
    }
}

/// Bytes at a fixed address.
///
/// Invariant: written by the initialiser only.
private final class HeapBytes: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer

    init(_ content: [UInt8]) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(content.count, 1), alignment: 16)
        buffer.copyBytes(from: content)
        bytes = UnsafeRawBufferPointer(start: buffer.baseAddress, count: content.count)
    }

    deinit { UnsafeMutableRawPointer(mutating: bytes.baseAddress)?.deallocate() }
}
