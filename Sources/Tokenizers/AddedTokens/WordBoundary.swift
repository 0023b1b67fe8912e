/// Words and white space beside an added token, as the Rust crate `regex` sees them, which Hugging Face asks here.
enum WordBoundary {
    /// Whether a word character stands immediately before byte `position`.
    static func isWord(_ text: UnsafeBufferPointer<UInt8>, before position: Int) -> Bool {
        position > 0 && isWord(scalar(in: text, at: startOfScalar(in: text, endingAt: position)))
    }

    static func isWord(_ text: UnsafeBufferPointer<UInt8>, after position: Int) -> Bool {
        position < text.count && isWord(scalar(in: text, at: position))
    }

    /// The start of the run of white space that ends at byte `end`.
    static func startOfSpace(_ text: UnsafeBufferPointer<UInt8>, endingAt end: Int) -> Int {
        var position = end
        while position > 0 {
            let start = startOfScalar(in: text, endingAt: position)
            guard isSpace(scalar(in: text, at: start)) else { break }
            position = start
        }
        return position
    }

    /// The end of the run of white space that begins at byte `start`.
    static func endOfSpace(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var position = start
        while position < text.count {
            guard isSpace(scalar(in: text, at: position)) else { break }
            position += 1
            while position < text.count, text[position] & 0xC0 == 0x80 { position += 1 }
        }
        return position
    }

    private static func startOfScalar(in text: UnsafeBufferPointer<UInt8>, endingAt end: Int) -> Int {
        var position = end - 1
        while position > 0, text[position] & 0xC0 == 0x80 { position -= 1 }
        return position
    }

    private static func scalar(in text: UnsafeBufferPointer<UInt8>, at position: Int) -> UInt32 {
        ScalarCoding.scalar(in: text, at: position).value
    }

    /// The property White_Space.
    private static func isSpace(_ scalar: UInt32) -> Bool { ScalarSet.whiteSpace.contains(scalar) }

    private static func isWord(_ scalar: UInt32) -> Bool { ScalarSet.rustWord.contains(scalar) }
}
