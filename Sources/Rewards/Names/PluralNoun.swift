/// The singular of the nouns that name diseases.
enum PluralNoun {
    /// Nouns in `-s` that are singular or have no singular.
    private static let invariant: WordSet = [
        "diabetes", "herpes", "rabies", "scabies", "caries", "measles", "rickets", "mumps", "shingles", "hives",
        "piles",
        "ascites", "series", "bends", "graves", "bellyaches", "tabes", "pertussis", "species", "facies", "fontanelles",
        "yaws", "bruits", "hiccups", "chilblains", "pancreas", "atlas", "psoas",
    ]

    /// The singular of a word in lower case; a word of fewer than five letters is left alone, because it may be an
    /// abbreviation (`aids`).
    static func singular(_ word: [UInt8]) -> [UInt8] {
        guard word.count >= 5 else { return word }
        if word.ends(with: "omata".utf8) { return Array(word.dropLast(2)) }
        guard word.last == UInt8(ascii: "s") else { return word }
        if invariant.contains(word) { return word }
        let stem = Array(word.dropLast())
        switch word[word.count - 2] {
        case UInt8(ascii: "s"), UInt8(ascii: "u"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "'"):
            return word
        case UInt8(ascii: "e"):
            if word.ends(with: "eases".utf8) { return stem }
            for ending in ["oses", "ases", "yses", "eses"] where word.ends(with: ending.utf8) {
                return word.dropLast(2) + Array("is".utf8)
            }
            if word.ends(with: "ies".utf8), word.count > 5 { return word.dropLast(3) + [UInt8(ascii: "y")] }
            for ending in ["sses", "xes", "ches", "shes"] where word.ends(with: ending.utf8) {
                return Array(word.dropLast(2))
            }
            return stem
        default: return stem
        }
    }
}
