/// The cyclic redundancy check of gzip (RFC 1952, section 8).
struct CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }

    private(set) var value: UInt32 = 0

    mutating func update(_ bytes: UnsafeBufferPointer<UInt8>) {
        var register = ~value
        Self.table.withUnsafeBufferPointer { table in
            for byte in bytes { register = table[Int((register ^ UInt32(byte)) & 0xFF)] ^ register >> 8 }
        }
        value = ~register
    }
}
