/// The alphabet in which byte-level vocabularies are written: one printable scalar for each byte.
///
/// Bytes 33–126, 161–172 and 174–255 stand for themselves; the other 68 are U+0100 to U+0143 in ascending order.
enum ByteAlphabet {
    static let scalars: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (0..<256).map { (byte: UInt32) in
            if (33...126).contains(byte) || (161...172).contains(byte) || (174...255).contains(byte) {
                return Unicode.Scalar(UInt8(byte))
            }
            defer { next += 1 }
            return Unicode.Scalar(next) ?? "?"
        }
    }()

    /// The bytes in the order of their scalars, which is the order of their ids in a trained vocabulary.
    static let bytesInScalarOrder: [UInt8] = (0..<256).map { UInt8($0) }.sorted { scalars[Int($0)] < scalars[Int($1)] }

    private static let bytes: [UInt32: UInt8] = Dictionary(
        uniqueKeysWithValues: scalars.enumerated().map { ($1.value, UInt8($0)) })

    /// The bytes that a vocabulary entry stands for: its own UTF-8 when any of its scalars is outside the alphabet.
    static func bytes(of entry: String) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(entry.utf8.count)
        for scalar in entry.unicodeScalars {
            let value = scalar.value
            if (33...126).contains(value) {
                result.append(UInt8(truncatingIfNeeded: value))
            } else if let byte = bytes[value] {
                result.append(byte)
            } else {
                return Array(entry.utf8)
            }
        }
        return result
    }

    /// The vocabulary entry that stands for `bytes`.
    static func entry(for bytes: some Sequence<UInt8>) -> String {
        var entry = String.UnicodeScalarView()
        for byte in bytes { entry.append(scalars[Int(byte)]) }
        return String(entry)
    }

    /// The byte of each scalar of the alphabet, all of which lie below U+0144; -1 for the others there.
    private static let bytesByScalar: [Int16] = {
        var table = [Int16](repeating: -1, count: 0x144)
        for (byte, scalar) in scalars.enumerated() { table[Int(scalar.value)] = Int16(byte) }
        return table
    }()

    /// Appends the bytes that a vocabulary entry stands for; nothing, and false, when one of its scalars is outside the
    /// alphabet.
    @discardableResult
    static func appendBytes(of entry: ArraySlice<UInt8>, to bytes: inout [UInt8]) -> Bool {
        let count = bytes.count
        let isComplete = entry.withUnsafeBufferPointer { entry in
            bytesByScalar.withUnsafeBufferPointer { table in
                var position = 0
                while position < entry.count {
                    var scalar = Int(entry[position])
                    position += 1
                    // Scalars up to U+0143 take two bytes at most.
                    if scalar >= 0x80 {
                        guard (0xC2...0xC5).contains(scalar), position < entry.count else { return false }
                        scalar = (scalar & 0x1F) << 6 | Int(entry[position] & 0x3F)
                        position += 1
                    }
                    guard scalar < table.count, table[scalar] >= 0 else { return false }
                    bytes.append(UInt8(truncatingIfNeeded: table[scalar]))
                }
                return true
            }
        }
        if !isComplete { bytes.removeLast(bytes.count - count) }
        return isComplete
    }
}
