/// Hashing for the tables of the encoder: fast, the same in every process, and not for untrusted dictionaries that
/// must resist flooding (the tables are bounded).
enum ByteHash {
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
        let raw = UnsafeRawBufferPointer(bytes)
        var offset = 0
        while offset + 8 <= bytes.count {
            state = mix(state ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self), 0xD6E8_FEB8_6659_FD93)
            offset += 8
        }
        var tail: UInt64 = 0
        if bytes.count >= 8 {
            tail = raw.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self)
        } else if bytes.count >= 4 {
            tail = UInt64(raw.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
            tail |= UInt64(raw.loadUnaligned(fromByteOffset: bytes.count - 4, as: UInt32.self)) << 32
        } else {
            for byte in bytes { tail = tail << 8 | UInt64(byte) }
        }
        return mix(state ^ tail, 0xA076_1D64_78BD_642F)
    }

    /// 128 bits that change with any byte, to name a file's content and to notice damage; not proof against design.
    static func digest(_ bytes: UnsafeRawBufferPointer) -> (low: UInt64, high: UInt64) {
        var states = SIMD4<UInt64>(
            0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93, 0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB)
        var offset = 0
        while offset + 64 <= bytes.count {
            absorb(bytes, at: offset, into: &states)
            offset += 64
        }
        var tail = [UInt8](bytes[offset...])
        tail.append(contentsOf: repeatElement(0, count: 64 - tail.count))
        tail.withUnsafeBytes { absorb($0, at: 0, into: &states) }
        let length = UInt64(bytes.count)
        let low = mix(states[0] ^ length, states[1] ^ 0x9E37_79B9_7F4A_7C15) ^ mix(states[2], states[3] ^ length)
        let high =
            mix(states[0] &+ states[2], states[3] ^ 0xD6E8_FEB8_6659_FD93) ^ mix(states[1] &+ length, states[2] ^ low)
        return (low, high)
    }

    @inline(__always)
    private static func absorb(_ block: UnsafeRawBufferPointer, at offset: Int, into states: inout SIMD4<UInt64>) {
        let word = { (index: Int) in block.loadUnaligned(fromByteOffset: offset &+ 8 &* index, as: UInt64.self) }
        states[0] = mix(states[0] ^ word(0), 0x8EBC_6AF0_9C88_C6E3 ^ word(1))
        states[1] = mix(states[1] ^ word(2), 0x5899_65CC_7537_4CC3 ^ word(3))
        states[2] = mix(states[2] ^ word(4), 0x1D8E_4E27_C47D_124F ^ word(5))
        states[3] = mix(states[3] ^ word(6), 0xEB44_ACCA_B455_D165 ^ word(7))
    }

    @inline(__always)
    static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
