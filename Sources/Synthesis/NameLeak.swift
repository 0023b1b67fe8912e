/// Whether a text gives a name away.
struct NameLeak {
    private let words: [UInt8]

    init(text: String) { words = Self.words(text) }

    /// Whether the words of `name` occur in a row in the text, whatever their case and punctuation.
    func contains(_ name: String) -> Bool {
        let name = Self.words(name)
        // One space on either side is a name without letters or digits.
        guard name.count > 2, name.count <= words.count else { return false }
        return words.firstRange(of: name) != nil
    }

    /// Lower-cased words with single spaces between, before and after them.
    private static func words(_ text: String) -> [UInt8] {
        var result: [UInt8] = [0x20]
        for character in text.lowercased() {
            if character.isLetter || character.isNumber {
                result += character.utf8
            } else if result.last != 0x20 {
                result.append(0x20)
            }
        }
        if result.last != 0x20 { result.append(0x20) }
        return result
    }
}
