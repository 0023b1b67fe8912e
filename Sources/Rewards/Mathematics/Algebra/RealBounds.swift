import BigInt

/// Elementary functions of exact numbers as proven bounds: the true value lies between the two numbers.
public enum RealBounds {
    /// Bits after the binary point of every bound that is not exact.
    private static let bits = 512
    private static let arithmetic = BallArithmetic(bits: bits)

    /// The square root of a number that is not negative; exact where the root is rational.
    public static func squareRoot(_ value: Rational) -> (lower: Rational, upper: Rational)? {
        guard value.signum >= 0, value.bitWidth < 65536 else { return nil }
        let numerator = BigInt(value.numerator.magnitude.squareRoot())
        let denominator = BigInt(value.denominator.magnitude.squareRoot())
        if numerator * numerator == value.numerator, denominator * denominator == value.denominator,
            let root = Rational(numerator, denominator)
        {
            return (root, root)
        }
        // √(n/d) = √(n·d) / d, so that small numbers keep their digits.
        guard let ball = arithmetic.squareRoot(arithmetic.ball(Rational(value.numerator * value.denominator))),
            let divisor = Rational(1, value.denominator)
        else { return nil }
        let (lower, upper) = bounds(ball)
        return (lower * divisor, upper * divisor)
    }

    /// eˣ; `nil` where it is too great to be written down.
    public static func exponential(_ value: Rational) -> (lower: Rational, upper: Rational)? {
        if value.isZero { return (.one, .one) }
        guard value.bitWidth < 65536 else { return nil }
        guard let ball = arithmetic.exponential(arithmetic.ball(value.magnitude)) else { return nil }
        let (lower, upper) = bounds(ball)
        guard value.signum < 0 else { return (lower, upper) }
        // e⁻ˣ = 1 / eˣ, so that small numbers keep their digits.
        guard let least = upper.reciprocal, let greatest = lower.reciprocal else { return nil }
        return (least, greatest)
    }

    /// The natural logarithm of a positive number.
    public static func logarithm(_ value: Rational) -> (lower: Rational, upper: Rational)? {
        if value == .one { return (.zero, .zero) }
        guard value.signum > 0, value.bitWidth < 65536 else { return nil }
        guard value < 1 else { return arithmetic.logarithm(arithmetic.ball(value)).map(bounds) }
        return value.reciprocal.flatMap { logarithm($0) }.map { (-$0.upper, -$0.lower) }
    }

    public static let pi: (lower: Rational, upper: Rational) = bounds(arithmetic.pi)

    /// Bounds rounded outward to 512 significant bits, where they are much longer than that.
    public static func outward(
        _ lower: Rational, _ upper: Rational
    ) -> (lower: Rational, upper: Rational) {
        guard lower.bitWidth + upper.bitWidth > 8 * bits else { return (lower, upper) }
        return (rounded(lower).lower, rounded(upper).upper)
    }

    private static func rounded(_ value: Rational) -> (lower: Rational, upper: Rational) {
        let leadingZeros = value.denominator.bitWidth - value.numerator.bitWidth
        let arithmetic = BallArithmetic(bits: bits + max(0, leadingZeros))
        let ball = arithmetic.ball(value)
        return (
            Rational(ball.mid - ball.rad, arithmetic.unit) ?? value,
            Rational(ball.mid + ball.rad, arithmetic.unit) ?? value
        )
    }

    private static func bounds(_ ball: Ball) -> (lower: Rational, upper: Rational) {
        (
            Rational(ball.mid - ball.rad, arithmetic.unit) ?? .zero,
            Rational(ball.mid + ball.rad, arithmetic.unit) ?? .zero
        )
    }
}
