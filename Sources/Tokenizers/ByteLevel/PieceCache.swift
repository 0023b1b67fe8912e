import Primitives

/// Remembers the ids of pieces: natural text repeats nearly all of them. Bounded, and of no more than one call at a time.
///
/// Pieces of up to 15 bytes and 3 ids lie two to a cache line, at the place that their hash gives; a new one takes the
/// place of the older of the two. Longer ones lie in a table that is emptied when it is full.
final class PieceCache {
    /// Pieces with more bytes or ids are not kept.
    static let longestPiece = 96
    static let mostIDs = 3

    private static let lineCount = 1 << 15
    private static let bytesPerLine = 64
    private static let bytesPerEntry = 32

    /// Each entry: the key (16 bytes), three ids (12), the number of ids (4).
    private let lines: UnsafeMutableRawPointer

    init() {
        let byteCount = Self.lineCount * Self.bytesPerLine
        lines = .allocate(byteCount: byteCount, alignment: Self.bytesPerLine)
        lines.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    }

    deinit { lines.deallocate() }

    /// Writes the ids of a short piece that is known and returns their number, else 0.
    ///
    /// - Parameter ids: has room for four.
    @inline(__always)
    func find(_ key: PieceKey, hash: UInt64, into ids: UnsafeMutablePointer<TokenID>) -> Int {
        let line = line(of: hash)
        let first = line.load(as: UInt64.self) ^ key.low | line.load(fromByteOffset: 8, as: UInt64.self) ^ key.high
        let second =
            line.load(fromByteOffset: 32, as: UInt64.self) ^ key.low
            | line.load(fromByteOffset: 40, as: UInt64.self) ^ key.high
        if first != 0, second != 0 { return 0 }
        let entry = line + (first == 0 ? 0 : Self.bytesPerEntry)
        let firstIDs = entry.load(fromByteOffset: 16, as: UInt64.self)
        let lastIDAndCount = entry.load(fromByteOffset: 24, as: UInt64.self)
        let result = UnsafeMutableRawPointer(ids)
        result.storeBytes(of: firstIDs, as: UInt64.self)
        result.storeBytes(of: lastIDAndCount, toByteOffset: 8, as: UInt64.self)
        return Int(lastIDAndCount >> 32)
    }

    func insert(_ key: PieceKey, hash: UInt64, ids: UnsafePointer<TokenID>, count: Int) {
        let line = line(of: hash)
        (line + Self.bytesPerEntry).copyMemory(from: line, byteCount: Self.bytesPerEntry)
        line.storeBytes(of: key.low, as: UInt64.self)
        line.storeBytes(of: key.high, toByteOffset: 8, as: UInt64.self)
        for index in 0..<count { line.storeBytes(of: ids[index], toByteOffset: 16 + 4 * index, as: TokenID.self) }
        line.storeBytes(of: UInt32(count), toByteOffset: 28, as: UInt32.self)
    }

    @inline(__always)
    private func line(of hash: UInt64) -> UnsafeMutableRawPointer {
        lines + Int(truncatingIfNeeded: hash >> 20) & (Self.lineCount - 1) * Self.bytesPerLine
    }

    // MARK: Longer pieces

    private struct Slot {
        var hash: UInt64 = 0
        var firstByte: Int32 = 0
        var firstID: Int32 = 0
        /// 0 in a free slot.
        var byteCount: UInt16 = 0
        var idCount: UInt16 = 0
    }

    private static let slotCount = 1 << 14
    private var slots: [Slot] = []
    private var bytes: [UInt8] = []
    private var ids: [TokenID] = []
    private var count = 0

    /// Writes the ids of a longer piece that is known and returns their number, else 0.
    func find(_ piece: UnsafeBufferPointer<UInt8>, hash: UInt64, into result: UnsafeMutablePointer<TokenID>) -> Int {
        if slots.isEmpty { return 0 }
        var index = Int(truncatingIfNeeded: hash) & (Self.slotCount - 1)
        while slots[index].byteCount != 0 {
            let slot = slots[index]
            if slot.hash == hash, Int(slot.byteCount) == piece.count,
                bytes[Int(slot.firstByte)..<Int(slot.firstByte) + piece.count].elementsEqual(piece)
            {
                for offset in 0..<Int(slot.idCount) { result[offset] = ids[Int(slot.firstID) + offset] }
                return Int(slot.idCount)
            }
            index = (index + 1) & (Self.slotCount - 1)
        }
        return 0
    }

    func insert(
        _ piece: UnsafeBufferPointer<UInt8>, hash: UInt64, ids pieceIDs: UnsafePointer<TokenID>, count idCount: Int
    ) {
        if slots.isEmpty || count >= Self.slotCount / 2 {
            slots = Array(repeating: Slot(), count: Self.slotCount)
            bytes.removeAll(keepingCapacity: true)
            ids.removeAll(keepingCapacity: true)
            count = 0
        }
        var index = Int(truncatingIfNeeded: hash) & (Self.slotCount - 1)
        while slots[index].byteCount != 0 { index = (index + 1) & (Self.slotCount - 1) }
        slots[index] = Slot(
            hash: hash, firstByte: Int32(bytes.count), firstID: Int32(ids.count), byteCount: UInt16(piece.count),
            idCount: UInt16(idCount))
        bytes.append(contentsOf: piece)
        for offset in 0..<idCount { ids.append(pieceIDs[offset]) }
        count += 1
    }
}
