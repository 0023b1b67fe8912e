/// The text of one side, ready for a reader: valid UTF-8 without white space around it.
struct AnswerText: Sendable {
    /// The UTF-8 bytes.
    let bytes: [UInt8]
    let isASCII: Bool

    /// Trims ASCII white space and notes whether all is ASCII.
    init(_ bytes: ArraySlice<UInt8>) {
        var (start, end) = (bytes.startIndex, bytes.endIndex)
        while start < end, Self.isSpace(bytes[start]) { start += 1 }
        while end > start, Self.isSpace(bytes[end - 1]) { end -= 1 }
        self.bytes = Array(bytes[start..<end])
        var union: UInt8 = 0
        for byte in self.bytes { union |= byte }
        isASCII = union < 0x80
    }

    init(_ text: String) { self.init(Array(text.utf8)[...]) }

    var string: String { String(decoding: bytes, as: UTF8.self) }
    var isEmpty: Bool { bytes.isEmpty }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
