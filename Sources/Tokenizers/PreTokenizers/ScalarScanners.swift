/// Matches one scalar of a set.
struct ScalarScanner: SplitScanner {
    let scalars: ScalarSet

    func matchEnd(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        let (scalar, width) = ScalarCoding.scalar(in: text, at: start)
        return scalars.contains(scalar) ? start + width : nil
    }

    func forEachMatch(in text: UnsafeBufferPointer<UInt8>, _ match: (Range<Int>) -> Void) {
        var position = 0
        while position < text.count {
            let (scalar, width) = ScalarCoding.scalar(in: text, at: position)
            if scalars.contains(scalar) { match(position..<position + width) }
            position += width
        }
    }
}

/// Matches one text, byte for byte.
struct LiteralScanner: SplitScanner {
    private let literal: [UInt8]
    private let first: UInt8

    /// `nil` for the empty text, which would match everywhere.
    init?(_ literal: String) {
        guard let first = literal.utf8.first else { return nil }
        self.literal = Array(literal.utf8)
        self.first = first
    }

    func matchEnd(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        let end = start + literal.count
        guard end <= text.count, text[start] == first else { return nil }
        for offset in 1..<literal.count where text[start + offset] != literal[offset] { return nil }
        return end
    }

    func forEachMatch(in text: UnsafeBufferPointer<UInt8>, _ match: (Range<Int>) -> Void) {
        var position = 0
        while position < text.count {
            if text[position] == first, let end = matchEnd(in: text, at: position) {
                match(position..<end)
                position = end
            } else {
                position += 1
            }
        }
    }
}
