/// Matches one scalar of a set.
struct ScalarScanner: SplitScanner {
    let scalars: ScalarSet

    func matchEnd(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        let (scalar, width) = ScalarCoding.scalar(in: text, at: start)
        return scalars.contains(scalar) ? start + width : nil
    }
}

/// Matches one text, byte for byte.
struct LiteralScanner: SplitScanner {
    private let literal: [UInt8]

    /// `nil` for the empty text, which would match everywhere.
    init?(_ literal: String) {
        if literal.isEmpty { return nil }
        self.literal = Array(literal.utf8)
    }

    func matchEnd(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        let end = start + literal.count
        guard end <= text.count else { return nil }
        for (offset, byte) in literal.enumerated() where text[start + offset] != byte { return nil }
        return end
    }
}

extension SplitScanner {
    /// All matches from left to right; each search begins where the last match ended.
    func matches(in text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        var matches: [Range<Int>] = []
        var position = 0
        while position < text.count {
            if let end = matchEnd(in: text, at: position), end > position {
                matches.append(position..<end)
                position = end
            } else {
                position += ScalarCoding.scalar(in: text, at: position).width
            }
        }
        return matches
    }
}
