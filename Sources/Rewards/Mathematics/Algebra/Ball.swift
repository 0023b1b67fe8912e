import BigInt

/// A real number within known bounds: `mid ± rad`, both counted in units of 2^−bits.
///
/// Every operation rounds outward, so that the true value never leaves the ball.
struct Ball: Sendable {
    var mid: BigInt
    var rad: BigInt

    static let zero = Ball(mid: 0, rad: 0)

    var isExactZero: Bool { mid == 0 && rad == 0 }
    var containsZero: Bool { mid.magnitude <= rad.magnitude }
    /// −1 or 1 where the whole ball lies on that side of zero.
    var sign: Int? {
        if isExactZero { return 0 }
        return containsZero ? nil : (mid < 0 ? -1 : 1)
    }

    var upperMagnitude: BigInt { abs(mid) + rad }

    static prefix func - (value: Ball) -> Ball { Ball(mid: -value.mid, rad: value.rad) }
    static func + (left: Ball, right: Ball) -> Ball { Ball(mid: left.mid + right.mid, rad: left.rad + right.rad) }
    static func - (left: Ball, right: Ball) -> Ball { Ball(mid: left.mid - right.mid, rad: left.rad + right.rad) }
}

/// Arithmetic on balls at one precision.
struct BallArithmetic: Sendable {
    let bits: Int
    let unit: BigInt

    init(bits: Int) {
        self.bits = bits
        unit = BigInt(1) << bits
    }

    var one: Ball { Ball(mid: unit, rad: 0) }

    func ball(_ value: Int) -> Ball { Ball(mid: BigInt(value) << bits, rad: 0) }

    func ball(_ value: Rational) -> Ball {
        let (quotient, remainder) = (value.numerator << bits).quotientAndRemainder(dividingBy: value.denominator)
        return Ball(mid: quotient, rad: remainder == 0 ? 0 : 1)
    }

    func multiply(_ left: Ball, _ right: Ball) -> Ball {
        if left.isExactZero || right.isExactZero { return .zero }
        let mid = Self.shift(left.mid * right.mid, bits)
        var error = BigInt(1)
        if left.rad != 0 || right.rad != 0 {
            error += ((abs(left.mid) * right.rad + abs(right.mid) * left.rad + left.rad * right.rad) >> bits) + 1
        }
        return Ball(mid: mid, rad: error)
    }

    func inverse(_ value: Ball) -> Ball? {
        guard !value.containsZero else { return nil }
        let mid = (unit << bits) / value.mid
        let least = abs(value.mid) - value.rad
        return Ball(mid: mid, rad: value.rad == 0 ? 1 : (value.rad << (2 * bits)) / (abs(value.mid) * least) + 2)
    }

    func squareRoot(_ value: Ball) -> Ball? {
        if value.isExactZero { return .zero }
        let least = value.mid - value.rad
        if value.mid + value.rad < 0 { return nil }
        if least <= 0 {
            let root = Self.root((value.mid + value.rad) << bits) + 1
            return Ball(mid: root >> 1, rad: (root >> 1) + 1)
        }
        let mid = Self.root(value.mid << bits)
        if value.rad == 0 { return Ball(mid: mid, rad: mid * mid == value.mid << bits ? 0 : 1) }
        return Ball(mid: mid, rad: (value.rad << bits) / Self.root(least << bits) + 2)
    }

    static func root(_ value: BigInt) -> BigInt { BigInt(value.magnitude.squareRoot()) }

    /// Division by a power of two, toward zero.
    static func shift(_ value: BigInt, _ count: Int) -> BigInt {
        BigInt(sign: value.sign, magnitude: value.magnitude >> count)
    }
}
