/// Splits the name of a combination into its components.
enum DrugComponents {
    /// Plain text between `/`, `+`, `&`, `;`, a comma with white space, the words and, plus and with, and a hyphen between
    /// two whole names. Signs inside parentheses separate nothing. `or` names several candidates.
    static func split(_ bytes: [UInt8]) throws(AnswerProblem) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        var part: [UInt8] = []
        var depth = 0
        var index = 0
        func flush() throws(AnswerProblem) {
            guard part.contains(where: NameByte.isWord) else {
                throw .malformed("expected the name of a drug on both sides of a separator", offset: index)
            }
            parts.append(part)
            part = []
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")"), depth > 0 { depth -= 1 }
            if depth == 0, isSeparator(bytes, index) {
                try flush()
                index += 1
            } else if depth == 0, AnswerText.isSpace(byte), let end = wordEnd(bytes, index + 1),
                let separator = separatingWord(bytes[(index + 1)..<end])
            {
                guard separator != .alternative else {
                    throw .malformed("expected one drug or combination, found alternatives", offset: index + 1)
                }
                try flush()
                index = end
            } else {
                part.append(byte)
                index += 1
            }
        }
        try flush()
        return parts
    }

    private enum SeparatingWord {
        case combination, alternative
    }

    private static func separatingWord(_ word: ArraySlice<UInt8>) -> SeparatingWord? {
        switch String(decoding: word.map(NameByte.lower), as: UTF8.self) {
        case "and", "plus", "with": .combination
        case "or", "vs", "versus": .alternative
        default: nil
        }
    }

    /// The end of the word at `start` where white space follows it.
    private static func wordEnd(_ bytes: [UInt8], _ start: Int) -> Int? {
        var end = start
        while end < bytes.count, end - start < 8, !AnswerText.isSpace(bytes[end]) { end += 1 }
        return end < bytes.count && end > start && AnswerText.isSpace(bytes[end]) ? end : nil
    }

    private static func isSeparator(_ bytes: [UInt8], _ index: Int) -> Bool {
        switch bytes[index] {
        case UInt8(ascii: "/"), UInt8(ascii: "+"), UInt8(ascii: "&"), UInt8(ascii: ";"): return true
        case NameByte.comma: return index + 1 < bytes.count && AnswerText.isSpace(bytes[index + 1])
        case NameByte.hyphen: return joinsNames(bytes, index)
        default: return false
        }
    }

    private static let shortestName = 7

    /// First parts of one name, and second parts of an adjective, that are as long as a name.
    private static let firstParts: Set<String> = [
        "hydroxy", "dihydro", "dihydroxy", "trimethyl", "dimethyl", "gonadotropin", "gonadotrophin", "follicle",
        "thyroid", "thyrotropin", "corticotropin", "antithymocyte", "pegylated", "liposomal", "conjugated", "methylene",
        "propylene", "polyethylene", "ethylene", "calcium", "potassium", "magnesium", "aluminium", "aluminum",
        "interferon", "glucagon", "insulin", "omega", "epsilon", "chorionic", "recombinant", "phospho", "benzoyl",
    ]
    private static let secondParts: Set<String> = [
        "releasing", "stimulating", "binding", "inhibiting", "converting", "associated", "dependent", "activated",
        "derived", "conjugated", "resistant", "release", "targeting", "targeted", "modified", "depleting", "sparing",
        "peptide", "hydrochloride", "sulfate", "phosphate", "tetrahydrate", "monohydrate", "dihydrate", "hydrate",
    ]

    /// `trimethoprim-sulfamethoxazole`: the hyphen stands between two long words without other hyphens.
    private static func joinsNames(_ bytes: [UInt8], _ index: Int) -> Bool {
        var start = index
        while start > 0, NameByte.isLetter(bytes[start - 1]) { start -= 1 }
        var end = index + 1
        while end < bytes.count, NameByte.isLetter(bytes[end]) { end += 1 }
        guard index - start >= shortestName, end - index - 1 >= shortestName,
            start == 0 || AnswerText.isSpace(bytes[start - 1]), end == bytes.count || AnswerText.isSpace(bytes[end])
        else { return false }
        func word(_ range: Range<Int>) -> String {
            String(decoding: bytes[range].map(NameByte.lower), as: UTF8.self)
        }
        return !firstParts.contains(word(start..<index)) && !secondParts.contains(word((index + 1)..<end))
    }
}
