import Foundation

/// The text of a name with its typographic variety removed: compatibility composition, apostrophes, dashes, quotation
/// marks and white space in ASCII, letters beyond ASCII in lower case. ASCII letters keep their case, which later steps
/// need. ASCII text is itself.
enum PlainText {
    struct Options {
        var keepsCase = false
        var keepsAccents = true
        /// Drops ®, ™ and ℠.
        var dropsTrademarks = false
    }

    static func bytes(
        of text: AnswerText, _ options: Options = Options(), work: inout Work
    ) throws(AnswerProblem) -> [UInt8] {
        guard !text.isASCII else { return text.bytes }
        try work.spend(8 * text.bytes.count)
        return SimplePlainText.bytes(of: text.bytes, options, work: &work) ?? fullBytes(of: text, options, work: &work)
    }

    /// The same for any text.
    static func fullBytes(of text: AnswerText, _ options: Options, work: inout Work) -> [UInt8] {
        let original = text.string
        let prepared = replacing(original, "apostrophes", &work) { scalar in
            if options.dropsTrademarks, trademarks.contains(scalar) { return .dropped }
            // The spacing acute accent is an apostrophe here; composition would split it into space and accent.
            return scalar == "\u{B4}" ? .replaced("'") : .kept
        }
        var string = CompatibilityForm.string(of: prepared)
        if !isSame(string, prepared) { work.apply("compatibility") }
        string = replacing(string, "invisible characters", &work) { isInvisible($0) ? .dropped : .kept }
        string = replacing(string, "apostrophes", &work) { apostrophes.contains($0) ? .replaced("'") : .kept }
        string = replacing(string, "dashes", &work) { isDash($0) ? .replaced("-") : .kept }
        string = replacing(string, "quotation marks", &work) { quotes.contains($0) ? .replaced("\"") : .kept }
        string = replacing(string, "white space", &work) {
            !$0.isASCII && $0.properties.isWhitespace ? .replaced(" ") : .kept
        }
        string = replacing(string, "compatibility", &work) { $0 == "\u{2044}" ? .replaced("/") : .kept }
        if !options.keepsCase { string = lowerCase(string, &work) }
        if !options.keepsAccents { string = withoutAccents(string, &work) }
        return Array(string.precomposedStringWithCompatibilityMapping.utf8)
    }

    private enum Change {
        case kept, dropped
        case replaced(Unicode.Scalar)
    }

    private static func replacing(
        _ text: String, _ rule: String, _ work: inout Work, _ change: (Unicode.Scalar) -> Change
    ) -> String {
        var result = String.UnicodeScalarView()
        var changed = false
        for scalar in text.unicodeScalars {
            switch change(scalar) {
            case .kept: result.append(scalar)
            case .dropped: changed = true
            case .replaced(let other):
                result.append(other)
                changed = true
            }
        }
        guard changed else { return text }
        work.apply(rule)
        return String(result)
    }

    /// The letters that decomposition leaves whole, with what they become without their stroke.
    private static let strokedLetters: [Unicode.Scalar: String] = [
        "\u{E6}": "ae", "\u{C6}": "ae", "\u{153}": "oe", "\u{152}": "oe", "\u{F8}": "o", "\u{D8}": "o", "\u{142}": "l",
        "\u{141}": "l", "\u{111}": "d", "\u{110}": "d", "\u{127}": "h", "\u{126}": "h", "\u{131}": "i",
    ]

    private static func withoutAccents(_ text: String, _ work: inout Work) -> String {
        var result = String.UnicodeScalarView()
        var changed = false
        for scalar in text.decomposedStringWithCompatibilityMapping.unicodeScalars {
            if scalar.properties.generalCategory == .nonspacingMark {
                changed = true
            } else if let plain = strokedLetters[scalar] {
                result.append(contentsOf: plain.unicodeScalars)
                changed = true
            } else {
                result.append(scalar)
            }
        }
        guard changed else { return text }
        work.apply("accents")
        return String(result)
    }

    /// Lower case beyond ASCII, with the two letters whose case folding differs from their lower case in names we meet.
    private static func lowerCase(_ text: String, _ work: inout Work) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\u{DF}", "\u{1E9E}": result.append(contentsOf: "ss".unicodeScalars)
            case "\u{3C2}": result.append("\u{3C3}")
            default:
                if scalar.isASCII {
                    result.append(scalar)
                } else {
                    result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
                }
            }
        }
        let folded = String(result)
        if !isSame(folded, text) { work.apply("case") }
        return folded
    }

    private static func isSame(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }

    private static let trademarks: Set<Unicode.Scalar> = ["\u{AE}", "\u{2122}", "\u{2120}"]

    private static let apostrophes: Set<Unicode.Scalar> = [
        "\u{2018}", "\u{2019}", "\u{201A}", "\u{201B}", "\u{2BC}", "\u{2B9}", "\u{2032}",
    ]

    private static let quotes: Set<Unicode.Scalar> = [
        "\u{201C}", "\u{201D}", "\u{201E}", "\u{201F}", "\u{AB}", "\u{BB}", "\u{2039}", "\u{203A}",
    ]

    private static func isDash(_ scalar: Unicode.Scalar) -> Bool {
        (0x2010...0x2015).contains(scalar.value) || scalar == "\u{2212}" || scalar == "\u{2043}"
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        let reorders = (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        return !scalar.isASCII && scalar.properties.isDefaultIgnorableCodePoint && !reorders
    }
}
