/// What the split patterns distinguish in a Unicode scalar.
enum CharacterClass: UInt8 {
    /// Neither letter, number nor white space: punctuation, symbols, marks, controls, unassigned scalars.
    case other
    /// `\p{L}`
    case letter
    /// `\p{N}`
    case number
    /// `\s` without carriage return and line feed.
    case space
    /// Carriage return or line feed.
    case newline

    /// The class of every scalar up to the last letter or number; all scalars beyond are ``other``.
    static let table: [CharacterClass] = {
        let letters = UnicodeRanges.letters
        let numbers = UnicodeRanges.numbers
        let count = Int(max(letters.reduce(0, +), numbers.reduce(0, +)))
        var table = [CharacterClass](repeating: .other, count: count)
        table.withUnsafeMutableBufferPointer { buffer in
            for (ranges, characterClass) in [(letters, CharacterClass.letter), (numbers, .number)] {
                var position = 0
                for index in stride(from: 0, to: ranges.count, by: 2) {
                    let start = position + Int(ranges[index])
                    position = start + Int(ranges[index + 1])
                    buffer[start..<position].update(repeating: characterClass)
                }
            }
            for range in whiteSpace { buffer[range].update(repeating: .space) }
            buffer[0x0A] = .newline
            buffer[0x0D] = .newline
        }
        return table
    }()

    /// The property White_Space, which has not changed since Unicode 6.3.
    private static let whiteSpace: [Range<Int>] = [
        0x09..<0x0E, 0x20..<0x21, 0x85..<0x86, 0xA0..<0xA1, 0x1680..<0x1681, 0x2000..<0x200B, 0x2028..<0x202A,
        0x202F..<0x2030, 0x205F..<0x2060, 0x3000..<0x3001,
    ]
}
