import BigInt

/// An exact rational number in lowest terms with a positive denominator.
///
/// Invariant: numbers whose numerator and denominator fit 64 bits (the least integer excepted) are stored as such, so
/// that equal numbers have equal storage and the usual answers cost no allocation.
public struct Rational: Sendable, Hashable {
    private enum Storage: Sendable, Hashable {
        case small(Int64, Int64)
        /// Boxed, so that copies of the usual numbers count no references.
        indirect case big(BigInt, BigInt)
    }

    private let storage: Storage

    private init(storage: Storage) { self.storage = storage }

    public init(_ value: Int) {
        storage = value == .min ? .big(BigInt(value), 1) : .small(Int64(value), 1)
    }

    public init(_ value: BigInt) { self.init(lowest: value, 1) }

    /// `numerator / denominator`; `nil` for a zero denominator.
    public init?(_ numerator: BigInt, _ denominator: BigInt) {
        guard denominator != 0 else { return nil }
        if denominator == 1 {
            self.init(lowest: numerator, 1)
            return
        }
        let divisor = numerator.greatestCommonDivisor(with: denominator)
        let sign: BigInt = denominator < 0 ? -1 : 1
        self.init(lowest: sign * numerator / divisor, sign * denominator / divisor)
    }

    /// `numerator / denominator`; `nil` for a zero denominator.
    public init?(_ numerator: Int, _ denominator: Int) {
        guard denominator != 0 else { return nil }
        guard numerator > .min, denominator > .min else {
            self.init(BigInt(numerator), BigInt(denominator))
            return
        }
        self = Self.reduced(Int64(numerator), Int64(denominator))
    }

    private init(lowest numerator: BigInt, _ denominator: BigInt) {
        if let small = Int64(exactly: numerator), small > .min, let under = Int64(exactly: denominator) {
            storage = .small(small, under)
        } else {
            storage = .big(numerator, denominator)
        }
    }

    /// Both above the least integer, the denominator not zero.
    private static func reduced(_ numerator: Int64, _ denominator: Int64) -> Rational {
        if denominator == 1 { return Rational(storage: .small(numerator, 1)) }
        let divisor = Int64(greatestCommonDivisor(numerator.magnitude, denominator.magnitude))
        let sign: Int64 = denominator < 0 ? -1 : 1
        return Rational(storage: .small(sign * (numerator / divisor), sign * (denominator / divisor)))
    }

    /// Stein's algorithm; the second number is not zero.
    private static func greatestCommonDivisor(_ first: UInt64, _ second: UInt64) -> UInt64 {
        guard first != 0 else { return second }
        guard first != 1, second != 1 else { return 1 }
        let twos = min(first.trailingZeroBitCount, second.trailingZeroBitCount)
        var a = first >> UInt64(first.trailingZeroBitCount)
        var b = second >> UInt64(second.trailingZeroBitCount)
        while a != b {
            if a < b { swap(&a, &b) }
            a -= b
            a >>= UInt64(a.trailingZeroBitCount)
        }
        return a << UInt64(twos)
    }

    public static let zero = Rational(0)
    public static let one = Rational(1)

    public var numerator: BigInt {
        switch storage {
        case .small(let numerator, _): BigInt(numerator)
        case .big(let numerator, _): numerator
        }
    }

    public var denominator: BigInt {
        switch storage {
        case .small(_, let denominator): BigInt(denominator)
        case .big(_, let denominator): denominator
        }
    }

    public var isInteger: Bool {
        switch storage {
        case .small(_, let denominator): denominator == 1
        case .big(_, let denominator): denominator == 1
        }
    }

    public var isZero: Bool { signum == 0 }

    /// −1, 0 or 1.
    public var signum: Int {
        switch storage {
        case .small(let numerator, _): Int(numerator.signum())
        case .big(let numerator, _): Int(numerator.signum())
        }
    }

    public var magnitude: Rational { signum < 0 ? -self : self }

    /// The value where it is an integer that fits a machine word.
    public var machineInteger: Int? {
        guard case .small(let numerator, 1) = storage else { return nil }
        return Int(numerator)
    }

    /// Numerator and denominator where both fit a machine word.
    public var machineFraction: (numerator: Int, denominator: Int)? {
        guard case .small(let numerator, let denominator) = storage else { return nil }
        return (Int(numerator), Int(denominator))
    }

    /// The number of bits of numerator and denominator together: what arithmetic on it costs.
    public var bitWidth: Int {
        switch storage {
        case .small(let numerator, let denominator):
            128 - numerator.magnitude.leadingZeroBitCount - denominator.leadingZeroBitCount
        case .big(let numerator, let denominator): numerator.bitWidth + denominator.bitWidth
        }
    }

