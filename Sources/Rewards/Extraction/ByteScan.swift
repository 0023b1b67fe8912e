/// Comparisons over bytes that the scanners of this folder share. None reads beyond `end`.
enum ByteScan {
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// Whether `pattern` stands at `position`, ending at or before `end`.
    static func matches(_ pattern: [UInt8], in bytes: [UInt8], at position: Int, end: Int) -> Bool {
        guard position >= 0, position + pattern.count <= end else { return false }
        for index in 0..<pattern.count where bytes[position + index] != pattern[index] { return false }
        return true
    }

    /// Like ``matches(_:in:at:end:)`` for a pattern in lower case, and ASCII letters of either case.
    static func matchesIgnoringCase(_ pattern: [UInt8], in bytes: [UInt8], at position: Int, end: Int) -> Bool {
        guard position >= 0, position + pattern.count <= end else { return false }
        for index in 0..<pattern.count {
            let byte = bytes[position + index]
            if (isLetter(byte) ? byte | 0x20 : byte) != pattern[index] { return false }
        }
        return true
    }

    /// The first position from `position` on that holds no ASCII white space, or `end`.
    static func skipSpaces(_ bytes: [UInt8], from position: Int, end: Int) -> Int {
        var position = position
        while position < end, AnswerText.isSpace(bytes[position]) { position += 1 }
        return position
    }

    /// The range without ASCII white space at its ends.
    static func trimmed(_ range: Range<Int>, of bytes: [UInt8]) -> Range<Int> {
        let start = skipSpaces(bytes, from: range.lowerBound, end: range.upperBound)
        var end = range.upperBound
        while end > start, AnswerText.isSpace(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    /// The end of the line that `position` is on: its line feed, or `end`.
    static func lineEnd(_ bytes: [UInt8], from position: Int, end: Int) -> Int {
        var position = position
        while position < end, bytes[position] != 0x0A { position += 1 }
        return position
    }

    /// The first index of a sorted array whose key is at least `bound`.
    static func lowerBound<Element>(_ elements: [Element], _ bound: Int, key: (Element) -> Int) -> Int {
        var (low, high) = (0, elements.count)
        while low < high {
            let middle = (low + high) / 2
            if key(elements[middle]) < bound { low = middle + 1 } else { high = middle }
        }
        return low
    }

    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
