/// A quoted string as JSON and Python write it, standing for one element.
enum QuotedText {
    /// The position after the closing quote of the string that opens at `start`; `nil` where none closes before `end`.
    static func end(in bytes: [UInt8], from start: Int, before end: Int) -> Int? {
        let quote = bytes[start]
        var index = start + 1
        while index < end {
            if bytes[index] == UInt8(ascii: "\\") {
                index += 2
            } else if bytes[index] == quote {
                return index + 1
            } else {
                index += 1
            }
        }
        return nil
    }

    static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    /// What the quotes of `range` hold, escapes resolved; `nil` where the range is not one quoted string.
    static func content(of range: Range<Int>, in bytes: [UInt8]) -> [UInt8]? {
        guard range.count >= 2, isQuote(bytes[range.lowerBound]),
            end(in: bytes, from: range.lowerBound, before: range.upperBound) == range.upperBound
        else { return nil }
        let inner = bytes[(range.lowerBound + 1)..<(range.upperBound - 1)]
        return inner.contains(UInt8(ascii: "\\")) ? unescaped(inner) : Array(inner)
    }

    /// An escape that neither language knows keeps its backslash, as in Python.
    private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var content: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            index += 1
            guard byte == UInt8(ascii: "\\"), index < text.endIndex else {
                content.append(byte)
                continue
            }
            let escape = text[index]
            index += 1
            switch escape {
            case UInt8(ascii: "n"): content.append(0x0A)
            case UInt8(ascii: "t"): content.append(0x09)
            case UInt8(ascii: "r"): content.append(0x0D)
            case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(escape)
            case UInt8(ascii: "u"):
                if let scalar = scalar(text, at: index) {
                    content.append(contentsOf: String(scalar).utf8)
                    index += 4
                } else {
                    content.append(contentsOf: [byte, escape])
                }
            default: content.append(contentsOf: [byte, escape])
            }
        }
        return content
    }

    private static func scalar(_ text: ArraySlice<UInt8>, at start: Int) -> Unicode.Scalar? {
        guard text.endIndex - start >= 4 else { return nil }
        var code: UInt32 = 0
        for byte in text[start..<(start + 4)] {
            guard let digit = ASCII.hexadecimalValue(byte) else { return nil }
            code = code << 4 | UInt32(digit)
        }
        return Unicode.Scalar(code)
    }
}
