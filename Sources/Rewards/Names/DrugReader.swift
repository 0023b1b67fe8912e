/// Reads the name of a drug or of a fixed combination, which is a set: `amoxicillin/clavulanic acid`,
/// `clavulanic acid + amoxicillin`, `X and Y`, `trimethoprim-sulfamethoxazole`.
///
/// British and American spellings and the national names of one substance are one name. Stereochemical prefixes count
/// (esomeprazole is not omeprazole), salts count unless the policy strips them, and brands are read only from the
/// policy's table. A dose makes the text more than a name and is refused unless the policy ignores it.
struct DrugReader: AnswerReader {
    var policy = DrugPolicy()

    func read(_ text: AnswerText, side: AnswerSide, work: inout Work) throws(AnswerProblem) -> CanonicalValue {
        let names = try names(text, work: &work)
        if names.count > 1 { work.apply("combination as a set") }
        return CanonicalValue(.text, names.joined(separator: " + "))
    }

    /// The names of a table's entry in canonical form.
    func tableEntry(_ text: String) throws(RewardError) -> [String] {
        var work = Work()
        do {
            return try names(AnswerText(text), work: &work)
        } catch {
            throw .invalidPolicy(field: "brands", found: text, expected: "names of drugs")
        }
    }

    /// The canonical names of all components, sorted and each once.
    private func names(_ text: AnswerText, work: inout Work) throws(AnswerProblem) -> [String] {
        try work.spend(8 * text.bytes.count)
        if let word = Self.singleWord(text) { return named([spelled(word, &work)], &work) }
        let plain = try PlainText.bytes(
            of: text.withoutEmphasis(&work), PlainText.Options(dropsTrademarks: true), work: &work)
        var outline = NameOutline(plain)
        outline.narrow(dropsCapitalA: true, work: &work)
        let spelled = GreekLetters.spelled(Array(plain[outline.range]), joint: NameByte.space)
        var names: [String] = []
        for component in try DrugComponents.split(spelled) {
            names += try content(of: component, &work)
        }
        guard !names.isEmpty else { throw .malformed("expected the name of a drug, found none") }
        guard names.count > 1 else { return names }
        names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return names.indices.filter { $0 == 0 || names[$0] != names[$0 - 1] }.map { names[$0] }
    }

    /// The word in lower case that a text of ASCII letters is, unless it is a unit.
    private static func singleWord(_ text: AnswerText) -> [UInt8]? {
        guard !text.isEmpty else { return nil }
        var word = text.bytes
        for index in word.indices {
            let letter = word[index] | 0x20
            guard letter &- 0x61 < 26 else { return nil }
            word[index] = letter
        }
        return DrugDose.isUnit(word) ? nil : word
    }

    private func spelled(_ word: [UInt8], _ work: inout Work) -> String {
        let spelled = DrugSpelling.international(MedicalSpelling.american(word))
        if spelled != word { work.apply("spelling of drug names") }
        return String(decoding: spelled, as: UTF8.self)
    }

    /// One component's canonical names: none for a unit left over from a dose, several for a brand of a combination.
    private func content(of component: [UInt8], _ work: inout Work) throws(AnswerProblem) -> [String] {
        var words = NameWords.split(component[...])
        if words.last?.first == UInt8(ascii: ")"), let open = words.lastIndex(of: [UInt8(ascii: "(")]), open > 0 {
            // A second name in parentheses is dropped where it is another name of the same drug.
            let outer = try content(ofWords: Array(words[..<open]), &work)
            let inner = Array(words[(open + 1)..<(words.count - 1)])
            if !inner.isEmpty, try content(ofWords: inner, &work) == outer {
                work.apply("synonym in parentheses")
                return outer
            }
        }
        words = Self.gluingBrackets(words)
        return try content(ofWords: words, &work)
    }

    private func content(ofWords all: [[UInt8]], _ work: inout Work) throws(AnswerProblem) -> [String] {
        var words = all
        let dose = DrugDose.range(in: words)
        if !dose.isEmpty {
            guard policy.dose == .ignore else {
                throw .malformed("expected the name of a drug and nothing else, found a dose")
            }
            work.apply("dose")
            words = words.indices.filter { !dose.contains($0) }.map { words[$0] }
            if words.isEmpty { return [] }
        }
        let spelled = words.map { DrugSpelling.international(MedicalSpelling.american($0)) }
        if spelled != words { work.apply("spelling of drug names") }
        guard spelled.contains(where: { $0.contains(where: NameByte.isLetter) }) else {
            throw .malformed("expected the name of a drug, found no letter")
        }
        return named(joiningPrefix(spelled).map { String(decoding: $0, as: UTF8.self) }, &work)
    }

    /// `co-trimoxazole` and `cotrimoxazole` are one name.
    private func joiningPrefix(_ words: [[UInt8]]) -> [[UInt8]] {
        guard words.count > 1, words[0].elementsEqual("co".utf8) else { return words }
        return [words[0] + words[1]] + words.dropFirst(2)
    }

    private func named(_ words: [String], _ work: inout Work) -> [String] {
        let ordered = DrugSalts.cationLast(words)
        let count = DrugSalts.trailingCount(ordered)
        let base = ordered.dropLast(count).joined(separator: " ")
        let salts = ordered.suffix(count).joined(separator: " ")
        var names = [base]
        if let content = policy.brands[base] {
            work.apply("brand")
            names = content
        } else if policy.readsSynonyms, let content = DrugSynonyms.combination(base) {
            work.apply("national name")
            names = content
        } else if policy.readsSynonyms, let standard = DrugSynonyms.standard(base) {
            work.apply("national name")
            names = [standard]
        }
        guard policy.salts == .keep else {
            if count > 0 { work.apply("salt") }
            return names.map { DrugSalts.acid(of: $0) ?? $0 }
        }
        if names.count == 1, !salts.isEmpty { names = ["\(names[0]) \(salts)"] }
        // A full name with its salt may have an entry of its own.
        if let content = policy.brands["\(base) \(salts)"], !salts.isEmpty { names = content }
        return names
    }

    /// The words with a bracketed locant or descriptor as one: `(s)`, `(+)`.
    private static func gluingBrackets(_ words: [[UInt8]]) -> [[UInt8]] {
        var result: [[UInt8]] = []
        var depth = 0
        for word in words {
            let opens = word.first == UInt8(ascii: "(")
            if depth > 0, let last = result.last { result[result.count - 1] = last + word } else { result.append(word) }
            if opens { depth += 1 }
            if word.first == UInt8(ascii: ")"), depth > 0 { depth -= 1 }
        }
        return result
    }
}
