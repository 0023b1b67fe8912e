/// Reads a gene symbol: letters, digits and the joints that HGNC and the nomenclature of alleles and fusions use
/// (`HLA-B*27:05`, `BCR::ABL1`). The words `gene` and `protein` around it are dropped, and nothing else: a name in words
/// is no symbol.
///
/// Greek letters are spelled after a hyphen, so that `TNF-α`, `TNFα` and `TNF-alpha` are one symbol, and that symbol is
/// not `TNF`. `HLA-B27` (a serotype) is not `HLA-B*27` (an allele group). By default `IL-6` is `IL6`; see
/// ``GenePolicy/Hyphens``.
struct GeneReader: AnswerReader {
    var policy = GenePolicy()

    private static let maximumBytes = 64

    func read(_ text: AnswerText, side: AnswerSide, work: inout Work) throws(AnswerProblem) -> CanonicalValue {
        let symbol = try symbol(text, work: &work)
        guard let approved = policy.aliases[symbol] else { return CanonicalValue(.text, symbol) }
        work.apply("alias table")
        return CanonicalValue(.text, approved)
    }

    /// A symbol of a table in canonical form.
    func tableEntry(_ text: String) throws(RewardError) -> String {
        var work = Work()
        do {
            return try symbol(AnswerText(text), work: &work)
        } catch {
            throw .invalidPolicy(field: "alias_table", found: text, expected: "gene symbols")
        }
    }

    private func symbol(_ text: AnswerText, work: inout Work) throws(AnswerProblem) -> String {
        try work.spend(4 * text.bytes.count)
        let plain = try PlainText.bytes(of: text.withoutEmphasis(&work), work: &work)
        var outline = NameOutline(plain)
        outline.narrow(work: &work)
        let spelled = GreekLetters.spelled(Array(plain[outline.range]), joint: NameByte.hyphen)
        if spelled.count != outline.range.count { work.apply("names of Greek letters") }
        let words = spelled.split(whereSeparator: AnswerText.isSpace)
        let joined = try joined(withoutNouns(words, &work), &work)
        guard joined.count <= Self.maximumBytes else {
            throw .malformed("expected a gene symbol, found a text of \(joined.count) bytes")
        }
        return String(decoding: cased(try checked(joined, &work)), as: UTF8.self)
    }

    private func withoutNouns(_ words: [ArraySlice<UInt8>], _ work: inout Work) -> ArraySlice<ArraySlice<UInt8>> {
        func isNoun(_ word: ArraySlice<UInt8>) -> Bool {
            let lower = word.map(NameByte.lower)
            return lower.elementsEqual("gene".utf8) || lower.elementsEqual("protein".utf8)
        }
        guard words.count > 1 else { return words[...] }
        if isNoun(words[words.count - 1]) {
            work.apply("the word gene")
            return words.dropLast()
        }
        if isNoun(words[0]) {
            work.apply("the word gene")
            return words.dropFirst()
        }
        return words[...]
    }

    /// One word, or a symbol whose number or Greek letter is written apart: `IL 6`, `TNF alpha`.
    private func joined(
        _ words: ArraySlice<ArraySlice<UInt8>>, _ work: inout Work
    ) throws(AnswerProblem) -> [UInt8] {
        guard let first = words.first else { throw .malformed("expected a gene symbol, found none") }
        guard words.count > 1 else { return Array(first) }
        let second = words[words.startIndex + 1]
        let letters = second.prefix { !NameByte.isDigit($0) }
        let rest = second.dropFirst(letters.count)
        let continues =
            rest.allSatisfy(NameByte.isDigit) && (letters.isEmpty || GreekLetters.isName(letters.map(NameByte.lower)))
        guard words.count == 2, continues else {
            throw .malformed("expected one gene symbol, found \(words.count) words", offset: first.count)
        }
        work.apply("symbol written apart")
        return first + [NameByte.hyphen] + second
    }

    /// The symbol with its hyphens as the policy has them.
    private func checked(_ bytes: [UInt8], _ work: inout Work) throws(AnswerProblem) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var hasLetter = false
        for (index, byte) in bytes.enumerated() {
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            switch byte {
            case _ where byte < 0x80 && NameByte.isWord(byte):
                hasLetter = hasLetter || NameByte.isLetter(byte)
            case NameByte.hyphen:
                guard let last = result.last, NameByte.isWord(last), NameByte.isWord(next) else {
                    throw .malformed("expected a letter or a digit on both sides of a hyphen", offset: index)
                }
                if policy.hyphens == .ignore, NameByte.isLetter(last), NameByte.isDigit(next) {
                    work.apply("hyphen before a number")
                    continue
                }
            case NameByte.stop, UInt8(ascii: "_"), UInt8(ascii: "*"), UInt8(ascii: ":"):
                guard let last = result.last, NameByte.isWord(last) || last == byte && byte == UInt8(ascii: ":"),
                    NameByte.isWord(next) || next == byte
                else { throw .malformed("expected a gene symbol, found a stray sign in it", offset: index) }
            case UInt8(ascii: "@") where index + 1 == bytes.count: break
            default:
                throw .malformed(
                    "expected a gene symbol of letters, digits and - . _ * :, found another character", offset: index)
            }
            result.append(byte)
        }
        guard hasLetter else { throw .malformed("expected a gene symbol with a letter, found none") }
        return result
    }

    private func cased(_ bytes: [UInt8]) -> [UInt8] {
        switch policy.species {
        case .human: return bytes.map(NameByte.upper)
        case .any: return bytes
        case .mouse:
            guard let first = bytes.first else { return bytes }
            return [NameByte.upper(first)] + bytes.dropFirst().map(NameByte.lower)
        }
    }
}
