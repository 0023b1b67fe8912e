/// Reads a text or the name of an entity: compatibility composition (Unicode NFKC), apostrophes, dashes and quotation
/// marks unified, white space collapsed, punctuation, quotation marks and brackets around everything and leading
/// articles dropped, case folded, possessives reduced (`Crohn’s disease` and `Crohn disease` are one name, and so are
/// `Graves’` and `Graves`).
///
/// Letters are never replaced by look-alikes, and no letter, digit or sign inside the text is dropped. A leading `A` in
/// upper case is no article and stays so, because `A antigen` is no `antigen`.
struct TextReader: AnswerReader {
    var policy = TextPolicy()

    func read(_ text: AnswerText, side: AnswerSide, work: inout Work) throws(AnswerProblem) -> CanonicalValue {
        CanonicalValue(.text, String(decoding: try canonical(text, work: &work), as: UTF8.self))
    }

    /// The canonical text in UTF-8.
    func canonical(_ text: AnswerText, work: inout Work) throws(AnswerProblem) -> [UInt8] {
        try work.spend(4 * text.bytes.count)
        let text = policy.punctuation == .keep ? text : text.withoutEmphasis(&work)
        let plain = try PlainText.bytes(
            of: text,
            PlainText.Options(keepsCase: policy.isCaseSensitive, keepsAccents: policy.keepsAccents), work: &work)
        if hasLooseSpace(plain) { work.apply("white space") }
        var outline = NameOutline(plain)
        outline.narrow(
            dropsPunctuation: policy.punctuation != .keep, dropsArticles: !policy.keepsArticles, work: &work)
        var canonical = folded(plain, outline.range, &work)
        if policy.punctuation == .ignore {
            canonical = InnerPunctuation.dropped(
                from: canonical, keepsArticles: policy.keepsArticles,
                isShouted: InnerPunctuation.isShouted(plain[outline.range]), work: &work)
        }
        guard isSubstantial(canonical) else { throw .malformed("expected a text with a letter or a digit, found none") }
        return canonical
    }

    private func hasLooseSpace(_ bytes: [UInt8]) -> Bool {
        var previous = NameByte.space
        for byte in bytes {
            if AnswerText.isSpace(byte), byte != NameByte.space || previous == NameByte.space { return true }
            previous = byte
        }
        return previous == NameByte.space && !bytes.isEmpty
    }

    private func isSubstantial(_ bytes: [UInt8]) -> Bool {
        var isASCII = true
        for byte in bytes {
            if byte >= 0x80 { isASCII = false } else if NameByte.isWord(byte) { return true }
        }
        guard !isASCII else { return false }
        return String(decoding: bytes, as: UTF8.self).unicodeScalars.contains {
            $0.properties.isAlphabetic || $0.properties.numericType != nil
        }
    }

    /// Case, white space and possessives in one pass.
    private func folded(_ bytes: [UInt8], _ range: Range<Int>, _ work: inout Work) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        var (changesCase, dropsPossessive) = (false, false)
        var index = range.lowerBound
        let folds = !policy.isCaseSensitive
        while index < range.upperBound {
            let byte = bytes[index]
            index += 1
            if AnswerText.isSpace(byte) {
                if result.last != NameByte.space { result.append(NameByte.space) }
            } else if byte == NameByte.apostrophe, policy.punctuation != .keep,
                let last = result.last, !NameOutline.isArticle(result[...]),
                let next = Possessive.end(
                    in: bytes[range], apostrophe: index - 1, writtenIsLetter: NameByte.isLetter(last),
                    writtenIsSibilant: last | 0x20 == UInt8(ascii: "s"))
            {
                index = next
                dropsPossessive = true
            } else if folds, NameByte.isUpper(byte) {
                let standsAlone = byte == UInt8(ascii: "A") && isWholeWord(bytes, range, index - 1)
                if standsAlone, result.isEmpty || policy.punctuation == .ignore, index < range.upperBound {
                    result.append(byte)
                } else {
                    result.append(byte | 0x20)
                    changesCase = true
                }
            } else {
                result.append(byte)
            }
        }
        if changesCase { work.apply("case") }
        if dropsPossessive { work.apply("possessive") }
        return result
    }

    private func isWholeWord(_ bytes: [UInt8], _ range: Range<Int>, _ index: Int) -> Bool {
        (index == range.lowerBound || AnswerText.isSpace(bytes[index - 1]))
            && (index + 1 == range.upperBound || AnswerText.isSpace(bytes[index + 1]))
    }
}

/// `’s` and the apostrophe after a final `s`.
enum Possessive {
    /// The position after the possessive ending whose apostrophe is at `apostrophe`; `nil` where it is none. The last
    /// two arguments describe the character that has been kept before it.
    static func end(
        in bytes: ArraySlice<UInt8>, apostrophe: Int, writtenIsLetter: Bool, writtenIsSibilant: Bool
    ) -> Int? {
        guard writtenIsLetter else { return nil }
        let next = apostrophe + 1
        func endsWord(at index: Int) -> Bool { index >= bytes.endIndex || !NameByte.isWord(bytes[index]) }
        if next < bytes.endIndex, bytes[next] | 0x20 == UInt8(ascii: "s"), endsWord(at: next + 1) { return next + 1 }
        return writtenIsSibilant && endsWord(at: next) ? next : nil
    }
}
