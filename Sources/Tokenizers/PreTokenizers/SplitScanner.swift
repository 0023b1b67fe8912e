/// One split pattern of a tokenizer file, as a hand-written scanner.
///
/// Equivalent to the regular expression in the dialect of the reference (Oniguruma: leftmost, alternatives in their
/// order, greedy), over valid UTF-8 and in time linear in the text.
protocol SplitScanner: Sendable {
    /// The end of the match that begins at byte `start`, which lies below the text's count and on a scalar's first byte;
    /// `nil` when none begins there. Matches are never empty. The text ends where the piece ends.
    func matchEnd(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int?

    /// Calls `match` for all matches from left to right; each search begins where the last match ended.
    func forEachMatch(in text: UnsafeBufferPointer<UInt8>, _ match: (Range<Int>) -> Void)
}

extension SplitScanner {
    func forEachMatch(in text: UnsafeBufferPointer<UInt8>, _ match: (Range<Int>) -> Void) {
        var position = 0
        while position < text.count {
            if let end = matchEnd(in: text, at: position), end > position {
                match(position..<end)
                position = end
            } else {
                position += ScalarCoding.scalar(in: text, at: position).width
            }
        }
    }

    func matches(in text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        var matches: [Range<Int>] = []
        forEachMatch(in: text) { matches.append($0) }
        return matches
    }
}

/// The split patterns that this loader knows. One that it does not know is refused, never approximated.
enum SplitPatterns {
    static func scanner(for regex: String) -> (any SplitScanner)? {
        ModelSplitPatterns.scanner(for: regex) ?? SplitPatternParser.scanner(for: regex)
    }
}
