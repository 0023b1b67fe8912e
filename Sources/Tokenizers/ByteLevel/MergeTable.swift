import Primitives

/// The merges of a byte-pair vocabulary, found by the pair of ids that they join.
struct MergeTable: Sendable {
    /// What a pair becomes: the rank in the upper 32 bits (smaller merges first), the id of the product in the lower.
    typealias Entry = UInt64

    /// The entry of a pair that does not merge; larger than every other.
    static let absent = Entry.max

    struct Slot: BitwiseCopyable {
        /// All ones in a free slot.
        var key: UInt64
        var entry: Entry
    }

    /// Open addressing; at most two in three of the slots, a power of two, are taken.
    private(set) var slots: FixedTable<Slot>
    private let mask: Int
    private(set) var count = 0

    init(capacity: Int) {
        var size = 16
        while size < capacity + capacity / 2 { size *= 2 }
        mask = size - 1
        slots = FixedTable(repeating: Slot(key: .max, entry: Self.absent), count: size)
    }

    /// Takes slots from a file; `nil` when looking up in them could fail.
    init?(slots: FixedTable<Slot>, idLimit: Int) {
        guard slots.count >= 16, slots.count.nonzeroBitCount == 1 else { return nil }
        var count = 0
        var unsoundCount = 0
        for index in 0..<slots.count {
            let slot = slots.start[index]
            let isTaken = slot.key != .max
            count += isTaken ? 1 : 0
            unsoundCount += isTaken == (UInt32(truncatingIfNeeded: slot.entry) < UInt32(idLimit)) ? 0 : 1
        }
        guard unsoundCount == 0, count < slots.count else { return nil }
        self.slots = slots
        self.count = count
        mask = slots.count - 1
    }

    /// Records a merge. A pair that is already known takes the new rank.
    mutating func insert(_ left: TokenID, _ right: TokenID, rank: Int, product: TokenID) {
        if !isKnownUniquelyReferenced(&slots) { slots = slots.copy() }
        let key = Self.key(left, right)
        let index = slot(of: key)
        if slots.start[index].key == .max {
            precondition(count < slots.count / 4 * 3, "more merges than the table was made for")
            count += 1
        }
        slots.start[index] = Slot(key: key, entry: UInt64(rank) << 32 | UInt64(UInt32(bitPattern: product)))
    }

    /// Calls `body` with the ids of each pair and its entry.
    @inline(__always)
    func forEach(_ body: (Int, Int, Entry) -> Void) {
        for index in 0..<slots.count where slots.start[index].key != .max {
            let slot = slots.start[index]
            body(Int(slot.key >> 32), Int(slot.key & 0xFFFF_FFFF), slot.entry)
        }
    }

    @inline(__always)
    func entry(_ left: TokenID, _ right: TokenID) -> Entry { slots.start[slot(of: Self.key(left, right))].entry }

    @inline(__always)
    static func rank(_ entry: Entry) -> UInt64 { entry >> 32 }

    @inline(__always)
    static func product(_ entry: Entry) -> TokenID { TokenID(truncatingIfNeeded: entry) }

    @inline(__always)
    private static func key(_ left: TokenID, _ right: TokenID) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    /// The slot that holds `key`, or the free one where it belongs.
    @inline(__always)
    private func slot(of key: UInt64) -> Int {
        let slots = slots.start
        var index = Int(truncatingIfNeeded: ByteHash.mix(key, 0x9E37_79B9_7F4A_7C15)) & mask
        while slots[index].key != key, slots[index].key != .max { index = (index + 1) & mask }
        return index
    }
}
