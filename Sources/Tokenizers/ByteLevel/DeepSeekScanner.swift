/// The last of the three split patterns of DeepSeek V3:
/// ``[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+``
struct DeepSeekWordScanner: SplitScanner {
    func matchEnd(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        matchEnd(in: ScalarReader(text), from: start)
    }

    @inline(__always)
    func matchEnd(in text: ScalarReader, from start: Int) -> Int? {
        let first = text.bytes[start]
        let (kind, next) = text.kind(at: start)
        let signs: CharacterClass = [.punctuation, .symbol]
        let letters: CharacterClass = [.letter, .mark]
        if first < 0x80, !kind.isDisjoint(with: signs) {
            let end = endOfASCIILetters(text, from: next)
            if end > next { return end }
        }
        let isPrefix = first != 0x0A && first != 0x0D && kind.isDisjoint(with: signs.union(.letter))
        if isPrefix, text.holds(letters, at: next) { return text.endOfRun(of: letters, from: next) }
        if !kind.isDisjoint(with: letters) { return text.endOfRun(of: letters, from: next) }
        if !kind.isDisjoint(with: signs) || (first == UInt8(ascii: " ") && text.holds(signs, at: next)) {
            return text.endOfLineBreaks(from: text.endOfRun(of: signs, from: next))
        }
        return kind.contains(.whiteSpace) ? text.endOfWhiteSpace(from: start) : nil
    }

    @inline(__always)
    private func endOfASCIILetters(_ text: ScalarReader, from start: Int) -> Int {
        var position = start
        while position < text.end {
            guard (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(text.bytes[position] | 0x20) else { break }
            position += 1
        }
        return position
    }
}

/// `[一-龥぀-ゟ゠-ヿ]+`, the second split pattern of DeepSeek V3.
struct DeepSeekIdeographScanner: SplitScanner {
    func matchEnd(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        let text = ScalarReader(text)
        let end = Self.end(in: text, from: start)
        return end > start ? end : nil
    }

    @inline(__always)
    static func contains(_ value: Int) -> Bool {
        (0x4E00...0x9FA5).contains(value) || (0x3040...0x30FF).contains(value)
    }

    static func end(in text: ScalarReader, from start: Int) -> Int {
        var position = start
        while position < text.end {
            let (value, next) = text.scalar(at: position)
            if !contains(value) { break }
            position = next
        }
        return position
    }
}

/// `\p{N}{1,3}`, the first split pattern of DeepSeek V3.
struct NumberGroupScanner: SplitScanner {
    var limit: Int

    func matchEnd(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        let end = ScalarReader(text).endOfNumbers(from: start, limit: limit)
        return end > start ? end : nil
    }
}

/// The three split patterns of DeepSeek V3, one after the other, in a single pass.
struct DeepSeekScanner: PieceScanner {
    /// The end of the stretch that the first two patterns have left to the third.
    private var stretchEnd = 0

    static let cutsByCase = false

    static func joinsLetters(_ character: UInt8) -> Bool {
        let isLineBreak = character == 0x0A || character == 0x0D
        return character < 0x80 && !isLineBreak && !(0x30...0x39).contains(character)
    }

    @inline(__always)
    mutating func pieceEnd(in text: ScalarReader, from start: Int) -> Int {
        if start >= stretchEnd {
            let (kind, _) = text.kind(at: start)
            if kind.contains(.number) { return text.endOfNumbers(from: start, limit: 3) }
            stretchEnd = endOfStretch(text, from: start)
        }
        let stretch = text.ending(at: stretchEnd)
        let words = DeepSeekWordScanner()
        if let end = words.matchEnd(in: stretch, from: start) { return end }
        // What the pattern leaves out is one piece up to its next match.
        var position = text.scalar(at: start).next
        while position < stretchEnd, words.matchEnd(in: stretch, from: position) == nil {
            position = text.scalar(at: position).next
        }
        return position
    }

    /// The end of a run of ideographs, or of what lies before the next ideograph or number.
    private func endOfStretch(_ text: ScalarReader, from start: Int) -> Int {
        let end = DeepSeekIdeographScanner.end(in: text, from: start)
        if end > start { return end }
        var position = start
        while position < text.end {
            let (value, next) = text.scalar(at: position)
            if DeepSeekIdeographScanner.contains(value) || text.kind(at: position).kind.contains(.number) { break }
            position = next
        }
        return position
    }
}
