/// Finds the letters in 16 bytes at once. Each result has one bit for each byte, the first lowest.
enum ASCIIWord {
    @inline(__always)
    static func letters(_ low: UInt64, _ high: UInt64) -> UInt32 {
        let folding: UInt64 = 0x2020_2020_2020_2020
        return bits(inAlphabet(low | folding, from: 0x61)) | bits(inAlphabet(high | folding, from: 0x61)) << 8
    }

    @inline(__always)
    static func smallLetters(_ low: UInt64, _ high: UInt64) -> UInt32 {
        bits(inAlphabet(low, from: 0x61)) | bits(inAlphabet(high, from: 0x61)) << 8
    }

    /// The highest bit of each byte that is one of the 26 from `first`.
    @inline(__always)
    private static func inAlphabet(_ bytes: UInt64, from first: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let sevenBits = bytes & (ones &* 0x7F)
        let atLeastFirst = sevenBits &+ ones &* (0x80 &- first)
        let beyondLast = sevenBits &+ ones &* (0x80 &- first &- 26)
        return atLeastFirst & ~beyondLast & ~bytes & (ones &* 0x80)
    }

    /// Moves the highest bits of the eight bytes into the lowest byte.
    @inline(__always)
    private static func bits(_ highest: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: ((highest >> 7) &* 0x0102_0408_1020_4080) >> 56)
    }
}
