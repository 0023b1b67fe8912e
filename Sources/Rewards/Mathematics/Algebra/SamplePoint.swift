import BigInt

/// Where an identity is tested: every variable has a value that depends on its name and the point and on nothing else.
struct SamplePoint: Sendable, Hashable {
    let index: Int

    static let count = 9
    static let all = (0..<count).map { SamplePoint(index: $0) }

    /// Points on both sides of zero and of one, since functions differ there.
    func value(of name: String) -> Rational {
        let hash = Self.hash(name, salt: UInt64(index))
        let fraction = Rational(BigInt(hash >> 3) + 1, BigInt(1) << 61) ?? .one
        let isFlipped = hash & 1 == 1
        switch index {
        case 0: return fraction
        case 1: return fraction * 3 + 1
        case 2: return fraction * (Rational(1, 3) ?? .one)
        case 3: return -fraction
        case 4: return -(fraction * 3 + 1)
        case 5: return fraction * (isFlipped ? -2 : 2)
        case 6: return fraction * (isFlipped ? 4 : -4) + 1
        case 7: return -fraction * (Rational(1, 3) ?? .one)
        default: return fraction * (Rational(1, 9) ?? .one)
        }
    }

    /// FNV-1a with a finishing mix: the same in every process.
    static func hash(_ name: String, salt: UInt64) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ (salt &* 0x9e37_79b9_7f4a_7c15)
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01b3 }
        hash ^= hash >> 32
        hash = hash &* 0xd6e8_feb8_6659_fd93
        hash ^= hash >> 29
        hash = hash &* 0xd6e8_feb8_6659_fd93
        return hash ^ (hash >> 32)
    }
}
