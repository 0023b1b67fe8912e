/// Finds words that mix scripts whose letters look alike.
///
/// Mixing is not wrong in itself: `TNF-α`, `αB-crystallin`, `µg` and `B型肝炎` are honest. A word is refused when it mixes
/// Latin, Cyrillic, Greek or one of the smaller scripts with Latin look-alikes; Greek letters beside Latin ones are
/// refused only where their glyph is a Latin letter's (`Α`, `ο`, or `ν` in a long word). A word wholly in one script
/// is never refused: it simply differs from the Latin word that it resembles.
enum ScriptMixture {
    private enum Script {
        case latin, cyrillic, greek
        /// A Greek letter that is drawn like a Latin one.
        case greekTwin
        /// A Greek letter that resembles a Latin one and that formulas write beside Latin letters: `hν`, `ρgh`.
        case greekCousin
        /// Armenian, Cherokee, Coptic, Georgian, Lisu, Canadian syllabics, Deseret.
        case other
        /// No script with look-alikes of Latin letters.
        case none
    }

    /// Whether a scalar belongs to, or is composed of, a script that could be mixed into a Latin word. The Greek letters
    /// that may always stand beside Latin ones are not suspect by themselves.
    static func isSuspect(_ value: UInt32) -> Bool {
        switch value {
        case 0x391...0x3C9 where script(of: value) == .greek: false
        case 0x370...0x58F, 0x10A0...0x10FF, 0x13A0...0x167F, 0x1C80...0x1CBF, 0x1D26...0x1D2B, 0x1D5D...0x1D6A, 0x1D78,
            0x1F00...0x1FFF, 0x2C80...0x2D2F, 0x2DE0...0x2DFF, 0xA4D0...0xA4FF, 0xA640...0xA69F, 0xAB70...0xABBF,
            0x10400...0x1044F, 0x1D6A8...0x1D7CB, 0x1E030...0x1E08F:
            true
        default: false
        }
    }

    /// A description of the first word that mixes scripts; `nil` where none does.
    static func firstMixture(in scalars: String.UnicodeScalarView) -> String? {
        var word = Word()
        for scalar in scalars {
            if scalar.properties.isAlphabetic {
                word.add(scalar, script(of: scalar.value))
            } else if scalar.properties.canonicalCombiningClass.rawValue == 0 {
                if let mixture = word.mixture { return mixture }
                word = Word()
            }
        }
        return word.mixture
    }

    private struct Word {
        var letters = String.UnicodeScalarView()
        var hasLatin = false
        var hasCyrillic = false
        var hasGreek = false
        var hasTwin = false
        var hasCousin = false
        var hasOther = false

        mutating func add(_ scalar: Unicode.Scalar, _ script: Script) {
            letters.append(scalar)
            switch script {
            case .latin: hasLatin = true
            case .cyrillic: hasCyrillic = true
            case .greek: hasGreek = true
            case .greekTwin: (hasGreek, hasTwin) = (true, true)
            case .greekCousin: (hasGreek, hasCousin) = (true, true)
            case .other: hasOther = true
            case .none: break
            }
        }

        var mixture: String? {
            let names = [
                hasLatin ? "Latin" : nil, hasCyrillic ? "Cyrillic" : nil, hasGreek ? "Greek" : nil,
                hasOther ? "another script's" : nil,
            ].compactMap(\.self)
            guard names.count > 1 else { return nil }
            let isGreekBesideLatin = names.count == 2 && hasLatin && hasGreek
            if isGreekBesideLatin, !hasTwin, !hasCousin || letters.count < 4 { return nil }
            return "`\(String(letters))`, which mixes \(names.joined(separator: " and ")) letters"
        }
    }

    private static func script(of value: UInt32) -> Script {
        switch value {
        case 0x41...0x5A, 0x61...0x7A, 0xAA, 0xBA, 0xC0...0x2AF, 0x1D00...0x1D25, 0x1D79...0x1DBF, 0x1E00...0x1EFF,
            0x2C60...0x2C7F, 0xA720...0xA7FF, 0xAB30...0xAB6F:
            .latin
        case 0x391, 0x392, 0x395, 0x396, 0x397, 0x399, 0x39A, 0x39C, 0x39D, 0x39F, 0x3A1, 0x3A4, 0x3A5, 0x3A7, 0x3BF,
            0x3CC, 0x37F, 0x3F2, 0x3F3, 0x3F9:
            .greekTwin
        case 0x3B9, 0x3BD, 0x3C1, 0x3C5, 0x3AF: .greekCousin
        case 0x370...0x3FF, 0x1F00...0x1FFF: .greek
        case 0x400...0x52F, 0x1C80...0x1C8F, 0x1D2B, 0x1D78, 0x2DE0...0x2DFF, 0xA640...0xA69F, 0x1E030...0x1E08F:
            .cyrillic
        case 0x530...0x58F, 0x10A0...0x10FF, 0x13A0...0x167F, 0x1C90...0x1CBF, 0x2C80...0x2D2F, 0xA4D0...0xA4FF,
            0xAB70...0xABBF, 0x10400...0x1044F:
            .other
        default: .none
        }
    }
}
