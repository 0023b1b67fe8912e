import Foundation

/// Unicode's compatibility composition (NFKC) with numbers kept apart.
///
/// NFKC alone would read `10²` as `102` and `1½` as `11/2`. A raised digit after a digit is therefore written with `^`, a
/// lowered one with `_`, and a fraction or a circled number after a digit with a space. A raised sign alone is the sign.
enum CompatibilityForm {
    private enum Sign {
        case raised, lowered, standing
    }

    static func string(of text: String) -> String {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
        return separated(text).precomposedStringWithCompatibilityMapping
    }

    private static func separated(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { sign(of: $0.value) != nil }) else { return text }
        var result = String.UnicodeScalarView()
        var previous: Sign?
        var followsDigit = false
        let scalars = text.unicodeScalars
        for index in scalars.indices {
            let scalar = scalars[index]
            let current = sign(of: scalar.value)
            let isDigit = scalar.properties.numericType == .decimal
            if let current {
                if followsDigit, !isCharge(scalars, at: index) {
                    result.append(current == .raised ? "^" : current == .lowered ? "_" : " ")
                } else if !followsDigit, let previous, previous != current || current == .standing {
                    result.append(" ")
                }
            } else if previous != nil, isDigit {
                result.append(" ")
            }
            result.append(scalar)
            previous = current
            followsDigit = current == nil && isDigit
        }
        return String(result)
    }

    /// A raised sign that no raised digit follows is a charge or a marker's presence, as in `CD4⁺`.
    private static func isCharge(_ text: String.UnicodeScalarView, at index: String.UnicodeScalarView.Index) -> Bool {
        guard (0x207A...0x207B).contains(text[index].value) else { return false }
        let next = text.index(after: index)
        return next == text.endIndex || sign(of: text[next].value) == nil
    }

    private static func sign(of value: UInt32) -> Sign? {
        switch value {
        case 0xB2, 0xB3, 0xB9, 0x2070...0x207E: .raised
        case 0x2080...0x208E: .lowered
        case 0xBC...0xBE, 0x2150...0x2189, 0x2460...0x249B: .standing
        default: nil
        }
    }
}