    /// The nearest double, for display and tolerances' rough checks only; verdicts never depend on it.
    public var approximation: Double {
        switch storage {
        case .small(let numerator, let denominator): Double(numerator) / Double(denominator)
        case .big(let numerator, let denominator): Self.quotient(numerator, denominator)
        }
    }

    private static func quotient(_ numerator: BigInt, _ denominator: BigInt) -> Double {
        let shift = numerator.bitWidth - denominator.bitWidth - 64
        let scaled = shift >= 0 ? numerator / (denominator << shift) : (numerator << -shift) / denominator
        guard shift < 2000, shift > -2000 else { return shift < 0 ? 0 : (numerator < 0 ? -.infinity : .infinity) }
        return Double(sign: .plus, exponent: shift, significand: Double(scaled))
    }
}

extension Rational {
    public static prefix func - (value: Rational) -> Rational {
        switch value.storage {
        case .small(let numerator, let denominator): Rational(storage: .small(-numerator, denominator))
        case .big(let numerator, let denominator): Rational(lowest: -numerator, denominator)
        }
    }

    public static func + (left: Rational, right: Rational) -> Rational {
        if case .small(let a, let b) = left.storage, case .small(let c, let d) = right.storage {
            if b == d {
                let (sum, overflow) = a.addingReportingOverflow(c)
                if !overflow, sum > .min { return reduced(sum, b) }
            }
            let (ad, overflow1) = a.multipliedReportingOverflow(by: d)
            let (cb, overflow2) = c.multipliedReportingOverflow(by: b)
            let (sum, overflow3) = ad.addingReportingOverflow(cb)
            let (bd, overflow4) = b.multipliedReportingOverflow(by: d)
            if !overflow1, !overflow2, !overflow3, !overflow4, sum > .min { return reduced(sum, bd) }
        }
        let (b, d) = (left.denominator, right.denominator)
        return Rational(left.numerator * d + right.numerator * b, b * d)!
    }

    public static func - (left: Rational, right: Rational) -> Rational { left + -right }

    public static func * (left: Rational, right: Rational) -> Rational {
        if case .small(let a, let b) = left.storage, case .small(let c, let d) = right.storage {
            let (ac, overflow1) = a.multipliedReportingOverflow(by: c)
            let (bd, overflow2) = b.multipliedReportingOverflow(by: d)
            if !overflow1, !overflow2, ac > .min { return reduced(ac, bd) }
        }
        return Rational(left.numerator * right.numerator, left.denominator * right.denominator)!
    }

    /// `nil` for division by zero.
    public static func / (left: Rational, right: Rational) -> Rational? {
        right.reciprocal.map { left * $0 }
    }

    /// `nil` for zero.
    public var reciprocal: Rational? {
        switch storage {
        case .small(0, _): nil
        case .small(let numerator, let denominator):
            Rational(storage: numerator < 0 ? .small(-denominator, -numerator) : .small(denominator, numerator))
        case .big(let numerator, let denominator):
            numerator < 0 ? Rational(lowest: -denominator, -numerator) : Rational(lowest: denominator, numerator)
        }
    }

    /// The power with an integer exponent; `nil` for a negative power of zero. The caller bounds the size first.
    public func power(_ exponent: Int) -> Rational? {
        guard exponent >= 0 else { return reciprocal?.power(-exponent) }
        if exponent == 1 { return self }
        return Rational(lowest: numerator.power(exponent), denominator.power(exponent))
    }

    /// `10^exponent`.
    public static func powerOfTen(_ exponent: Int) -> Rational {
        if (-18...18).contains(exponent) {
            var power: Int64 = 1
            for _ in 0..<abs(exponent) { power *= 10 }
            return Rational(storage: exponent < 0 ? .small(1, power) : .small(power, 1))
        }
        let magnitude = BigInt(10).power(abs(exponent))
        return exponent < 0 ? Rational(lowest: 1, magnitude) : Rational(lowest: magnitude, 1)
    }

    /// The greatest integer that is not above the number.
    public var floor: BigInt {
        let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

extension Rational: Comparable {
    public static func < (left: Rational, right: Rational) -> Bool {
        if case .small(let a, let b) = left.storage, case .small(let c, let d) = right.storage {
            if b == d { return a < c }
            let (ad, cb) = (a.multipliedFullWidth(by: d), c.multipliedFullWidth(by: b))
            return ad.high == cb.high ? ad.low < cb.low : ad.high < cb.high
        }
        return (left - right).signum < 0
    }
}

extension Rational: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int) { self.init(value) }
}

extension Rational: CustomStringConvertible {
    /// `numerator` or `numerator/denominator`: equal numbers have equal texts.
    public var description: String {
        switch storage {
        case .small(let numerator, 1): String(numerator)
        case .small(let numerator, let denominator): String(numerator) + "/" + String(denominator)
        case .big(let numerator, let denominator):
            denominator == 1 ? String(numerator) : "\(numerator)/\(denominator)"
        }
    }
}
