/// A set of kinds of scalars, one bit for each kind that a split pattern of a language model tells apart.
struct CharacterClass: OptionSet, Sendable {
    let rawValue: UInt8

    @inline(__always)
    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `\p{Lu}\p{Lt}`
    static let upper = CharacterClass(rawValue: 1)
    /// `\p{Ll}`
    static let lower = CharacterClass(rawValue: 2)
    /// `\p{Lm}\p{Lo}`
    static let caseless = CharacterClass(rawValue: 4)
    /// `\p{M}`
    static let mark = CharacterClass(rawValue: 8)
    /// `\p{N}`
    static let number = CharacterClass(rawValue: 16)
    /// `\p{P}`
    static let punctuation = CharacterClass(rawValue: 32)
    /// `\p{S}`
    static let symbol = CharacterClass(rawValue: 64)
    /// `\s`
    static let whiteSpace = CharacterClass(rawValue: 128)

    /// `\p{L}`
    static let letter: CharacterClass = [.upper, .lower, .caseless]

    init(_ scalarClass: ScalarClass) {
        switch scalarClass {
        case .other: self = []
        case .uppercaseLetter, .titlecaseLetter: self = .upper
        case .lowercaseLetter: self = .lower
        case .modifierLetter, .otherLetter: self = .caseless
        case .mark: self = .mark
        case .wordNumber, .otherNumber: self = .number
        case .wordPunctuation, .otherPunctuation: self = .punctuation
        case .wordSymbol, .otherSymbol: self = .symbol
        case .whiteSpace: self = .whiteSpace
        }
    }
}
