/// Strengths beside the name of a drug.
enum DrugDose {
    private static let measures: WordSet = [
        "mg", "g", "kg", "mcg", "mug", "ug", "ng", "ml", "dl", "iu", "unit", "units", "meq", "mmol", "percent", "mgs",
        "gram", "grams", "milligram", "milligrams", "microgram", "micrograms",
    ]
    private static let percent = [UInt8(ascii: "%")]
    private static let forms: WordSet = ["tablet", "tablets", "capsule", "capsules"]

    /// Whether a word alone is a unit of a strength.
    static func isUnit(_ word: [UInt8]) -> Bool { measures.contains(word) }

    /// The positions of words that state a strength or, beside one or at the end, a form.
    static func range(in words: [[UInt8]]) -> Set<Int> {
        var positions: Set<Int> = []
        guard
            words.count == 1 || words.contains(where: { $0.first.map(NameByte.isDigit) ?? false })
                || words.last.map({ forms.contains($0) }) ?? false
        else { return positions }
        for (index, word) in words.enumerated() {
            let digits = word.prefix { NameByte.isDigit($0) || $0 == NameByte.stop || $0 == NameByte.comma }.count
            let rest = Array(word.dropFirst(digits))
            if digits > 0, rest == percent || measures.contains(rest) {
                positions.insert(index)
            } else if digits > 0, rest.isEmpty, index + 1 < words.count {
                let next = words[index + 1]
                if next == percent || measures.contains(next) { positions.formUnion([index, index + 1]) }
            } else if digits == 0, words.count == 1, measures.contains(rest) {
                positions.insert(index)
            } else if index > 0, index == words.count - 1, forms.contains(rest) {
                positions.insert(index)
            }
        }
        return positions
    }
}
