import Foundation

/// What a character beyond ASCII becomes before words are told apart: letters lose their case and their accents, Greek
/// letters become their names (`TNF-α` is `tnf-alpha`), ligatures and superscripts become plain characters.
enum CharacterFolding {
    enum Result {
        case separator
        /// A hyphen or an apostrophe.
        case connector
        /// A part of a word; empty for a mark that only changes the letter before.
        case letters([UInt8])
    }

    static func fold(_ scalar: Unicode.Scalar) -> Result {
        let index = Int(scalar.value) - 0x80
        return index >= 0 && index < common.count ? common[index] : compute(scalar)
    }

    /// Latin and Greek, which most characters beyond ASCII of medical texts are.
    private static let common: [Result] = (0x80..<0x400).map { value in
        Unicode.Scalar(UInt32(value)).map(compute) ?? .separator
    }

    private static func compute(_ scalar: Unicode.Scalar) -> Result {
        switch scalar.value {
        case 0x2010, 0x2011, 0x2012, 0x2013, 0x2019, 0x02BC: return .connector
        default: break
        }
        var bytes: [UInt8] = []
        var isWord = false
        for part in String(scalar).decomposedStringWithCompatibilityMapping.unicodeScalars {
            switch part.properties.generalCategory {
            case .nonspacingMark, .enclosingMark:
                isWord = true
            case .lowercaseLetter, .uppercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .spacingMark,
                .decimalNumber, .letterNumber, .otherNumber:
                isWord = true
                for lower in part.properties.lowercaseMapping.unicodeScalars {
                    if lower.properties.generalCategory == .nonspacingMark { continue }
                    bytes += Array((greek[lower] ?? String(lower)).utf8)
                }
            default: continue
            }
        }
        return isWord ? .letters(bytes) : .separator
    }

    private static let greek: [Unicode.Scalar: String] = [
        "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
        "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi",
        "ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi",
        "ω": "omega",
    ]
}
