/// A piece of at most 15 bytes as two integers: the bytes in the order of memory, zeros, and the length in the last.
struct PieceKey: Equatable {
    static let longestPiece = 15

    var low: UInt64
    var high: UInt64

    @inline(__always)
    var count: Int { Int(high >> 56) }

    @inline(__always)
    var hash: UInt64 { ByteHash.mix(low ^ 0x9E37_79B9_7F4A_7C15, high ^ 0xD6E8_FEB8_6659_FD93) }

    /// Of the first `count`, from 1 to 15, of 16 bytes.
    @inline(__always)
    init(low: UInt64, high: UInt64, count: Int) {
        let lowCount = min(count, 8)
        self.low = low & (UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* lowCount))
        let highMask = UInt64.max &<< UInt64(truncatingIfNeeded: 8 &* (count &- lowCount))
        self.high = high & ~highMask | UInt64(truncatingIfNeeded: count) &<< 56
    }

    /// Of the `count` bytes at `bytes`, none beyond which is read unless `isPadded`: then 16 may be.
    @inline(__always)
    init(_ bytes: UnsafePointer<UInt8>, count: Int, isPadded: Bool) {
        if isPadded {
            let raw = UnsafeRawPointer(bytes)
            self.init(
                low: raw.loadUnaligned(as: UInt64.self), high: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
                count: count)
            return
        }
        var low: UInt64 = 0
        var high: UInt64 = 0
        for index in 0..<min(count, 8) { low |= UInt64(bytes[index]) << UInt64(index * 8) }
        for index in min(count, 8)..<count { high |= UInt64(bytes[index]) << UInt64((index - 8) * 8) }
        self.init(low: low, high: high, count: count)
    }
}
