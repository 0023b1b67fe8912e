import Primitives

/// The binary form: a magic number, the version, a digest of all that follows; then the lengths of the sections in
/// bytes, and the sections, each from a multiple of 16 bytes on. Integers are those of the machine.
extension TokenizerTables {
    /// Changes with the meaning of any section: with the hash functions and the layout of each table too.
    static let version: UInt64 = 1

    /// The bytes "MedRTok1"; on a machine of the other byte order they spell something else.
    private static let magic: UInt64 = 0x316B_6F54_5264_654D
    private static let sectionCount = 9
    private static let digestOffset = 16
    private static let lengthsOffset = 32
    private static let firstSection = lengthsOffset + (sectionCount * 8 + 15) / 16 * 16

    func cached() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.firstSection)
        var lengths: [UInt64] = []
        func append(_ section: UnsafeRawBufferPointer) {
            bytes.append(contentsOf: section)
            bytes.append(contentsOf: repeatElement(0, count: (16 - bytes.count % 16) % 16))
            lengths.append(UInt64(section.count))
        }
        rest.withUnsafeBytes(append)
        vocabulary.withSections(append)
        append(UnsafeRawBufferPointer(merges.slots.elements))
        append(UnsafeRawBufferPointer(wholePieces.bytes.elements))
        append(UnsafeRawBufferPointer(wholePieces.starts.elements))
        append(UnsafeRawBufferPointer(wholePieces.slots.elements))
        bytes.withUnsafeMutableBytes { raw in
            raw.storeBytes(of: Self.magic, as: UInt64.self)
            raw.storeBytes(of: Self.version, toByteOffset: 8, as: UInt64.self)
            for (index, length) in lengths.enumerated() {
                raw.storeBytes(of: length, toByteOffset: Self.lengthsOffset + 8 * index, as: UInt64.self)
            }
            let digest = ByteHash.digest(UnsafeRawBufferPointer(rebasing: raw[Self.lengthsOffset...]))
            raw.storeBytes(of: digest.low, toByteOffset: Self.digestOffset, as: UInt64.self)
            raw.storeBytes(of: digest.high, toByteOffset: Self.digestOffset + 8, as: UInt64.self)
        }
        return bytes
    }

    /// `nil` for anything but the bytes that ``cached()`` of this version made. Whatever the digest says, no table is
    /// taken in which looking up could read outside of it or not end.
    init?(cached raw: UnsafeRawBufferPointer) {
        guard raw.count >= Self.firstSection, raw.loadUnaligned(as: UInt64.self) == Self.magic,
            raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self) == Self.version
        else { return nil }
        let digest = ByteHash.digest(UnsafeRawBufferPointer(rebasing: raw[Self.lengthsOffset...]))
        guard raw.loadUnaligned(fromByteOffset: Self.digestOffset, as: UInt64.self) == digest.low,
            raw.loadUnaligned(fromByteOffset: Self.digestOffset + 8, as: UInt64.self) == digest.high
        else { return nil }
        var sections: [UnsafeRawBufferPointer] = []
        var start = Self.firstSection
        for index in 0..<Self.sectionCount {
            let length = raw.loadUnaligned(fromByteOffset: Self.lengthsOffset + 8 * index, as: UInt64.self)
            guard start <= raw.count, length <= UInt64(raw.count - start) else { return nil }
            sections.append(UnsafeRawBufferPointer(rebasing: raw[start..<start + Int(length)]))
            start += (Int(length) + 15) / 16 * 16
        }
        rest = Array(sections[0])
        guard
            let vocabulary = Vocabulary(
                text: Array(sections[1]), starts: Self.integers(sections[2]), lengths: Self.integers(sections[3]),
                slots: Self.integers(sections[4])),
            let mergeSlots = FixedTable<MergeTable.Slot>(copying: sections[5]),
            let merges = MergeTable(slots: mergeSlots, idLimit: vocabulary.idLimit),
            let bytes = FixedTable<UInt8>(copying: sections[6]),
            let starts = FixedTable<UInt32>(copying: sections[7]),
            let slots = FixedTable<UInt64>(copying: sections[8]),
            let wholePieces = WholePieceTable(bytes: bytes, starts: starts, slots: slots),
            wholePieces.idLimit == vocabulary.idLimit
        else { return nil }
        self.vocabulary = vocabulary
        self.merges = merges
        self.wholePieces = wholePieces
    }

    private static func integers(_ section: UnsafeRawBufferPointer) -> [Int32] {
        Array(unsafeUninitializedCapacity: section.count / 4) { buffer, count in
            count = section.count / 4
            UnsafeMutableRawBufferPointer(buffer).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: section[..<(count * 4)]))
        }
    }
}
