import Rewards

/// A real number: exact, or known to lie between two exact numbers.
///
/// Every operation rounds outward, so that the true value never leaves the bounds. Invariant: `lower` is at most `upper`.
public struct BoundedNumber: Sendable, Hashable {
    /// The greatest number of bits of a numerator and denominator together.
    static let bitLimit = 32768

    public let lower: Rational
    public let upper: Rational

    public init(_ value: Rational) {
        lower = value
        upper = value
    }

    init(_ bounds: (lower: Rational, upper: Rational)) throws(CalculatorError) {
        let (lower, upper) = bounds.lower == bounds.upper ? bounds : RealBounds.outward(bounds.lower, bounds.upper)
        guard lower.bitWidth <= Self.bitLimit, upper.bitWidth <= Self.bitLimit else {
            throw CalculatorError("a number grows beyond the calculator's bound of about 10^4900")
        }
        self.lower = lower
        self.upper = upper
    }

    public var isExact: Bool { lower == upper }
    public var isZero: Bool { isExact && lower.isZero }
    public var middle: Rational { isExact ? lower : (lower + upper) * (Rational(1, 2) ?? .one) }

    static let zero = BoundedNumber(.zero)
    static let one = BoundedNumber(.one)

    static prefix func - (value: BoundedNumber) -> BoundedNumber {
        BoundedNumber(checked: -value.upper, -value.lower)
    }

    private init(checked lower: Rational, _ upper: Rational) {
        self.lower = lower
        self.upper = upper
    }

    func adding(_ other: BoundedNumber) throws(CalculatorError) -> BoundedNumber {
        try BoundedNumber((lower + other.lower, upper + other.upper))
    }

    func times(_ other: BoundedNumber) throws(CalculatorError) -> BoundedNumber {
        if isExact, other.isExact {
            let product = lower * other.lower
            return try BoundedNumber((product, product))
        }
        let products = [lower * other.lower, lower * other.upper, upper * other.lower, upper * other.upper]
        return try BoundedNumber((products.min() ?? .zero, products.max() ?? .zero))
    }

    func scaled(by other: Rational) throws(CalculatorError) -> BoundedNumber { try times(BoundedNumber(other)) }

    func divided(by other: BoundedNumber) throws(CalculatorError) -> BoundedNumber {
        guard other.lower.signum * other.upper.signum > 0, let least = other.upper.reciprocal,
            let greatest = other.lower.reciprocal
        else {
            throw CalculatorError(other.isZero ? "a division by zero" : "a division by a number that may be zero")
        }
        return try times(BoundedNumber((least, greatest)))
    }

    /// An integer power of at most a thousand either way.
    func power(_ exponent: Int) throws(CalculatorError) -> BoundedNumber {
        guard abs(exponent) <= 1000 else {
            throw CalculatorError("the exponent \(exponent) is out of range; expected one from -1000 to 1000")
        }
        if exponent < 0 { return try BoundedNumber.one.divided(by: power(-exponent)) }
        guard max(lower.bitWidth, upper.bitWidth) * max(1, exponent) <= 2 * Self.bitLimit else {
            throw CalculatorError("a number grows beyond the calculator's bound of about 10^4900")
        }
        if isExact, let power = lower.power(exponent) { return try BoundedNumber((power, power)) }
        var result = BoundedNumber.one
        for _ in 0..<exponent { result = try result.times(self) }
        return result
    }

    /// A power of a positive number by logarithm and exponential.
    func realPower(_ exponent: BoundedNumber) throws(CalculatorError) -> BoundedNumber {
        if exponent.isExact, let whole = exponent.lower.machineInteger { return try power(whole) }
        if isZero, exponent.lower.signum > 0 { return .zero }
        guard lower.signum > 0 else {
            throw CalculatorError("a power with a fraction as exponent needs a base above 0")
        }
        return try logarithm().times(exponent).exponential()
    }

    func squareRoot() throws(CalculatorError) -> BoundedNumber {
        guard lower.signum >= 0, let least = RealBounds.squareRoot(lower), let most = RealBounds.squareRoot(upper)
        else { throw CalculatorError("sqrt needs a number that is not negative") }
        return try BoundedNumber((least.lower, most.upper))
    }

    func exponential() throws(CalculatorError) -> BoundedNumber {
        guard let least = RealBounds.exponential(lower), let most = RealBounds.exponential(upper) else {
            throw CalculatorError("exp of this number is beyond the calculator's bounds")
        }
        return try BoundedNumber((least.lower, most.upper))
    }

    func logarithm() throws(CalculatorError) -> BoundedNumber {
        guard lower.signum > 0, let least = RealBounds.logarithm(lower), let most = RealBounds.logarithm(upper) else {
            throw CalculatorError("a logarithm needs a number above 0")
        }
        return try BoundedNumber((least.lower, most.upper))
    }

    /// Exact for powers of ten.
    func commonLogarithm() throws(CalculatorError) -> BoundedNumber {
        if isExact {
            for exponent in -30...30 where lower == .powerOfTen(exponent) { return BoundedNumber(Rational(exponent)) }
        }
        return try logarithm().divided(by: BoundedNumber(10).logarithm())
    }

    var magnitude: BoundedNumber {
        if lower.signum >= 0 { return self }
        if upper.signum <= 0 { return -self }
        return BoundedNumber(checked: .zero, max(-lower, upper))
    }

    static func least(_ left: BoundedNumber, _ right: BoundedNumber) -> BoundedNumber {
        BoundedNumber(checked: min(left.lower, right.lower), min(left.upper, right.upper))
    }

    static func greatest(_ left: BoundedNumber, _ right: BoundedNumber) -> BoundedNumber {
        BoundedNumber(checked: max(left.lower, right.lower), max(left.upper, right.upper))
    }

    /// Rounded to decimals, halves away from zero.
    func rounded(decimals: Int) throws(CalculatorError) -> BoundedNumber {
        let (least, most) = (lower.rounded(decimals: decimals), upper.rounded(decimals: decimals))
        guard least == most else {
            throw CalculatorError("the number is too near to a half to be rounded for certain")
        }
        return BoundedNumber(least)
    }

    /// Whether the number is below, equal to or above another for certain: −1, 0, 1; `nil` where the bounds overlap.
    func comparison(_ other: Rational) -> Int? {
        if upper < other { return -1 }
        if lower > other { return 1 }
        return isExact ? 0 : nil
    }

    /// The number with all its digits where they are few, else to twelve significant figures.
    var text: String {
        if isExact, let decimal = lower.exactDecimal(maximumDigits: 15) { return decimal }
        if lower.signum * upper.signum <= 0, !isExact { return "0" }
        return middle.decimal(significantFigures: 12)
    }

    /// What ``text`` leaves out of an exact number: the fraction where it is short.
    var remark: String? {
        guard isExact else { return "rounded" }
        if lower.exactDecimal(maximumDigits: 15) != nil { return nil }
        return lower.bitWidth <= 64 ? "exactly \(lower)" : "rounded"
    }
}
