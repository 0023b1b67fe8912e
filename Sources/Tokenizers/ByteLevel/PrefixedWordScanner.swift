/// The patterns of Qwen, Llama 3 and their kin, in which a word takes in the one character before it:
/// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
struct PrefixedWordScanner: TotalScanner {
    /// `\p{L}` as above, or `[\p{L}\p{M}]`; marks are then no punctuation either.
    var letters: CharacterClass
    /// How many numbers a piece may hold: 1 for `\p{N}`, 3 for `\p{N}{1,3}`.
    var numberLimit: Int

    static let cutsByCase = false

    static func joinsLetters(_ character: UInt8) -> Bool {
        character < 0x80 && character != 0x0A && character != 0x0D && !(0x30...0x39).contains(character)
            && character != UInt8(ascii: "'")
    }

    @inline(__always)
    func matchEnd(in text: ScalarReader, from start: Int) -> Int {
        let first = text.bytes[start]
        if first == UInt8(ascii: "'"), let end = text.endOfContraction(from: start) { return end }
        let (kind, next) = text.kind(at: start)
        if !kind.isDisjoint(with: letters) { return text.endOfRun(of: letters, from: next) }
        if kind.contains(.number) { return text.endOfNumbers(from: start, limit: numberLimit) }
        let isLineBreak = first == 0x0A || first == 0x0D
        if !isLineBreak, text.holds(letters, at: next) { return text.endOfRun(of: letters, from: next) }
        let words = letters.union([.number, .whiteSpace])
        if !kind.contains(.whiteSpace) { return text.endOfLineBreaks(from: text.endOfRun(outside: words, from: next)) }
        if first == UInt8(ascii: " "), next < text.end, !text.holds(words, at: next) {
            return text.endOfLineBreaks(from: text.endOfRun(outside: words, from: next))
        }
        return text.endOfWhiteSpace(from: start)
    }
}
