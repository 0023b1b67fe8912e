/// Splits text into lower-case words: runs of letters, marks and digits, and a full stop between two digits (`11p15.1`).
enum WordScanner {
    static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        var heldStop: Unicode.Scalar?
        for scalar in text.lowercased().unicodeScalars {
            if isWordPart(scalar) {
                if let stop = heldStop {
                    if isDigit(scalar) {
                        word.append(stop)
                    } else {
                        words.append(String(word))
                        word = String.UnicodeScalarView()
                    }
                    heldStop = nil
                }
                word.append(scalar)
            } else if scalar == ".", heldStop == nil, let last = word.last, isDigit(last) {
                heldStop = scalar
            } else {
                if !word.isEmpty { words.append(String(word)) }
                word = String.UnicodeScalarView()
                heldStop = nil
            }
        }
        if !word.isEmpty { words.append(String(word)) }
        return words
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar >= "0" && scalar <= "9" }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (scalar >= "a" && scalar <= "z") || isDigit(scalar) }
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .uppercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .decimalNumber, .letterNumber, .otherNumber:
            return true
        default: return false
        }
    }
}
