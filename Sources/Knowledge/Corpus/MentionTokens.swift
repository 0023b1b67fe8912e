/// The words of a text as byte ranges, with hashes that do not depend on case.
///
/// A word is a run of ASCII letters and digits and of characters beyond ASCII other than punctuation; the `s` behind an
/// apostrophe is none. Case is folded for Latin letters (ASCII and Latin-1) and for Greek ones.
struct MentionTokens {
    struct Token {
        var start: Int32
        var end: Int32
        var hash: UInt64
    }

    private(set) var tokens: [Token] = []

    private static let separator: UInt8 = 0
    private static let wordByte: UInt8 = 1
    private static let upperByte: UInt8 = 2
    private static let leadByte: UInt8 = 3

    private static let kinds: [UInt8] = (0..<256).map { byte in
        switch byte {
        case 0x30...0x39, 0x61...0x7A: wordByte
        case 0x41...0x5A: upperByte
        case 0x80...: leadByte
        default: separator
        }
    }

    /// Finds the words of a text, in place of those found before.
    mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) {
        tokens.removeAll(keepingCapacity: true)
        Self.kinds.withUnsafeBufferPointer { kinds in
            var index = 0
            while index < bytes.count {
                var hash: UInt64 = 0xCBF2_9CE4_8422_2325
                let start = index
                word: while index < bytes.count {
                    let byte = bytes[index]
                    switch kinds[Int(byte)] {
                    case Self.wordByte:
                        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
                        index += 1
                    case Self.upperByte:
                        hash = (hash ^ UInt64(byte | 0x20)) &* 0x100_0000_01B3
                        index += 1
                    case Self.leadByte:
                        let (first, second, length) = Self.folded(bytes, index)
                        if length < 0 { break word }
                        hash = (hash ^ UInt64(first)) &* 0x100_0000_01B3
                        if length > 1 { hash = (hash ^ UInt64(second)) &* 0x100_0000_01B3 }
                        index += length
                    default: break word
                    }
                }
                if index > start {
                    if !Self.isPossessive(bytes, start, index) {
                        tokens.append(Token(start: Int32(start), end: Int32(index), hash: hash))
                    }
                } else {
                    index += kinds[Int(bytes[index])] == Self.leadByte ? -Self.folded(bytes, index).length : 1
                }
            }
        }
    }

    /// The bytes of a word after folding.
    static func folded(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if byte < 0x80 {
                result.append(0x41...0x5A ~= byte ? byte | 0x20 : byte)
                index += 1
            } else {
                let (first, second, length) = folded(bytes, index)
                result.append(first)
                if length > 1 { result.append(second) }
                index += max(1, length)
            }
        }
        return result
    }

    /// A character beyond ASCII: one or two bytes of it after folding and their number; the number is negative for the
    /// bytes of a punctuation mark. Bytes of longer characters come one by one.
    @inline(__always)
    private static func folded(
        _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int
    ) -> (first: UInt8, second: UInt8, length: Int) {
        let byte = bytes[index]
        guard index + 1 < bytes.count else { return (byte, 0, 1) }
        let next = bytes[index + 1]
        switch byte {
        case 0xC2:
            // Latin-1's signs, but for ª, µ and º.
            return next == 0xAA || next == 0xB5 || next == 0xBA ? (byte, next, 2) : (0, 0, -2)
        case 0xC3: return (byte, 0x80...0x9E ~= next && next != 0x97 ? next + 0x20 : next, 2)
        case 0xCE:
            if 0x91...0x9F ~= next { return (byte, next + 0x20, 2) }
            if 0xA0...0xA9 ~= next { return (0xCF, next - 0x20, 2) }
            return (byte, next, 2)
        // General punctuation: quotation marks, dashes, spaces, bullets.
        case 0xE2 where next == 0x80 && index + 2 < bytes.count: return (0, 0, -3)
        default: return (byte, 0, 1)
        }
    }

    private static func isPossessive(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
        guard end - start == 1, bytes[start] | 0x20 == UInt8(ascii: "s"), start > 0 else { return false }
        if bytes[start - 1] == UInt8(ascii: "'") { return start > 1 && bytes[start - 2] > 0x2F }
        return start > 3 && bytes[start - 1] == 0x99 && bytes[start - 2] == 0x80 && bytes[start - 3] == 0xE2
    }
}
