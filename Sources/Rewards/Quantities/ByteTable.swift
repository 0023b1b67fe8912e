/// A fixed table from short byte strings to values. Looking up a slice of a text allocates nothing.
struct ByteTable<Value: Sendable>: Sendable {
    private var slots: [Int32]
    private var starts: [Int32] = [0]
    private var keys: [UInt8] = []
    private(set) var values: [Value] = []
    private let mask: Int
    /// The longest key, in bytes.
    private(set) var longestKey = 0

    /// Later entries with the key of an earlier one are ignored.
    init(_ entries: [(key: String, value: Value)]) {
        var capacity = 16
        while capacity < entries.count * 3 { capacity *= 2 }
        slots = Array(repeating: -1, count: capacity)
        mask = capacity - 1
        for (key, value) in entries {
            let bytes = Array(key.utf8)
            var slot = Self.hash(bytes, 0..<bytes.count) & mask
            var isKnown = false
            while slots[slot] >= 0 {
                if matches(Int(slots[slot]), bytes, 0..<bytes.count) {
                    isKnown = true
                    break
                }
                slot = (slot + 1) & mask
            }
            if isKnown { continue }
            slots[slot] = Int32(values.count)
            values.append(value)
            keys += bytes
            starts.append(Int32(keys.count))
            longestKey = max(longestKey, bytes.count)
        }
    }

    func find(_ bytes: [UInt8], _ range: Range<Int>) -> Value? {
        guard range.count <= longestKey else { return nil }
        var slot = Self.hash(bytes, range) & mask
        while slots[slot] >= 0 {
            let index = Int(slots[slot])
            if matches(index, bytes, range) { return values[index] }
            slot = (slot + 1) & mask
        }
        return nil
    }

    func find(_ text: String) -> Value? {
        let bytes = Array(text.utf8)
        return find(bytes, 0..<bytes.count)
    }

    private func matches(_ index: Int, _ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let start = Int(starts[index])
        guard Int(starts[index + 1]) - start == range.count else { return false }
        var offset = 0
        while offset < range.count {
            if keys[start + offset] != bytes[range.lowerBound + offset] { return false }
            offset += 1
        }
        return true
    }

    /// FNV-1a.
    private static func hash(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in range { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: hash ^ (hash >> 29))
    }
}
