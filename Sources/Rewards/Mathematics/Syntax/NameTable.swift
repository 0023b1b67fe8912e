/// Finds what a name of ASCII bytes stands for, without making a `String`.
struct NameTable: Sendable {
    struct Entry: Sendable {
        var name: [UInt8]
        var kind: MathToken.Kind
        var detail: UInt8
    }

    static let longestName = 24

    private let entries: [Entry]
    private let slots: [Int16]

    init(_ names: [(String, MathToken.Kind, UInt8)]) {
        entries = names.map { Entry(name: Array($0.0.utf8), kind: $0.1, detail: $0.2) }
        var size = 64
        while size < 3 * entries.count { size *= 2 }
        var slots = [Int16](repeating: -1, count: size)
        for (index, entry) in entries.enumerated() {
            var slot = Int(Self.hash(entry.name, 0, entry.name.count)) & (size - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = Int16(index)
        }
        self.slots = slots
    }

    func find(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Entry? {
        guard end - start <= Self.longestName else { return nil }
        var slot = Int(Self.hash(bytes, start, end)) & (slots.count - 1)
        while slots[slot] >= 0 {
            let entry = entries[Int(slots[slot])]
            if entry.name.count == end - start, entry.name.elementsEqual(bytes[start..<end]) { return entry }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Fowler–Noll–Vo, with the high half folded in.
    private static func hash(_ bytes: [UInt8], _ start: Int, _ end: Int) -> UInt32 {
        var hash: UInt32 = 2_166_136_261
        for index in start..<end { hash = (hash ^ UInt32(bytes[index])) &* 16_777_619 }
        return hash ^ (hash >> 16)
    }
}
