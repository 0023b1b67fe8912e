extension AnswerText {
    private static let maximumLayers = 3

    /// The text without the Markdown emphasis, code marks or double quotes that enclose all of it: `**500 mg**`,
    /// `*BRCA1*`. A mark that stands inside as well (`*1/*2*`) encloses nothing.
    func withoutEmphasis(_ work: inout Work) -> AnswerText {
        guard let first = bytes.first, Self.isEmphasis(first), bytes.count > 2 else { return self }
        var core = bytes[...]
        for _ in 0..<Self.maximumLayers {
            guard let inner = Self.enclosed(core) else { break }
            core = inner
        }
        guard core.count < bytes.count else { return self }
        work.apply("emphasis")
        return AnswerText(core)
    }

    private static func isEmphasis(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "\""): true
        default: false
        }
    }

    /// What one to three equal marks at both ends enclose.
    private static func enclosed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let mark = text.first, isEmphasis(mark) else { return nil }
        let count = text.prefix { $0 == mark }.count
        guard count <= 3, text.count > 2 * count, text.suffix(count).allSatisfy({ $0 == mark }) else { return nil }
        let inner = text.dropFirst(count).dropLast(count)
        guard let first = inner.first, let last = inner.last, !isSpace(first), !isSpace(last), !inner.contains(mark)
        else { return nil }
        return inner
    }

    /// The text without the full stop of a sentence behind a letter or digit.
    var withoutFullStop: AnswerText {
        guard bytes.count > 1, bytes[bytes.count - 1] == UInt8(ascii: ".") else { return self }
        return NameByte.isWord(bytes[bytes.count - 2]) ? AnswerText(bytes.dropLast()) : self
    }
}
