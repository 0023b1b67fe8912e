/// What the patterns of tokenizer files ask about a Unicode scalar, as of Unicode 16.0.
///
/// The general categories that no pattern tells apart are joined; numbers, punctuation and symbols are divided by
/// whether Oniguruma counts them to `\w`.
enum ScalarClass: UInt8, Sendable {
    /// Controls, format characters, unassigned and private scalars that are no white space.
    case other
    /// `\p{Lu}`
    case uppercaseLetter
    /// `\p{Ll}`
    case lowercaseLetter
    /// `\p{Lt}`
    case titlecaseLetter
    /// `\p{Lm}`
    case modifierLetter
    /// `\p{Lo}`
    case otherLetter
    /// `\p{M}`
    case mark
    /// `\p{N}` in `\w`: digits and letter-like numbers.
    case wordNumber
    /// `\p{N}` outside `\w`, such as fractions.
    case otherNumber
    /// `\p{P}` in `\w`: the low line and its kin.
    case wordPunctuation
    /// `\p{P}` outside `\w`.
    case otherPunctuation
    /// `\p{S}` in `\w`: letters in circles and squares.
    case wordSymbol
    /// `\p{S}` outside `\w`.
    case otherSymbol
    /// The property White_Space, `\s`, whatever the category.
    case whiteSpace

    @inline(__always)
    init(_ scalar: Unicode.Scalar) { self = ScalarTables.classes[Int(scalar.value)] }

    /// The class of a code point; of one beyond U+10FFFF, ``other``.
    @inline(__always)
    init(codePoint: UInt32) {
        self = codePoint < ScalarTables.scalarCount ? ScalarTables.classes[Int(codePoint)] : .other
    }

    /// `\p{L}`
    @inline(__always)
    var isLetter: Bool { rawValue &- 1 < 5 }

    @inline(__always)
    var isUppercaseLetter: Bool { self == .uppercaseLetter }

    @inline(__always)
    var isLowercaseLetter: Bool { self == .lowercaseLetter }

    @inline(__always)
    var isTitlecaseLetter: Bool { self == .titlecaseLetter }

    @inline(__always)
    var isModifierLetter: Bool { self == .modifierLetter }

    @inline(__always)
    var isOtherLetter: Bool { self == .otherLetter }

    /// `\p{M}`
    @inline(__always)
    var isMark: Bool { self == .mark }

    /// `\p{N}`
    @inline(__always)
    var isNumber: Bool { self == .wordNumber || self == .otherNumber }

    /// `\p{P}`
    @inline(__always)
    var isPunctuation: Bool { self == .wordPunctuation || self == .otherPunctuation }

    /// `\p{S}`
    @inline(__always)
    var isSymbol: Bool { self == .wordSymbol || self == .otherSymbol }

    /// `\s`
    @inline(__always)
    var isWhiteSpace: Bool { self == .whiteSpace }

    /// `\w` as Oniguruma has it. The Rust crate `regex` also counts U+200C and U+200D.
    @inline(__always)
    var isWord: Bool {
        isLetter || self == .mark || self == .wordNumber || self == .wordPunctuation || self == .wordSymbol
    }
}
