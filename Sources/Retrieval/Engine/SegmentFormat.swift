/// A segment is one immutable image, in a file or in memory: some documents with an inverted index over them.
///
///     0   "MRSEGMNT"
///     8   version (32 bits), number of sections (32 bits)
///     16  length of the image
///     24  for each section: offset, length, XXH64
///     …   XXH64 of everything before
///     …   the sections, each at a multiple of 8
///
/// All numbers are little-endian, 64 bits wide unless a section says otherwise.
enum SegmentFormat {
    static let magic = Array("MRSEGMNT".utf8)
    static let version: UInt32 = 1

    enum Section: Int, CaseIterable {
        /// Documents, terms, the sum of the documents' lengths, and the XXH64 of the index's configuration.
        case counts
        /// Where each id begins (32 bits), and the end of the last; the ids ascend.
        case idOffsets
        case ids
        /// The weighted number of terms of each document (32 bits).
        case lengths
        /// Where the title, the text and the metadata of each document begin, and the end of the last.
        case storedOffsets
        case stored
        /// Where each term begins (32 bits), and the end of the last; the terms ascend.
        case termOffsets
        case terms
        /// In how many documents each term is (32 bits).
        case documentCounts
        case postingOffsets
        /// For each term its documents, ascending: the distance from the one before (from −1 for the first) less one,
        /// doubled, plus one where the term counts once, and else followed by the count; both as LEB128.
        case postings
        /// A hash table over the terms: their number plus one, or 0 (32 bits).
        case slots
    }

    static let headerLength = 24 + Section.allCases.count * 24 + 8

    /// The image of these sections, in the order of ``Section``.
    static func image(_ sections: [[UInt8]]) -> [UInt8] {
        var offset = headerLength
        var table: [UInt8] = []
        for section in sections {
            offset = (offset + 7) & ~7
            append(UInt64(offset), to: &table)
            append(UInt64(section.count), to: &table)
            append(Checksum.of(section), to: &table)
            offset += section.count
        }
        var image = magic
        image.reserveCapacity(offset)
        append(version, to: &image)
        append(UInt32(sections.count), to: &image)
        append(UInt64(offset), to: &image)
        image += table
        append(Checksum.of(image), to: &image)
        for section in sections {
            while image.count & 7 != 0 { image.append(0) }
            image += section
        }
        return image
    }

    static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    static func bytes(_ values: [some FixedWidthInteger]) -> [UInt8] {
        values.map(\.littleEndian).withUnsafeBytes { [UInt8]($0) }
    }

    @inline(__always)
    static func appendVariable(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
