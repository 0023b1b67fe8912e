import BigInt

/// Decimal digits as they are read: a machine word as long as they fit, then a list of digits.
struct Significand: Sendable {
    /// Digits read, leading zeros included.
    private(set) var written = 0
    /// Digits from the first that is not zero; one for a zero.
    var figures: Int { written == 0 ? 0 : max(1, significant) }
    private var significant = 0
    private var word = 0
    private var digits: [UInt8] = []

    static let one: Significand = {
        var one = Significand()
        _ = one.append(1, limit: 1)
        return one
    }()

    /// Adds a digit; false if the number would be longer than the limit.
    @inline(__always)
    mutating func append(_ digit: Int, limit: Int) -> Bool {
        guard written < limit else { return false }
        written += 1
        if significant == 0, digit == 0 { return true }
        significant += 1
        if significant <= 18 {
            word = word * 10 + digit
        } else {
            if digits.isEmpty { digits = Array(String(word).utf8) }
            digits.append(0x30 + UInt8(digit))
        }
        return true
    }

    /// The value where it has at most 18 digits.
    @inline(__always) var machine: Int? { digits.isEmpty ? word : nil }

    var integer: BigInt {
        digits.isEmpty ? BigInt(word) : BigInt(String(decoding: digits, as: UTF8.self), radix: 10) ?? 0
    }

    var isTen: Bool { written == 2 && word == 10 }

    func isLess(than other: Significand) -> Bool {
        if let machine, let right = other.machine { return machine < right }
        return integer < other.integer
    }
}
