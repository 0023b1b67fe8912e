/// The words that make a span of time an age: `aged 65 years`, `65 years old`, `6-month-old`, `65 years of age or older`.
enum AgeWords {
    private static let beginnings = ["aged ", "ages ", "age of ", "age "].map { Array($0.utf8) }
    private static let ends = [" of age", " old", "-old"].map { Array($0.utf8) }

    /// The text without them; `nil` where there are none. The caller sees to it that a span of time is left.
    static func removed(from bytes: [UInt8]) -> [UInt8]? {
        var rest = bytes[...]
        for word in beginnings where starts(rest, with: word) {
            rest = rest.dropFirst(word.count)
            break
        }
        var plain: [UInt8] = []
        plain.reserveCapacity(rest.count)
        while let byte = rest.first {
            if byte == 0x20 || byte == UInt8(ascii: "-"), let word = ends.first(where: { isWord($0, at: rest) }) {
                rest = rest.dropFirst(word.count)
            } else {
                plain.append(byte)
                rest = rest.dropFirst()
            }
        }
        return plain.count < bytes.count ? plain : nil
    }

    private static func isWord(_ word: [UInt8], at rest: ArraySlice<UInt8>) -> Bool {
        guard starts(rest, with: word) else { return false }
        let end = rest.startIndex + word.count
        return end == rest.endIndex || rest[end] == 0x20
    }

    private static func starts(_ text: ArraySlice<UInt8>, with word: [UInt8]) -> Bool {
        guard text.count >= word.count else { return false }
        return zip(text, word).allSatisfy { $0 == $1 || UnitText.isLetter($1) && $0 | 0x20 == $1 }
    }
}
