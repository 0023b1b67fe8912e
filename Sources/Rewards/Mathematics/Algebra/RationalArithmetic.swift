import BigInt

/// Arithmetic on great rational numbers: integers need no common divisor.
extension Rational {
    var isSmall: Bool { machineFraction != nil }

    func product(with other: Rational) -> Rational {
        if !(isSmall && other.isSmall), isInteger, other.isInteger { return Rational(numerator * other.numerator) }
        return self * other
    }

    func sum(with other: Rational) -> Rational {
        if !(isSmall && other.isSmall), isInteger, other.isInteger { return Rational(numerator + other.numerator) }
        return self + other
    }

    /// Elementary steps of a product or sum of the two; common divisors of great numbers cost most.
    func cost(with other: Rational) -> Int {
        if isSmall, other.isSmall { return 1 }
        let words = (bitWidth + other.bitWidth) / 64 + 1
        if isInteger, other.isInteger { return 8 + words * words / 8 }
        return 8 * words * (50 + words)
    }
}
