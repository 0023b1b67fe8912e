/// The patterns of o200k (gpt-oss) and tekken (Mistral), in which a word ends where a capital follows a small letter:
/// `P?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+C?|P?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*C?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`
/// with `P` for `[^\r\n\p{L}\p{N}]` and `C` for `(?i:'s|'t|'re|'ve|'m|'ll|'d)`, which tekken leaves out.
struct CasedWordScanner: TotalScanner {
    var takesContractions: Bool
    /// How many numbers a piece may hold.
    var numberLimit: Int

    static let cutsByCase = true

    static func joinsLetters(_ character: UInt8) -> Bool {
        character < 0x80 && character != 0x0A && character != 0x0D && !(0x30...0x39).contains(character)
    }

    private static let capitals: CharacterClass = [.upper, .caseless, .mark]
    private static let smalls: CharacterClass = [.lower, .caseless, .mark]

    @inline(__always)
    func matchEnd(in text: ScalarReader, from start: Int) -> Int {
        let first = text.bytes[start]
        let (kind, next) = text.kind(at: start)
        let isPrefix = first != 0x0A && first != 0x0D && kind.isDisjoint(with: [.letter, .number])
        if isPrefix, let end = endOfCapitalsAndSmalls(text, from: next) { return end }
        if let end = endOfCapitalsAndSmalls(text, from: start) { return end }
        if isPrefix, let end = endOfCapitals(text, from: next) { return end }
        if let end = endOfCapitals(text, from: start) { return end }
        if kind.contains(.number) { return text.endOfNumbers(from: start, limit: numberLimit) }
        let words: CharacterClass = [.letter, .number, .whiteSpace]
        if !kind.contains(.whiteSpace) {
            return text.endOfLineBreaks(from: text.endOfRun(outside: words, from: next), orSlashes: true)
        }
        if first == UInt8(ascii: " "), next < text.end, !text.holds(words, at: next) {
            return text.endOfLineBreaks(from: text.endOfRun(outside: words, from: next), orSlashes: true)
        }
        return text.endOfWhiteSpace(from: start)
    }

    /// The first alternative without its prefix: capitals as many as there are, then at least one small letter; when
    /// none follows, capitals are given back up to the last that is also a small letter.
    @inline(__always)
    private func endOfCapitalsAndSmalls(_ text: ScalarReader, from start: Int) -> Int? {
        var position = start
        var afterSmall = start
        while position < text.end {
            let (kind, next) = text.kind(at: position)
            if kind.isDisjoint(with: Self.capitals) { break }
            position = next
            if !kind.isDisjoint(with: Self.smalls) { afterSmall = position }
        }
        let end = text.endOfRun(of: Self.smalls, from: position)
        if end > position { return endOfContraction(text, from: end) }
        return afterSmall > start ? endOfContraction(text, from: afterSmall) : nil
    }

    /// The second alternative without its prefix. No small letter follows the capitals, or the first would have matched.
    @inline(__always)
    private func endOfCapitals(_ text: ScalarReader, from start: Int) -> Int? {
        let end = text.endOfRun(of: Self.capitals, from: start)
        return end > start ? endOfContraction(text, from: end) : nil
    }

    @inline(__always)
    private func endOfContraction(_ text: ScalarReader, from end: Int) -> Int {
        guard takesContractions, text.holds(UInt8(ascii: "'"), at: end) else { return end }
        return text.endOfContraction(from: end) ?? end
    }
}
