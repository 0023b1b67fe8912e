/// Bytes that arrive in parts, as text: complete scalars at once, the beginning of one when its end arrives.
///
/// The concatenated results are what decoding all bytes at once yields, with U+FFFD for each maximal part of a sequence
/// that is broken.
struct UTF8Stream: Sendable {
    /// The beginning of a scalar: at most three bytes.
    private var pending: [UInt8] = []

    /// The text that is complete with these bytes, if any.
    mutating func append(_ bytes: some Sequence<UInt8>) -> String? {
        pending += bytes
        let count = pending.count - Self.incompleteCount(pending)
        guard count > 0 else { return nil }
        defer { pending.removeFirst(count) }
        return String(decoding: pending[..<count], as: UTF8.self)
    }

    /// What the beginning of a scalar that never ended becomes.
    mutating func finish() -> String? {
        guard !pending.isEmpty else { return nil }
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
    }

    /// How many bytes at the end may be the beginning of a scalar.
    private static func incompleteCount(_ bytes: [UInt8]) -> Int {
        for count in 1...3 where count <= bytes.count {
            let first = bytes[bytes.count - count]
            if first < 0x80 { return 0 }
            if first < 0xC0 { continue }
            let width = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0
            if width <= count { return 0 }
            if count == 1 { return 1 }
            // Some second bytes would make an overlong form, a surrogate or a value beyond U+10FFFF.
            let second = bytes[bytes.count - count + 1]
            let isPossible =
                switch first {
                case 0xE0: second >= 0xA0
                case 0xED: second < 0xA0
                case 0xF0: second >= 0x90
                case 0xF4: second < 0x90
                default: true
                }
            return isPossible ? count : 0
        }
        return 0
    }
}
