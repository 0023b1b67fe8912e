/// A canonical prefix code of deflate (RFC 1951, section 3.2.2), decoded by one look-up for codes of up to `primaryBits`
/// bits and bit by bit for the longer, rare ones.
final class HuffmanTable: Sendable {
    private static let primaryBits = 10
    private static let maximumBits = 15

    /// At the next `primaryBits` bits: symbol × 16 + length of its code; 0 where the code is longer.
    private let primary: [UInt16]
    /// Per length the number of codes, and all symbols in the order of their codes.
    private let counts: [Int]
    private let symbols: [Int]

    static let fixedLiterals = fixed(
        (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
    static let fixedDistances = fixed([UInt8](repeating: 5, count: 32))

    private static func fixed(_ lengths: [UInt8]) -> HuffmanTable {
        guard let table = HuffmanTable(lengths) else { preconditionFailure("the fixed codes are complete") }
        return table
    }

    /// - Parameter lengths: the code length of each symbol; 0 for symbols that do not occur.
    /// - Returns: `nil` where more codes are asked for than there are. Too few are allowed: one distance code is legal.
    init?(_ lengths: [UInt8]) {
        var primary = [UInt16](repeating: 0, count: 1 << Self.primaryBits)
        var counts = [Int](repeating: 0, count: Self.maximumBits + 1)
        var symbols: [Int] = []
        for length in lengths { counts[Int(length)] += 1 }
        counts[0] = 0
        var left = 1
        for length in 1...Self.maximumBits {
            left = left << 1 - counts[length]
            if left < 0 { return nil }
        }
        var nextCode = [Int](repeating: 0, count: Self.maximumBits + 2)
        for length in 1...Self.maximumBits { nextCode[length + 1] = (nextCode[length] + counts[length]) << 1 }
        for length in 1...Self.maximumBits {
            for (symbol, own) in lengths.enumerated() where Int(own) == length {
                symbols.append(symbol)
                let code = nextCode[length]
                nextCode[length] += 1
                guard length <= Self.primaryBits else { continue }
                var reversed = 0
                for bit in 0..<length where code >> bit & 1 == 1 { reversed |= 1 << (length - 1 - bit) }
                for index in stride(from: reversed, to: primary.count, by: 1 << length) {
                    primary[index] = UInt16(symbol << 4 | length)
                }
            }
        }
        (self.primary, self.counts, self.symbols) = (primary, counts, symbols)
    }

    /// The symbol whose code the lowest bits hold, and the length of the code.
    @inline(__always)
    func decode(_ bits: UInt64) -> (symbol: Int, length: Int)? {
        let entry = primary[Int(truncatingIfNeeded: bits) & (1 << Self.primaryBits - 1)]
        return entry != 0 ? (Int(entry >> 4), Int(entry & 15)) : decodeLong(bits)
    }

    private func decodeLong(_ bits: UInt64) -> (symbol: Int, length: Int)? {
        var (code, first, index) = (0, 0, 0)
        for length in 1...Self.maximumBits {
            code |= Int(truncatingIfNeeded: bits >> UInt64(length - 1)) & 1
            let count = counts[length]
            if code - count < first { return (symbols[index + code - first], length) }
            index += count
            first = (first + count) << 1
            code <<= 1
        }
        return nil
    }
}
