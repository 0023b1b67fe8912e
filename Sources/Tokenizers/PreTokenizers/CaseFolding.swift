/// Case-insensitive matching of ASCII in Oniguruma, where folding adds U+017F, the long s, and U+212A, the Kelvin sign.
enum CaseFolding {
    /// Two letters that some single scalar, such as U+FB01, folds to.
    private static let pairs: Set<[UInt32]> = Set(
        ["ss", "ff", "fi", "fl", "st"].map { $0.unicodeScalars.map(\.value) })

    /// The scalars that fold like one of these; `nil` where one is not ASCII, or makes such a pair with the one before.
    static func folded(_ scalars: ScalarSet, after previous: UInt32?) -> ScalarSet? {
        guard scalars.isASCII else { return nil }
        if let previous, let only = scalars.only, pairs.contains([previous | 0x20, only | 0x20]) { return nil }
        var result = scalars
        for letter in UInt32(0x61)...0x7A where scalars.contains(letter) || scalars.contains(letter - 0x20) {
            result.insert(letter...letter)
            result.insert(letter - 0x20...letter - 0x20)
            if letter == 0x73 { result.insert(0x17F...0x17F) }
            if letter == 0x6B { result.insert(0x212A...0x212A) }
        }
        return result
    }
}
