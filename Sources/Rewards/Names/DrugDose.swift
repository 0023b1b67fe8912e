/// Strengths beside the name of a drug.
enum DrugDose {
    private static let units: Set<String> = [
        "mg", "g", "kg", "mcg", "mug", "ug", "ng", "ml", "dl", "iu", "unit", "units", "meq", "mmol", "percent", "mgs",
        "gram", "grams", "milligram", "milligrams", "microgram", "micrograms",
    ]
    private static let forms: Set<String> = ["tablet", "tablets", "capsule", "capsules"]

    /// The positions of words that state a strength or, beside one or at the end, a form.
    static func range(in words: [[UInt8]]) -> Set<Int> {
        var positions: Set<Int> = []
        guard
            words.count == 1 || words.contains(where: { $0.first.map(NameByte.isDigit) ?? false })
                || words.last.map({ forms.contains(String(decoding: $0, as: UTF8.self)) }) ?? false
        else { return positions }
        for (index, word) in words.enumerated() {
            let digits = word.prefix { NameByte.isDigit($0) || $0 == NameByte.stop || $0 == NameByte.comma }.count
            let rest = String(decoding: word.dropFirst(digits), as: UTF8.self)
            if digits > 0, rest == "%" || units.contains(rest) {
                positions.insert(index)
            } else if digits > 0, rest.isEmpty, index + 1 < words.count {
                let next = String(decoding: words[index + 1], as: UTF8.self)
                if next == "%" || units.contains(next) { positions.formUnion([index, index + 1]) }
            } else if digits == 0, words.count == 1, units.contains(rest) {
                positions.insert(index)
            } else if index > 0, index == words.count - 1, forms.contains(rest) {
                positions.insert(index)
            }
        }
        return positions
    }
}
