/// Finds the number of a text of a pool by its bytes, with letters of either case as one or as two.
///
/// Open addressing with linear probing; a slot holds the number plus one, or 0. Invariant: at most half of the slots are
/// taken, and their number is a power of two.
struct TextIndex: Sendable {
    private let ignoresCase: Bool
    private var slots: [Int32]

    /// - Parameter firstDuplicate: gets the first pair of numbers whose texts are the same.
    init(_ pool: TextPool, ignoresCase: Bool, firstDuplicate: inout (first: Int, second: Int)?) {
        self.ignoresCase = ignoresCase
        var capacity = 16
        while capacity < pool.count * 2 { capacity *= 2 }
        slots = [Int32](repeating: 0, count: capacity)
        for number in 0..<pool.count {
            let key = Self.key(pool.bytes[pool.range(number)], ignoresCase: ignoresCase)
            let (slot, found) = position(of: key, in: pool)
            if let found {
                if firstDuplicate == nil { firstDuplicate = (found, number) }
            } else {
                slots[slot] = Int32(number + 1)
            }
        }
    }

    func number(of text: String, in pool: TextPool) -> Int? {
        position(of: Self.key(Array(text.utf8)[...], ignoresCase: ignoresCase), in: pool).found
    }

    private func position(of key: ArraySlice<UInt8>, in pool: TextPool) -> (slot: Int, found: Int?) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: Self.hash(key)) & mask
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            let other = pool.bytes[pool.range(number)]
            if ignoresCase ? Self.key(other, ignoresCase: true) == key : other == key { return (slot, number) }
            slot = (slot + 1) & mask
        }
        return (slot, nil)
    }

    private static func key(_ bytes: ArraySlice<UInt8>, ignoresCase: Bool) -> ArraySlice<UInt8> {
        guard ignoresCase else { return bytes }
        var isASCII = true
        var isLower = true
        for byte in bytes {
            if byte >= 0x80 { isASCII = false }
            if byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") { isLower = false }
        }
        if !isASCII { return Array(String(decoding: bytes, as: UTF8.self).lowercased().utf8)[...] }
        if isLower { return bytes }
        return bytes.map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") ? $0 | 0x20 : $0 }[...]
    }

    /// FNV-1a over 64 bits, its halves folded because the low bits choose the slot.
    private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return hash ^ (hash &>> 32)
    }
}
