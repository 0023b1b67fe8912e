/// Classes of ASCII bytes.
enum ASCII {
    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") <= 9 }

    @inline(__always)
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") <= 25 }

    @inline(__always)
    static func lowercased(_ byte: UInt8) -> UInt8 { byte &- UInt8(ascii: "A") <= 25 ? byte | 0x20 : byte }

    static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Whether `word`, in lower case, stands at `index`, in any case.
    static func matches(_ word: String, in bytes: [UInt8], at index: Int) -> Bool {
        guard index >= 0, bytes.count - index >= word.utf8.count else { return false }
        var position = index
        for letter in word.utf8 {
            guard lowercased(bytes[position]) == letter else { return false }
            position += 1
        }
        return true
    }

    /// The range without ASCII white space at its ends.
    static func trim(_ range: Range<Int>, in bytes: [UInt8]) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, AnswerText.isSpace(bytes[start]) { start += 1 }
        while end > start, AnswerText.isSpace(bytes[end - 1]) { end -= 1 }
        return start..<end
    }
}
