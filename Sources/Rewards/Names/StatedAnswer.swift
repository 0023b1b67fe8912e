/// The number that a text states as its answer.
enum StatedAnswer {
    private static let keyword = Array("answer".utf8)

    /// The whole text as a number, or what follows the last `answer is` or `answer:` on its line.
    static func number(in bytes: [UInt8]) -> Rational? {
        if let number = number(bytes[...]) { return number }
        var index = bytes.count - keyword.count
        while index >= 0 {
            if isKeyword(bytes, index) {
                var start = index + keyword.count
                while start < bytes.count, AnswerText.isSpace(bytes[start]) { start += 1 }
                if start < bytes.count, bytes[start] == UInt8(ascii: ":") {
                    start += 1
                } else if start + 1 < bytes.count, bytes[start] | 0x20 == UInt8(ascii: "i"),
                    bytes[start + 1] | 0x20 == UInt8(ascii: "s")
                {
                    start += 2
                } else {
                    return nil
                }
                return number(bytes[start...].prefix { $0 != UInt8(ascii: "\n") })
            }
            index -= 1
        }
        return nil
    }

    private static func isKeyword(_ bytes: [UInt8], _ index: Int) -> Bool {
        for offset in keyword.indices where bytes[index + offset] | 0x20 != keyword[offset] { return false }
        return true
    }

    /// A decimal between white space, dollar signs and a final stop.
    private static func number(_ bytes: ArraySlice<UInt8>) -> Rational? {
        var rest = bytes
        func isLoose(_ byte: UInt8) -> Bool { AnswerText.isSpace(byte) || byte == UInt8(ascii: "$") }
        while let first = rest.first, isLoose(first) { rest.removeFirst() }
        while let last = rest.last, isLoose(last) || last == NameByte.stop { rest.removeLast() }
        return rest.count <= 64 ? Rational(plainDecimal: String(decoding: rest, as: UTF8.self)) : nil
    }
}
