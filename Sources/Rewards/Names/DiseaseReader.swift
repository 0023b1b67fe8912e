/// Reads the name of a disease.
///
/// One name are: British and American spellings, `α-` and `alpha-`, possessives with or without their `s` and
/// apostrophe, hyphens and spaces, Roman and Arabic numerals after a word that counts (`type`, `stage`, `factor` …), the
/// last word's plural and singular, and by policy inverted names and an abbreviation in parentheses made of the
/// name's initials. No word is ever dropped: `Crohn` is not `Crohn disease`, and a carcinoma is not a cancer.
struct DiseaseReader: AnswerReader {
    var policy = DiseasePolicy()

    func read(_ text: AnswerText, side: AnswerSide, work: inout Work) throws(AnswerProblem) -> CanonicalValue {
        try work.spend(8 * text.bytes.count)
        let plain = try PlainText.bytes(
            of: text.withoutEmphasis(&work), PlainText.Options(keepsAccents: policy.keepsAccents), work: &work)
        var outline = NameOutline(plain)
        outline.narrow(dropsCapitalA: true, work: &work)
        var name = plain[outline.range]
        if policy.readsAbbreviations, let bare = Self.withoutAbbreviation(&outline) {
            work.apply("abbreviation in parentheses")
            name = bare
        } else if policy.readsInversions, let inverted = Self.withClassAfterComma(&outline) {
            name = inverted
        }
        let canonical = canonical(GreekLetters.spelled(Array(name), joint: NameByte.space), &work)
        guard canonical.contains(where: NameByte.isLetter) else {
            throw .malformed("expected the name of a disease, found no letter")
        }
        return CanonicalValue(.text, String(decoding: canonical, as: UTF8.self))
    }

    private func canonical(_ bytes: [UInt8], _ work: inout Work) -> [UInt8] {
        var words = NameWords.split(bytes[...])
        if policy.readsInversions { words = reordered(words, &work) }
        words = NamePrefix.joined(words)
        for index in words.indices {
            let spelled = MedicalSpelling.american(words[index])
            if spelled != words[index] { work.apply("British spelling") }
            words[index] = Eponym.withoutPossessive(spelled)
            if index > 0, let number = CountedClass.arabic(words[index], after: words[index - 1]) {
                if number != words[index] { work.apply("Roman numeral") }
                words[index] = number
            }
        }
        if policy.readsInversions { words = leadingClass(words, &work) }
        if let last = words.last {
            let singular = PluralNoun.singular(last)
            if singular != last { work.apply("plural") }
            words[words.count - 1] = singular
        }
        var joined: [UInt8] = []
        joined.reserveCapacity(bytes.count + words.count)
        for (index, word) in words.enumerated() {
            if index > 0 { joined.append(NameByte.space) }
            joined.append(contentsOf: word)
        }
        return joined
    }

    /// `leukemia, myeloid, acute` is `acute myeloid leukemia`.
    private func reordered(_ words: [[UInt8]], _ work: inout Work) -> [[UInt8]] {
        guard words.contains(where: { $0.count == 1 && $0[0] == NameByte.comma }) else { return words }
        let parts = words.split(separator: [NameByte.comma], omittingEmptySubsequences: false)
        // `hepatitis, A` would begin with what looks like an article.
        guard parts.count > 1, parts.allSatisfy({ !$0.isEmpty }), let first = parts.last?.first,
            !NameOutline.isArticle(first[...])
        else { return words }
        work.apply("inverted name")
        return parts.reversed().flatMap { $0 }
    }

    /// `diabetes mellitus type 2` is `type 2 diabetes mellitus`.
    private func leadingClass(_ words: [[UInt8]], _ work: inout Work) -> [[UInt8]] {
        guard words.count > 2, CountedClass.isMovable(words[words.count - 2]),
            let number = words.last, number.count == 1 || number.first.map(NameByte.isDigit) ?? false,
            !CountedClass.isMovable(words[0])
        else { return words }
        work.apply("inverted name")
        return Array(words.suffix(2) + words.dropLast(2))
    }

    /// `diabetes mellitus (type 2)` as `diabetes mellitus, type 2`.
    private static func withClassAfterComma(_ outline: inout NameOutline) -> ArraySlice<UInt8>? {
        let (range, bytes) = (outline.range, outline.bytes)
        guard !range.isEmpty, bytes[range.upperBound - 1] == UInt8(ascii: ")"),
            let open = outline.partner(of: range.upperBound - 1), open > range.lowerBound
        else { return nil }
        let inner = bytes[(open + 1)..<(range.upperBound - 1)]
        let words = NameWords.split(inner)
        guard words.count == 2, CountedClass.isMovable(words[0]) else { return nil }
        return (bytes[range.lowerBound..<open] + [NameByte.comma, NameByte.space] + inner)[...]
    }

    /// The name before a final abbreviation in parentheses that its initials make up.
    private static func withoutAbbreviation(_ outline: inout NameOutline) -> ArraySlice<UInt8>? {
        let range = outline.range
        let bytes = outline.bytes
        guard !range.isEmpty, bytes[range.upperBound - 1] == UInt8(ascii: ")"),
            let open = outline.partner(of: range.upperBound - 1), open > range.lowerBound
        else { return nil }
        let abbreviation = bytes[(open + 1)..<(range.upperBound - 1)].map(NameByte.lower)
        let name = bytes[range.lowerBound..<open]
        let words = NameWords.split(GreekLetters.spelled(Array(name), joint: NameByte.space)[...])
        let fits =
            Initials.make(abbreviation, of: words)
            || Initials.make(abbreviation, of: words.map(MedicalSpelling.american))
        return fits ? name : nil
    }
}
