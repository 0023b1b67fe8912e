/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`: GPT-2, and ByteLevel with `use_regex`.
struct GPT2Scanner: TotalScanner {
    static let cutsByCase = false

    static func joinsLetters(_ character: UInt8) -> Bool {
        character == UInt8(ascii: " ") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character | 0x20)
    }

    @inline(__always)
    func matchEnd(in text: ScalarReader, from start: Int) -> Int {
        if let end = text.endOfLowercaseContraction(from: start) { return end }
        let first = text.bytes[start] == UInt8(ascii: " ") && start + 1 < text.end ? start + 1 : start
        let kind = text.kind(at: first).kind
        if !kind.isDisjoint(with: .letter) { return text.endOfRun(of: .letter, from: first) }
        if kind.contains(.number) { return text.endOfRun(of: .number, from: first) }
        if kind.contains(.whiteSpace) { return text.endOfWhiteSpace(from: start, stopsAtLineBreaks: false) }
        return text.endOfRun(outside: [.letter, .number, .whiteSpace], from: first)
    }
}
