import Primitives

/// The entries of a vocabulary that a piece becomes as a whole, found by their bytes.
///
/// Those are the entries that merging their bytes leads to; with `ignore_merges`, all that can be written in bytes.
struct WholePieceTable: Sendable {
    /// The bytes of all entries in the order of their ids, then 16 zeros.
    let bytes: FixedTable<UInt8>
    /// Where the bytes of each id begin; one more than there are ids. An id without an entry in bytes has none.
    let starts: FixedTable<UInt32>
    /// Open addressing by the hash: its upper 40 bits and the id in the lower 24; all ones in a free slot.
    let slots: FixedTable<UInt64>

    static let padding = 16
    private static let idBits: UInt64 = 0xFF_FFFF

    var idLimit: Int { starts.count - 1 }

    /// - Parameter isWhole: whether a piece of these bytes becomes this id.
    init(_ vocabulary: Vocabulary, isWhole: (TokenID, UnsafeBufferPointer<UInt8>) -> Bool) {
        var bytes: [UInt8] = []
        var starts: [UInt32] = []
        starts.reserveCapacity(vocabulary.idLimit + 1)
        for id in 0..<vocabulary.idLimit {
            starts.append(UInt32(bytes.count))
            if let entry = vocabulary.utf8(id) { ByteAlphabet.appendBytes(of: entry, to: &bytes) }
        }
        starts.append(UInt32(bytes.count))
        bytes.append(contentsOf: repeatElement(0, count: Self.padding))
        self.bytes = FixedTable(bytes)
        self.starts = FixedTable(starts)

        var size = 16
        while size < vocabulary.count + vocabulary.count / 2 { size *= 2 }
        let slots = FixedTable<UInt64>(repeating: .max, count: size)
        self.slots = slots
        for id in 0..<vocabulary.idLimit {
            let entry = self.entry(id)
            guard entry.count > 1, isWhole(TokenID(id), entry) else { continue }
            let hash = Self.hash(entry)
            var index = Int(truncatingIfNeeded: hash) & (size - 1)
            while slots.start[index] != .max { index = (index + 1) & (size - 1) }
            slots.start[index] = hash & ~Self.idBits | UInt64(id)
        }
    }

    /// Takes tables from a file; `nil` when looking up in them could fail.
    init?(bytes: FixedTable<UInt8>, starts: FixedTable<UInt32>, slots: FixedTable<UInt64>) {
        guard bytes.count >= Self.padding, starts.count >= 2, slots.count >= 16, slots.count.nonzeroBitCount == 1
        else { return nil }
        var last: UInt32 = 0
        var unsoundCount = 0
        for index in 0..<starts.count {
            unsoundCount += starts.start[index] < last ? 1 : 0
            last = starts.start[index]
        }
        guard unsoundCount == 0, Int(last) == bytes.count - Self.padding else { return nil }
        var count = 0
        let idLimit = UInt64(starts.count - 1)
        for index in 0..<slots.count {
            let slot = slots.start[index]
            let isTaken = slot != .max
            count += isTaken ? 1 : 0
            unsoundCount += isTaken && slot & Self.idBits >= idLimit ? 1 : 0
        }
        guard unsoundCount == 0, count < slots.count else { return nil }
        self.bytes = bytes
        self.starts = starts
        self.slots = slots
    }

    /// The bytes of an entry.
    @inline(__always)
    func entry(_ id: Int) -> UnsafeBufferPointer<UInt8> {
        let start = Int(starts.start[id])
        return UnsafeBufferPointer(start: bytes.start + start, count: Int(starts.start[id + 1]) - start)
    }

    @inline(__always)
    static func hash(_ piece: UnsafeBufferPointer<UInt8>) -> UInt64 {
        if piece.count > PieceKey.longestPiece { return ByteHash.hash(piece) }
        guard let start = piece.baseAddress, !piece.isEmpty else { return 0 }
        return PieceKey(start, count: piece.count, isPadded: false).hash
    }

    /// The id of a short piece, or -1.
    @inline(__always)
    func id(of key: PieceKey, hash: UInt64) -> TokenID {
        let mask = slots.count - 1
        var index = Int(truncatingIfNeeded: hash) & mask
        while true {
            let slot = slots.start[index]
            if slot == .max { return -1 }
            if (slot ^ hash) & ~Self.idBits == 0 {
                let id = Int(slot & Self.idBits)
                let entry = entry(id)
                if entry.count == key.count,
                    PieceKey(entry.baseAddress.unsafelyUnwrapped, count: entry.count, isPadded: true) == key
                {
                    return TokenID(truncatingIfNeeded: id)
                }
            }
            index = (index + 1) & mask
        }
    }

    /// The id of a piece too long for a key, or -1.
    func id(of piece: UnsafeBufferPointer<UInt8>, hash: UInt64) -> TokenID {
        let mask = slots.count - 1
        var index = Int(truncatingIfNeeded: hash) & mask
        while true {
            let slot = slots.start[index]
            if slot == .max { return -1 }
            let id = Int(slot & Self.idBits)
            if (slot ^ hash) & ~Self.idBits == 0, entry(id).elementsEqual(piece) {
                return TokenID(truncatingIfNeeded: id)
            }
            index = (index + 1) & mask
        }
    }
}
