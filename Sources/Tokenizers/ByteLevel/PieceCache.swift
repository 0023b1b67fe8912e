import Primitives

/// Remembers the ids of short pieces: natural text repeats nearly all of them. Bounded; forgets everything when full.
struct PieceCache: Sendable {
    /// Longer pieces are rare and are not kept.
    static let longestPiece = 48

    private struct Slot: Sendable {
        var hash: UInt64 = 0
        var firstByte: UInt32 = 0
        var firstID: UInt32 = 0
        /// 0 in a free slot.
        var byteCount: UInt16 = 0
        var idCount: UInt16 = 0
    }

    private static let slotCount = 1 << 16
    private static let largestCount = slotCount / 2
    private var slots: [Slot] = []
    private var bytes: [UInt8] = []
    private var ids: [TokenID] = []
    private var count = 0

    /// Appends the ids of a known piece, or returns false.
    @inline(__always)
    func append(_ piece: UnsafeBufferPointer<UInt8>, hash: UInt64, to result: inout [TokenID]) -> Bool {
        if slots.isEmpty { return false }
        var index = Int(truncatingIfNeeded: hash) & (Self.slotCount - 1)
        while slots[index].byteCount != 0 {
            let slot = slots[index]
            if slot.hash == hash, Int(slot.byteCount) == piece.count, isSame(piece, from: Int(slot.firstByte)) {
                if slot.idCount == 1 {
                    result.append(ids[Int(slot.firstID)])
                } else {
                    let first = Int(slot.firstID)
                    result.append(contentsOf: ids[first..<first + Int(slot.idCount)])
                }
                return true
            }
            index = (index + 1) & (Self.slotCount - 1)
        }
        return false
    }

    mutating func insert(_ piece: UnsafeBufferPointer<UInt8>, hash: UInt64, ids pieceIDs: ArraySlice<TokenID>) {
        if slots.isEmpty || count >= Self.largestCount {
            slots = Array(repeating: Slot(), count: Self.slotCount)
            bytes.removeAll(keepingCapacity: true)
            ids.removeAll(keepingCapacity: true)
            count = 0
        }
        var index = Int(truncatingIfNeeded: hash) & (Self.slotCount - 1)
        while slots[index].byteCount != 0 { index = (index + 1) & (Self.slotCount - 1) }
        slots[index] = Slot(
            hash: hash, firstByte: UInt32(bytes.count), firstID: UInt32(ids.count), byteCount: UInt16(piece.count),
            idCount: UInt16(pieceIDs.count))
        bytes.append(contentsOf: piece)
        ids.append(contentsOf: pieceIDs)
        count += 1
    }

    @inline(__always)
    private func isSame(_ piece: UnsafeBufferPointer<UInt8>, from first: Int) -> Bool {
        for offset in 0..<piece.count where bytes[first + offset] != piece[offset] { return false }
        return true
    }
}
