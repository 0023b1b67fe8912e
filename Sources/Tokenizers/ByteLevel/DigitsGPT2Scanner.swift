/// `Digits` with every digit by itself, then the pattern of GPT-2: StarCoder, SmolLM and Command R.
struct DigitsGPT2Scanner: PieceScanner {
    /// The end of the stretch without digits.
    private var stretchEnd = 0

    static let cutsByCase = false

    static func joinsLetters(_ character: UInt8) -> Bool { GPT2Scanner.joinsLetters(character) }

    @inline(__always)
    mutating func pieceEnd(in text: ScalarReader, from start: Int) -> Int {
        if start >= stretchEnd {
            let (value, next) = text.scalar(at: start)
            if Self.isDigit(value) { return next }
            stretchEnd = endOfStretch(text, from: next)
        }
        return GPT2Scanner().matchEnd(in: text.ending(at: stretchEnd), from: start)
    }

    private func endOfStretch(_ text: ScalarReader, from start: Int) -> Int {
        var position = start
        while position < text.end {
            let (value, next) = text.scalar(at: position)
            if Self.isDigit(value) { break }
            position = next
        }
        return position
    }

    @inline(__always)
    private static func isDigit(_ value: Int) -> Bool {
        value < 0x80 ? (0x30...0x39).contains(value) : ScalarSet.numbers.contains(UInt32(value))
    }
}
