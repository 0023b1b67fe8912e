/// The words of a name: hyphens, underscores and white space separate them, apostrophes, quotation marks and stops
/// vanish, other signs are words of their own.
enum NameWords {
    /// The words in lower case of a range of a plain text. Points and commas between digits stay.
    static func split(_ bytes: ArraySlice<UInt8>) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var word: [UInt8] = []
        func isDigit(at index: Int) -> Bool { bytes.indices.contains(index) && NameByte.isDigit(bytes[index]) }
        func flush() {
            if !word.isEmpty {
                words.append(word)
                word = []
            }
        }
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            switch byte {
            case NameByte.hyphen, UInt8(ascii: "_"),
                _ where AnswerText.isSpace(byte):
                flush()
            case NameByte.apostrophe:
                if let end = Possessive.end(
                    in: bytes, apostrophe: index, writtenIsLetter: word.last.map(NameByte.isLetter) ?? false,
                    writtenIsSibilant: word.last == UInt8(ascii: "s"))
                {
                    index = end
                    continue
                }
            case UInt8(ascii: "\""), UInt8(ascii: "`"): break
            case NameByte.stop, NameByte.comma:
                if isDigit(at: index - 1), isDigit(at: index + 1) {
                    word.append(byte)
                } else if byte == NameByte.comma {
                    flush()
                    words.append([byte])
                }
            case UInt8(ascii: "&"):
                flush()
                words.append(Array("and".utf8))
            case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
                UInt8(ascii: "}"), UInt8(ascii: "/"), UInt8(ascii: "+"), UInt8(ascii: ";"), UInt8(ascii: ":"):
                flush()
                words.append([byte])
            default: word.append(NameByte.lower(byte))
            }
            index += 1
        }
        flush()
        return words
    }
}
