import Foundation

/// Reduces words to keys under which their variants are equal: number, spelling, Greek letters, Roman numerals, accents.
///
/// Keys are for comparison only. Two different words may share one: a leak that is no leak costs a question, one that is
/// overlooked gives an answer away.
enum LeakWords {
    /// A word as it stands in a text, with its key.
    struct Word: Sendable, Hashable {
        var raw: String
        var key: String
    }

    /// The words of a text. Letters and digits are words of their own (`IL2` and `IL-2` are both `il`, `2`), an apostrophe
    /// ends a word whose possessive `s` is dropped, and a Greek letter is a word.
    static func words(of text: String) -> [Word] {
        var words: [Word] = []
        var current = ""
        var isNumber = false
        func flush() {
            if !current.isEmpty { words.append(Word(raw: current, key: key(current))) }
            current = ""
        }
        let scalars = Array(text.decomposedStringWithCompatibilityMapping.unicodeScalars)
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            index += 1
            if let name = greek[scalar] {
                flush()
                words.append(Word(raw: String(scalar), key: key(name)))
            } else if isApostrophe(scalar) {
                let isPossessive =
                    index < scalars.count && (scalars[index] == "s" || scalars[index] == "S")
                    && (index + 1 == scalars.count || !isPart(scalars[index + 1]))
                if isPossessive {
                    flush()
                    index += 1
                }
            } else if scalar.properties.canonicalCombiningClass != .notReordered {
                continue
            } else if isPart(scalar) {
                let isDigit = scalar.properties.numericType != nil
                if !current.isEmpty, isDigit != isNumber { flush() }
                isNumber = isDigit
                current.unicodeScalars.append(scalar)
            } else {
                flush()
            }
        }
        flush()
        return words
    }

    private static func isApostrophe(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "'" || scalar == "\u{2019}" || scalar == "\u{02BC}" || scalar == "`"
    }

    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    // MARK: Keys

    static func key(_ word: String) -> String {
        let word = word.lowercased()
        if let number = numbers[word] { return number }
        if greekNames.contains(word) { return word }
        if let first = word.first, first.isNumber {
            let trimmed = word.drop { $0 == "0" }
            return trimmed.isEmpty ? "0" : String(trimmed)
        }
        return stem(spelled(word))
    }

    /// American spelling of the usual British forms.
    private static func spelled(_ word: String) -> String {
        guard word.count > 4 else { return word.replacing("æ", with: "e").replacing("œ", with: "e") }
        var result = word.hasSuffix("ae") ? String(word.dropLast()) : word
        for (british, american) in [
            ("æ", "e"), ("œ", "e"), ("ae", "e"), ("oe", "e"), ("sulph", "sulf"), ("isation", "ization"),
            ("tumour", "tumor"), ("colour", "color"), ("behaviour", "behavior"), ("fibre", "fiber"),
            ("centre", "center"), ("paralyse", "paralyze"), ("ß", "ss"), ("ø", "o"), ("ł", "l"),
        ] where result.contains(british) { result = result.replacing(british, with: american) }
        return result
    }

    /// The word without its ending of number, English or Latin.
    private static func stem(_ word: String) -> String {
        guard word.count > 3 else {
            return word.count == 3 && word.hasSuffix("s") && !word.hasSuffix("ss")
                && !word.hasSuffix("us") && !word.hasSuffix("is") ? String(word.dropLast()) : word
        }
        var stem = word[...]
        if stem.hasSuffix("mata") {
            stem = stem.dropLast(2)
        } else if stem.hasSuffix("ies") {
            stem = stem.dropLast(2)
        } else if ["xes", "ches", "shes"].contains(where: stem.hasSuffix) {
            stem = stem.dropLast(2)
        } else if ["ses", "sis"].contains(where: stem.hasSuffix) {
            stem = stem.dropLast(2)
        } else if stem.hasSuffix("se") {
            stem = stem.dropLast(1)
        } else if stem.hasSuffix("s"), !["ss", "us", "is"].contains(where: stem.hasSuffix) {
            stem = stem.dropLast(1)
        }
        if stem.count > 4, stem.hasSuffix("us") || stem.hasSuffix("um") || stem.hasSuffix("on") {
            return String(stem.dropLast(2))
        }
        if stem.count > 4, stem.hasSuffix("a") || stem.hasSuffix("i") { return String(stem.dropLast()) }
        if stem.count > 4, stem.hasSuffix("y") { return String(stem.dropLast()) }
        return String(stem)
    }

    private static let numbers: [String: String] = {
        var numbers: [String: String] = [:]
        let tens = ["", "x", "xx", "xxx"]
        let ones = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"]
        for value in 1...39 { numbers[tens[value / 10] + ones[value % 10]] = "\(value)" }
        let words = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
        for (offset, word) in words.enumerated() { numbers[word] = "\(offset + 2)" }
        return numbers
    }()

    /// From `α` to `ω` in the order of Unicode, the final sigma among them.
    private static let greekNames = [
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
        "xi",
        "omicron", "pi", "rho", "sigma", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    ]

    private static let greek: [Unicode.Scalar: String] = {
        var greek: [Unicode.Scalar: String] = [:]
        for (offset, name) in greekNames.enumerated() {
            for base in [0x3B1, 0x391] as [UInt32] {
                if let scalar = Unicode.Scalar(base + UInt32(offset)) { greek[scalar] = name }
            }
        }
        return greek
    }()

    /// Words that carry no meaning of a name.
    static let functionWords: Set = [
        "a", "an", "and", "are", "as", "at", "be", "by", "can", "do", "for", "from", "has", "in", "is", "it", "its",
        "no",
        "not", "of", "on", "or", "so", "that", "the", "this", "to", "was", "were", "what", "which", "who", "whose",
        "with",
        "set", "rest", "large", "met", "fat", "she", "he", "per", "name",
    ]
}
