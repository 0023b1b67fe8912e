import BigInt

/// A complex number within known bounds.
struct ComplexBall: Sendable {
    var re: Ball
    var im: Ball

    init(_ re: Ball, _ im: Ball = .zero) {
        self.re = re
        self.im = im
    }

    var isReal: Bool { im.isExactZero }
    var containsZero: Bool { re.containsZero && im.containsZero }

    static prefix func - (value: ComplexBall) -> ComplexBall { ComplexBall(-value.re, -value.im) }
    static func + (left: ComplexBall, right: ComplexBall) -> ComplexBall {
        ComplexBall(left.re + right.re, left.im + right.im)
    }
    static func - (left: ComplexBall, right: ComplexBall) -> ComplexBall {
        ComplexBall(left.re - right.re, left.im - right.im)
    }
}

extension BallArithmetic {
    func multiply(_ left: ComplexBall, _ right: ComplexBall) -> ComplexBall {
        if left.isReal, right.isReal { return ComplexBall(multiply(left.re, right.re)) }
        return ComplexBall(
            multiply(left.re, right.re) - multiply(left.im, right.im),
            multiply(left.re, right.im) + multiply(left.im, right.re))
    }

    func inverse(_ value: ComplexBall) -> ComplexBall? {
        if value.isReal { return inverse(value.re).map { ComplexBall($0) } }
        let square = multiply(value.re, value.re) + multiply(value.im, value.im)
        guard let factor = inverse(square) else { return nil }
        return ComplexBall(multiply(value.re, factor), multiply(-value.im, factor))
    }

    func exponential(_ value: ComplexBall) -> ComplexBall? {
        guard let size = exponential(value.re) else { return nil }
        if value.isReal { return ComplexBall(size) }
        guard let (sine, cosine) = sineAndCosine(value.im) else { return nil }
        return ComplexBall(multiply(size, cosine), multiply(size, sine))
    }

    func argument(_ value: ComplexBall) -> Ball? {
        if value.isReal, let sign = value.re.sign, sign != 0 { return sign > 0 ? .zero : pi }
        if value.re.sign == 1 {
            return inverse(value.re).flatMap { arctangent(multiply(value.im, $0)) }
        }
        guard let side = value.im.sign, side != 0, let factor = inverse(value.im),
            let angle = arctangent(multiply(value.re, factor))
        else { return nil }
        let quarter = Ball(mid: pi.mid >> 1, rad: 2)
        return (side > 0 ? quarter : -quarter) - angle
    }

    func logarithm(_ value: ComplexBall) -> ComplexBall? {
        if value.isReal, value.re.sign == 1 { return logarithm(value.re).map { ComplexBall($0) } }
        guard let angle = argument(value), let size = magnitude(value), let real = logarithm(size) else { return nil }
        return ComplexBall(real, angle)
    }

    func magnitude(_ value: ComplexBall) -> Ball? {
        if value.isReal, let sign = value.re.sign { return sign < 0 ? -value.re : value.re }
        return squareRoot(multiply(value.re, value.re) + multiply(value.im, value.im))
    }

    func power(_ base: ComplexBall, _ exponent: Rational) -> ComplexBall? {
        if let whole = exponent.machineInteger { return power(base, whole: whole) }
        if base.isReal, base.re.isExactZero { return exponent.signum > 0 ? ComplexBall(.zero) : nil }
        if base.isReal, let (numerator, denominator) = exponent.machineFraction, denominator == 2, abs(numerator) < 64 {
            if base.re.sign == 1, let root = squareRoot(base.re) { return power(ComplexBall(root), whole: numerator) }
            if base.re.sign == -1, let root = squareRoot(-base.re) {
                return power(ComplexBall(.zero, root), whole: numerator)
            }
        }
        guard let log = logarithm(base) else { return nil }
        let factor = ComplexBall(ball(exponent))
        return exponential(multiply(log, factor))
    }

    func power(_ base: ComplexBall, whole exponent: Int) -> ComplexBall? {
        guard exponent >= 0 else { return power(base, whole: -exponent).flatMap { inverse($0) } }
        var (result, square, left) = (ComplexBall(one), base, exponent)
        while left > 0 {
            if result.re.mid.bitWidth > 40 * bits || square.re.mid.bitWidth > 40 * bits { return nil }
            if left & 1 == 1 { result = multiply(result, square) }
            left >>= 1
            if left > 0 { square = multiply(square, square) }
        }
        return result
    }
}
