/// Different byte strings, each with its number in the order of their first occurrence.
///
/// Open addressing with linear probing; a slot holds the number plus one, or 0. Invariant: at most half of the slots are
/// taken, and their count is a power of two.
struct TermTable {
    private(set) var bytes: [UInt8] = []
    /// Term `n` is `bytes[offsets[n]..<offsets[n + 1]]`.
    private(set) var offsets: [UInt32] = [0]
    private var slots = [UInt32](repeating: 0, count: 1 << 12)

    var count: Int { offsets.count - 1 }

    func range(_ number: Int) -> Range<Int> { Int(offsets[number])..<Int(offsets[number + 1]) }

    /// The number of a term, and whether it was new.
    mutating func number(of term: UnsafeBufferPointer<UInt8>) -> (number: Int, isNew: Bool) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: Self.hash(term)) & mask
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if isEqual(number, term) { return (number, false) }
            slot = (slot + 1) & mask
        }
        bytes.append(contentsOf: term)
        offsets.append(UInt32(bytes.count))
        slots[slot] = UInt32(count)
        if count * 2 >= slots.count { grow() }
        return (count - 1, true)
    }

    private func isEqual(_ number: Int, _ term: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = Int(offsets[number])
        guard Int(offsets[number + 1]) - start == term.count else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            for index in 0..<term.count where bytes[start + index] != term[index] { return false }
            return true
        }
    }

    private mutating func grow() {
        let mask = slots.count * 2 - 1
        var wider = [UInt32](repeating: 0, count: mask + 1)
        bytes.withUnsafeBufferPointer { bytes in
            for number in 0..<count {
                var slot =
                    Int(truncatingIfNeeded: Self.hash(UnsafeBufferPointer(rebasing: bytes[range(number)]))) & mask
                while wider[slot] != 0 { slot = (slot + 1) & mask }
                wider[slot] = UInt32(number + 1)
            }
        }
        slots = wider
    }

    /// FNV-1a over 64 bits, its halves folded because the low bits choose the slot. Segment files depend on it.
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return hash ^ (hash &>> 32)
    }
}
