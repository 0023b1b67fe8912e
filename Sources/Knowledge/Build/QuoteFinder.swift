/// Finds a quotation in a text: letter by letter, or where only spaces, quotation marks and dashes are written otherwise.
struct QuoteFinder {
    private let bytes: [UInt8]
    /// The text with the variants of each mark as one, and for each byte of it where it stands in the text.
    private let folded: [UInt8]
    private let offsets: [Int]

    init(_ text: String) {
        bytes = Array(text.utf8)
        (folded, offsets) = Self.fold(bytes)
    }

    /// The UTF-8 range of the first occurrence; `nil` for a quotation without a letter, and for one that is not there.
    func find(_ quote: String) -> Range<Int>? {
        var quote = Array(quote.utf8)[...]
        while let last = quote.last, last <= 0x20 { quote.removeLast() }
        while let first = quote.first, first <= 0x20 { quote.removeFirst() }
        guard !quote.isEmpty else { return nil }
        if let start = Self.first(Array(quote), in: bytes) { return start..<start + quote.count }
        let (pattern, _) = Self.fold(Array(quote))
        guard !pattern.isEmpty, let start = Self.first(pattern, in: folded) else { return nil }
        let last = start + pattern.count - 1
        // The last character ends where the next one begins.
        return offsets[start]..<offsets[last + 1]
    }

    /// - Returns: one offset more than there are bytes, the last being the end.
    private static func fold(_ bytes: [UInt8]) -> (bytes: [UInt8], offsets: [Int]) {
        var folded: [UInt8] = []
        var offsets: [Int] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte <= 0x20 || byte == 0xC2 && index + 1 < bytes.count && bytes[index + 1] == 0xA0 {
                if folded.last != 0x20 {
                    folded.append(0x20)
                    offsets.append(index)
                }
                index += byte == 0xC2 ? 2 : 1
            } else if byte == 0xE2, index + 2 < bytes.count, bytes[index + 1] == 0x80,
                let mark = punctuation(bytes[index + 2])
            {
                folded.append(mark)
                offsets.append(index)
                index += 3
            } else {
                folded.append(byte)
                offsets.append(index)
                index += 1
            }
        }
        return (folded, offsets + [bytes.count])
    }

    /// The ASCII mark for U+2010 to U+2015 (dashes) and U+2018 to U+201F (quotation marks).
    private static func punctuation(_ last: UInt8) -> UInt8? {
        switch last {
        case 0x90...0x95: UInt8(ascii: "-")
        case 0x98...0x9B: UInt8(ascii: "'")
        case 0x9C...0x9F: UInt8(ascii: "\"")
        default: nil
        }
    }

    private static func first(_ pattern: [UInt8], in text: [UInt8]) -> Int? {
        guard pattern.count <= text.count else { return nil }
        return text.withUnsafeBufferPointer { text in
            pattern.withUnsafeBufferPointer { pattern in
                for start in 0...(text.count - pattern.count) where text[start] == pattern[0] {
                    var offset = 1
                    while offset < pattern.count, text[start + offset] == pattern[offset] { offset += 1 }
                    if offset == pattern.count { return start }
                }
                return nil
            }
        }
    }
}
