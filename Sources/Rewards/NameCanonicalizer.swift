import Foundation

/// Canonicalises a name: compatibility composition (Unicode NFKC), invisible characters dropped, apostrophes and dashes
/// unified, white space collapsed, punctuation and quotes around the name and one leading article dropped, case folded,
/// possessives reduced (`Crohn’s disease` and `Crohn disease` are one name, and so are `Graves’` and `Graves`).
///
/// Letters are never replaced by look-alikes: a Cyrillic `а` stays different from a Latin `a`. The article `a` is
/// dropped only in lower case, so that `A antigen` stays itself, and never when nothing would be left.
struct NameCanonicalizer {
    /// `nil` when the text holds no letter and no digit.
    private(set) var value: String?
    private(set) var rules: [String] = []
    private(set) var operations = 0

    private var scalars: [Unicode.Scalar]

    init(_ text: String, additionalTrailing: Unicode.Scalar? = nil) {
        scalars = Array(text.unicodeScalars)
        // The spacing acute accent is an apostrophe here; compatibility mapping would split it into space and accent.
        apply("apostrophes") { $0 == "\u{B4}" ? "'" : $0 }
        compose("compatibility")
        apply("invisible characters") { Self.isInvisible($0) ? nil : $0 }
        apply("apostrophes") { Self.apostrophes.contains($0) ? "'" : $0 }
        apply("dashes") { Self.isDash($0) ? "-" : $0 }
        collapseWhitespace()
        strip(additionalTrailing)
        dropArticle()
        strip(additionalTrailing)
        fold()
        reducePossessives()
        compose("compatibility")
        let isSubstantial = scalars.contains { $0.properties.isAlphabetic || $0.properties.numericType != nil }
        value = isSubstantial ? String(String.UnicodeScalarView(scalars)) : nil
    }

    private static let apostrophes: Set<Unicode.Scalar> = [
        "\u{2018}", "\u{2019}", "\u{201B}", "\u{2BC}", "\u{2B9}", "\u{2032}",
    ]

    private static func isDash(_ scalar: Unicode.Scalar) -> Bool {
        (0x2010...0x2015).contains(scalar.value) || scalar == "\u{2212}" || scalar == "\u{2043}"
    }

    /// Characters without a glyph. The controls that reorder what is displayed are not among them: an answer that needs
    /// them to look right is not that answer.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        let reorders = (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        return scalar.properties.isDefaultIgnorableCodePoint && !reorders
    }

    private mutating func apply(_ rule: String, _ transform: (Unicode.Scalar) -> Unicode.Scalar?) {
        operations += scalars.count
        replace(with: scalars.compactMap(transform), rule)
    }

    private mutating func replace(with transformed: [Unicode.Scalar], _ rule: String) {
        guard transformed != scalars else { return }
        scalars = transformed
        if !rules.contains(rule) { rules.append(rule) }
    }

    private mutating func compose(_ rule: String) {
        operations += scalars.count
        guard !scalars.allSatisfy(\.isASCII) else { return }
        let text = String(String.UnicodeScalarView(scalars))
        replace(with: Array(text.precomposedStringWithCompatibilityMapping.unicodeScalars), rule)
    }

    private mutating func collapseWhitespace() {
        operations += scalars.count
        var collapsed: [Unicode.Scalar] = []
        for scalar in scalars {
            if !scalar.properties.isWhitespace {
                collapsed.append(scalar)
            } else if let last = collapsed.last, last != " " {
                collapsed.append(" ")
            }
        }
        if collapsed.last == " " { collapsed.removeLast() }
        replace(with: collapsed, "white space")
    }

    private static let sentencePunctuation: Set<Unicode.Scalar> = [".", ",", ";", ":", "!", "?"]
    private static let quotes: [Unicode.Scalar: Unicode.Scalar] = [
        "\"": "\"", "'": "'", "`": "`", "\u{201C}": "\u{201D}", "\u{201E}": "\u{201C}", "\u{AB}": "\u{BB}",
        "\u{2039}": "\u{203A}",
    ]
    private static let brackets: [Unicode.Scalar: Unicode.Scalar] = ["(": ")", "[": "]", "{": "}"]

    /// Drops sentence punctuation at both ends, and quotes and brackets that enclose everything, until none is left.
    private mutating func strip(_ additionalTrailing: Unicode.Scalar?) {
        let partners = bracketPartners()
        var (start, end) = (0, scalars.count)
        while start < end {
            operations += 1
            let (first, last) = (scalars[start], scalars[end - 1])
            if first == " " || Self.sentencePunctuation.contains(first) {
                start += 1
            } else if last == " " || Self.sentencePunctuation.contains(last) {
                end -= 1
            } else if end - start > 1, Self.quotes[first] == last || partners[start] == end - 1 {
                start += 1
                end -= 1
            } else if last == additionalTrailing, partners[end - 1] == nil {
                end -= 1
            } else {
                break
            }
        }
        replace(with: Array(scalars[start..<end]), "surrounding punctuation")
    }

    /// For each bracket that is matched, the position of its partner.
    private mutating func bracketPartners() -> [Int: Int] {
        operations += scalars.count
        var open: [(closing: Unicode.Scalar, position: Int)] = []
        var partners: [Int: Int] = [:]
        for (position, scalar) in scalars.enumerated() {
            if let closing = Self.brackets[scalar] {
                open.append((closing, position))
            } else if let last = open.last, last.closing == scalar {
                open.removeLast()
                partners[last.position] = position
                partners[position] = last.position
            }
        }
        return partners
    }

    private mutating func dropArticle() {
        guard let space = scalars.prefix(4).firstIndex(of: " "), space + 1 < scalars.count else { return }
        let word = String(String.UnicodeScalarView(scalars[..<space]))
        guard word == "a" || ["an", "the"].contains(word.lowercased()) else { return }
        replace(with: Array(scalars[(space + 1)...]), "leading article")
    }

    /// Lower case, with the two letters whose case folding differs from their lower case in names we meet.
    private mutating func fold() {
        operations += scalars.count
        var folded: [Unicode.Scalar] = []
        folded.reserveCapacity(scalars.count)
        for scalar in scalars {
            switch scalar {
            case "\u{DF}", "\u{1E9E}": folded += ["s", "s"]
            case "\u{3C2}": folded.append("\u{3C3}")
            default: folded += scalar.properties.lowercaseMapping.unicodeScalars
            }
        }
        replace(with: folded, "case")
    }

    private mutating func reducePossessives() {
        operations += scalars.count
        var reduced: [Unicode.Scalar] = []
        var position = 0
        while position < scalars.count {
            let isAfterLetter = reduced.last?.properties.isAlphabetic ?? false
            if scalars[position] == "'", isAfterLetter {
                if endsWord(after: position + 1), scalars.indices.contains(position + 1), scalars[position + 1] == "s" {
                    position += 2
                    continue
                }
                if reduced.last == "s", endsWord(after: position) {
                    position += 1
                    continue
                }
            }
            reduced.append(scalars[position])
            position += 1
        }
        replace(with: reduced, "possessive")
    }

    private func endsWord(after position: Int) -> Bool {
        guard position + 1 < scalars.count else { return true }
        let next = scalars[position + 1].properties
        return !next.isAlphabetic && next.numericType == nil
    }
}
