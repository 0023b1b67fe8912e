/// The front door of every answer type: what a text may hold at all.
///
/// Characters without a glyph are dropped, because they change no reading. Refused are characters that reorder what is
/// displayed, control characters other than white space, and words that mix look-alike scripts: an answer that needs
/// them to look right is not that answer. Nothing else changes; in particular superscripts stay, which numbers and
/// mathematics need.
enum TextHygiene {
    /// The answer without white space around it and without invisible characters.
    static func clean(_ bytes: ArraySlice<UInt8>, work: inout Work) throws(AnswerProblem) -> AnswerText {
        guard bytes.count <= work.limits.bytes else {
            throw .overBudget("the answer has \(bytes.count) bytes; at most \(work.limits.bytes) are read")
        }
        try work.spend(bytes.count)
        var union: UInt8 = 0
        for byte in bytes {
            union |= byte
            if byte < 0x20 || byte == 0x7F, !AnswerText.isSpace(byte) {
                throw controlCharacter(UInt32(byte), offset: (bytes.firstIndex(of: byte) ?? 0) - bytes.startIndex)
            }
        }
        return union < 0x80 ? AnswerText(bytes) : try cleanUnicode(bytes, work: &work)
    }

    private static func cleanUnicode(
        _ bytes: ArraySlice<UInt8>, work: inout Work
    ) throws(AnswerProblem) -> AnswerText {
        try work.spend(4 * bytes.count)
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw .malformed("expected UTF-8, found bytes that are none", offset: validPrefix(of: bytes))
        }
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        var offset = 0
        var suspect: Int?
        for scalar in string.unicodeScalars {
            let value = scalar.value
            let width = UTF8.width(scalar)
            defer { offset += width }
            if value < 0x80 {
                kept.append(UInt8(value))
                continue
            }
            if (0x80...0x9F).contains(value), value != 0x85 {
                throw controlCharacter(value, offset: offset)
            }
            if isReordering(value) {
                throw .refused("expected text in its displayed order, found the control \(name(value))", offset: offset)
            }
            if scalar.properties.isDefaultIgnorableCodePoint {
                work.apply("invisible characters")
                continue
            }
            if suspect == nil, ScriptMixture.isSuspect(value) { suspect = offset }
            let start = bytes.startIndex + offset
            kept.append(contentsOf: bytes[start..<start + width])
        }
        if let suspect {
            let visible = String(decoding: kept, as: UTF8.self)
            if let mixture = ScriptMixture.firstMixture(in: CompatibilityForm.string(of: visible).unicodeScalars) {
                throw .refused("expected words of one script, found \(mixture)", offset: suspect)
            }
        }
        let isASCIIAtEnds = (kept.first ?? 0) < 0x80 && (kept.last ?? 0) < 0x80
        return AnswerText(isASCIIAtEnds ? kept[...] : trimmed(kept))
    }

    /// Without Unicode white space at the ends.
    private static func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        var view = Substring(decoding: bytes, as: UTF8.self).unicodeScalars
        while let first = view.first, first.properties.isWhitespace { view.removeFirst() }
        while let last = view.last, last.properties.isWhitespace { view.removeLast() }
        return Array(String(view).utf8)[...]
    }

    private static func controlCharacter(_ value: UInt32, offset: Int) -> AnswerProblem {
        .refused("expected text, found the control character \(name(value))", offset: offset)
    }

    /// Embeddings, overrides and isolates of the bidirectional algorithm, and the marks of interlinear annotation.
    private static func isReordering(_ value: UInt32) -> Bool {
        (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value) || (0xFFF9...0xFFFB).contains(value)
    }

    private static func name(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// The length of the longest valid beginning.
    private static func validPrefix(of bytes: ArraySlice<UInt8>) -> Int {
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var length = 0
        while case .valid(let encoded) = parser.parseScalar(from: &iterator) { length += encoded.count }
        return length
    }
}
