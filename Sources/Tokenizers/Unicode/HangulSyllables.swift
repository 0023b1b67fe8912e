/// Hangul syllables: a leading consonant, a vowel and possibly a trailing consonant (Unicode Standard, 3.12).
enum HangulSyllables {
    static let range: Range<UInt32> = 0xAC00..<0xAC00 + leadingCount * vowelCount * trailingCount

    private static let leading: UInt32 = 0x1100
    private static let vowels: UInt32 = 0x1161
    /// One before the first trailing consonant.
    private static let trailing: UInt32 = 0x11A7
    private static let leadingCount: UInt32 = 19
    private static let vowelCount: UInt32 = 21
    private static let trailingCount: UInt32 = 28

    static func decomposition(of syllable: UInt32) -> [UInt32] {
        let index = syllable - range.lowerBound
        let pair = index / trailingCount
        let parts = [leading + pair / vowelCount, vowels + pair % vowelCount]
        return index % trailingCount == 0 ? parts : parts + [trailing + index % trailingCount]
    }

    static func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
        if first >= leading, first < leading + leadingCount, second >= vowels, second < vowels + vowelCount {
            return range.lowerBound + ((first - leading) * vowelCount + second - vowels) * trailingCount
        }
        guard range.contains(first), (first - range.lowerBound) % trailingCount == 0, second > trailing,
            second < trailing + trailingCount
        else { return nil }
        return first + second - trailing
    }
}
