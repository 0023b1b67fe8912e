/// Names brought to a form in which different spellings of one name are equal.
///
/// Case, punctuation, possessives, the names of Greek letters and the notation of numbers ("type IIa", "type 2A") do not
/// count; everything else does.
enum NameKey {
    /// The words of a name, folded.
    static func words(_ name: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        var isAfterApostrophe = false
        var isPossessive = false
        func finish() {
            guard !word.isEmpty else { return }
            let text = String(word)
            if !(isPossessive && text == "s") { words.append(canonical(text, after: words.last)) }
            word.removeAll(keepingCapacity: true)
        }
        for scalar in name.unicodeScalars {
            guard isLetter(scalar) else {
                finish()
                isAfterApostrophe = scalar == "'" || scalar == "\u{2019}"
                continue
            }
            if let letter = scalar.isASCII ? nil : greek[scalar] {
                // A Greek letter is a word of its own: "TNF-α" and "TNFα" are "tnf alpha".
                finish()
                isPossessive = false
                words.append(letter)
            } else {
                if word.isEmpty { isPossessive = isAfterApostrophe }
                if (65...90).contains(scalar.value), let lower = Unicode.Scalar(scalar.value + 32) {
                    word.append(lower)
                } else if scalar.isASCII {
                    word.append(scalar)
                } else {
                    word.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
                }
            }
            isAfterApostrophe = false
        }
        finish()
        return words
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 48...57, 65...90, 97...122: true
        case 0..<128: false
        default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
    }

    /// The words in one string: equal for the spellings of one name.
    static func key(_ name: String) -> String { words(name).joined(separator: " ") }

    /// A name as a part of an id: its letters and digits in lower case, joined by hyphens.
    static func slug(_ name: String) -> String {
        var result = ""
        var needsHyphen = false
        for scalar in name.unicodeScalars {
            if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                if needsHyphen && !result.isEmpty { result += "-" }
                result += scalar.properties.lowercaseMapping
                needsHyphen = false
            } else {
                needsHyphen = true
            }
        }
        return result.isEmpty ? "unnamed" : result
    }

    /// What tells apart the members of a series: numbers, Greek letters, single letters and mixtures of letters and
    /// digits ("2a"), sorted; a letter after a number belongs to it ("type 2 A").
    static func designators(_ name: String) -> [String] { series(words(name)).designators }

    /// The words of a name without those that place it in a series, and the numbers and letters that do.
    static func series(_ words: [String]) -> (base: [String], designators: [String]) {
        var base: [String] = []
        var designators: [String] = []
        var isAfterNumber = false
        for (position, word) in words.enumerated() {
            let digits = word.utf8.reduce(0) { $0 + ((48...57).contains($1) ? 1 : 0) }
            let isNumber = digits == word.utf8.count
            // An article is no letter of a series.
            let isSingle = word.unicodeScalars.count == 1 && !(word == "a" && position == 0)
            if isAfterNumber, word.utf8.count == 1, !isNumber, let number = designators.popLast() {
                designators.append(number + word)
            } else if digits > 0 || isSingle || greekNames.contains(word) {
                designators.append(word)
            } else if !seriesWords.contains(word) {
                base.append(word)
            }
            isAfterNumber = isNumber
        }
        return (base.sorted(), designators.sorted())
    }

    // MARK: Numbers

    /// Words after which a single Roman digit is a number and no letter: "type V", but "vitamin C" and "fragile X".
    static let seriesWords: Set = [
        "type", "types", "grade", "stage", "class", "group", "phase", "form", "subtype", "category", "syndrome",
        "level",
    ]

    /// A Roman number, alone or with a letter behind it, in Arabic digits.
    private static func canonical(_ word: String, after previous: String?) -> String {
        let bytes = Array(word.utf8)
        guard let first = bytes.first, isRomanDigit(first) else { return word }
        let count = bytes.prefix(while: isRomanDigit).count
        let isAfterSeries = previous.map(seriesWords.contains) ?? false
        if count == bytes.count {
            guard let value = roman(bytes[...]), count > 1 || isAfterSeries else { return word }
            return String(value)
        }
        // "IIa" and "IVb": only in a series, so that "iga" or "vic" stay words.
        guard isAfterSeries, count == bytes.count - 1, (97...104).contains(bytes[count]),
            let value = roman(bytes[..<count])
        else { return word }
        return "\(value)" + String(UnicodeScalar(bytes[count]))
    }

    private static func isRomanDigit(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "i") || byte == UInt8(ascii: "v") || byte == UInt8(ascii: "x")
    }

    /// The value of a well-formed Roman number below 40.
    private static func roman(_ digits: ArraySlice<UInt8>) -> Int? {
        let text = String(decoding: digits, as: UTF8.self)
        let tens = text.prefix { $0 == "x" }.count
        let rest = text.dropFirst(tens)
        let units = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"]
        guard tens <= 3, let unit = units.firstIndex(of: String(rest)) else { return nil }
        return tens * 10 + unit
    }

    // MARK: Greek letters

    private static let greek: [Unicode.Scalar: String] = {
        let names = [
            "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
            "xi", "omicron", "pi", "rho", "sigma", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
        ]
        var letters: [Unicode.Scalar: String] = [:]
        for (offset, name) in names.enumerated() {
            for start: UInt32 in [0x3B1, 0x391] {
                if let scalar = Unicode.Scalar(start + UInt32(offset)) { letters[scalar] = name }
            }
        }
        letters["\u{B5}"] = "mu"
        return letters
    }()

    private static let greekNames: Set = [
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "sigma", "tau",
        "omega",
    ]
}
