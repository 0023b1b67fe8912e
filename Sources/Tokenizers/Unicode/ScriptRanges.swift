/// The scripts that split patterns ask for, as of Unicode 16.0, each found by asking Oniguruma about every scalar.
///
/// Each list alternates between the number of scalars outside the script and the number in it that follow, from U+0000.
enum ScriptRanges {
    static let han: [UInt32] = [
        11904, 26, 1, 89, 12, 214, 47, 1, 1, 1, 25, 9, 14, 4, 964, 6592, 64, 20992, 22784, 366, 2, 106, 29960,
        2, 12, 2, 36878, 42720, 32, 4154, 6, 222, 2, 5762, 14, 7473, 15, 622, 2466, 542, 1506, 4939, 5, 4192,
    ]

    static let hiragana: [UInt32] = [
        12353, 86, 6, 3, 98145, 287, 18, 1, 29, 3, 16557, 1,
    ]

    static let katakana: [UInt32] = [
        12449, 90, 2, 3, 240, 16, 208, 47, 1, 88, 52238, 10, 1, 45, 45138, 4, 1, 7, 1, 2, 1, 1, 287, 3, 50, 1,
        14, 4,
    ]

    static let hangul: [UInt32] = [
        4352, 256, 7726, 2, 257, 94, 113, 31, 65, 31, 30433, 29, 643, 11172, 12, 23, 4, 49, 10148, 31, 3, 6,
        2, 6, 2, 6, 2, 3,
    ]
}
