import BigInt

/// Evaluates scalars in balls, at one precision and one sample point.
final class Evaluator {
    let arithmetic: BallArithmetic
    private let point: SamplePoint?
    /// A function of reals had a value that is not real: the point lies outside the domain.
    private(set) var leftTheReals = false
    private var powers: [Monomial.Factor: ComplexBall] = [:]

    init(bits: Int, point: SamplePoint? = nil) {
        arithmetic = BallArithmetic(bits: bits)
        self.point = point
    }

    /// `nil` where the value is not known, too great, or not defined.
    func value(of scalar: Scalar) -> ComplexBall? {
        switch scalar {
        case .rational(let value): return ComplexBall(arithmetic.ball(value))
        case .fraction(let numerator, let denominator):
            guard let top = value(of: numerator) else { return nil }
            if denominator.isOne { return top }
            guard let bottom = value(of: denominator), let inverse = arithmetic.inverse(bottom) else { return nil }
            return arithmetic.multiply(top, inverse)
        }
    }

    func value(of polynomial: Polynomial) -> ComplexBall? {
        var sum = ComplexBall(.zero)
        for term in polynomial.terms {
            var product = ComplexBall(arithmetic.ball(term.coefficient))
            for factor in term.monomial.factors {
                guard let value = value(of: factor) else { return nil }
                product = arithmetic.multiply(product, value)
            }
            sum = sum + product
        }
        return sum
    }

    private func value(of factor: Monomial.Factor) -> ComplexBall? {
        if let known = powers[factor] { return known }
        guard let value = computed(factor) else { return nil }
        powers[factor] = value
        return value
    }

    private func computed(_ factor: Monomial.Factor) -> ComplexBall? {
        let exponent = factor.exponent
        switch factor.generator.kind {
        case .variable, .symbolic:
            guard let point else { return nil }
            return raised(ComplexBall(arithmetic.ball(point.value(of: factor.generator.key))), exponent)
        case .imaginary: return arithmetic.power(ComplexBall(.zero, arithmetic.one), exponent)
        case .prime(let prime): return arithmetic.power(ComplexBall(arithmetic.ball(Rational(prime))), exponent)
        case .pi: return arithmetic.power(ComplexBall(arithmetic.pi), exponent)
        case .unity:
            let angle = arithmetic.multiply(arithmetic.pi, arithmetic.ball(exponent))
            return arithmetic.exponential(ComplexBall(.zero, angle))
        case .exponential(let argument):
            guard let inner = value(of: argument) else { return nil }
            return arithmetic.exponential(arithmetic.multiply(inner, ComplexBall(arithmetic.ball(exponent))))
        case .logarithm(let argument):
            guard let inner = value(of: argument) else { return nil }
            if inner.isReal, inner.re.sign == -1 { leftTheReals = true }
            return arithmetic.logarithm(inner).flatMap { arithmetic.power($0, exponent) }
        case .power(let base), .largePower(let base):
            guard let inner = value(of: base) else { return nil }
            return raised(inner, exponent)
        case .call(let function, let arguments):
            return call(function, arguments, key: factor.generator.key).flatMap { raised($0, exponent) }
        }
    }

    private func raised(_ base: ComplexBall, _ exponent: Rational) -> ComplexBall? {
        if !exponent.isInteger, base.isReal, base.re.sign == -1 { leftTheReals = true }
        return arithmetic.power(base, exponent)
    }

    private func call(_ function: MathFunction, _ arguments: [Scalar], key: String) -> ComplexBall? {
        var values: [ComplexBall] = []
        for argument in arguments {
            guard let value = value(of: argument) else { return nil }
            values.append(value)
        }
        guard let first = values.first else { return nil }
        switch function {
        case .abs: return arithmetic.magnitude(first).map { ComplexBall($0) }
        case .arctan: return arctangent(first)
        case .arcsin: return arcsine(first)
        case .sign: return first.isReal ? first.re.sign.map { ComplexBall(arithmetic.ball($0)) } : nil
        case .floor, .ceiling:
            guard first.isReal else { return nil }
            let value = function == .floor ? first.re : -first.re
            guard let whole = floor(value) else { return nil }
            return ComplexBall(Ball(mid: (function == .floor ? whole : -whole) << arithmetic.bits, rad: 0))
        case .mod:
            guard values.count == 2, first.isReal, values[1].isReal, let inverse = arithmetic.inverse(values[1].re),
                let whole = floor(arithmetic.multiply(first.re, inverse))
            else { return nil }
            let multiple = Ball(mid: whole << arithmetic.bits, rad: 0)
            return ComplexBall(first.re - arithmetic.multiply(multiple, values[1].re))
        case .max, .min:
            var best = first
            for value in values.dropFirst() {
                guard value.isReal, best.isReal, let side = (value.re - best.re).sign else { return nil }
                if (side > 0) == (function == .max) { best = value }
            }
            return best
        case .re: return ComplexBall(first.re)
        case .im: return ComplexBall(first.im)
        case .conjugate: return ComplexBall(first.re, -first.im)
        default:
            // A function without a method of evaluation is as good as a variable.
            guard let point else { return nil }
            return ComplexBall(arithmetic.ball(point.value(of: key)))
        }
    }

    private func floor(_ value: Ball) -> BigInt? {
        let low = Rational(value.mid - value.rad, arithmetic.unit)?.floor
        let high = Rational(value.mid + value.rad, arithmetic.unit)?.floor
        return low == high ? low : nil
    }

    private func arctangent(_ value: ComplexBall) -> ComplexBall? {
        if value.isReal { return arithmetic.arctangent(value.re).map { ComplexBall($0) } }
        let turned = ComplexBall(-value.im, value.re)
        let one = ComplexBall(arithmetic.one)
        guard let inverse = arithmetic.inverse(one - turned),
            let log = arithmetic.logarithm(arithmetic.multiply(one + turned, inverse))
        else { return nil }
        return arithmetic.multiply(log, ComplexBall(.zero, -arithmetic.ball(Rational(1, 2) ?? .one)))
    }

    private func arcsine(_ value: ComplexBall) -> ComplexBall? {
        let rest = ComplexBall(arithmetic.one) - arithmetic.multiply(value, value)
        if value.isReal, let root = arithmetic.squareRoot(rest.re), rest.re.sign == 1,
            let inverse = arithmetic.inverse(root)
        {
            return arithmetic.arctangent(arithmetic.multiply(value.re, inverse)).map { ComplexBall($0) }
        }
        leftTheReals = true
        guard let root = arithmetic.power(rest, Rational(1, 2) ?? .one),
            let log = arithmetic.logarithm(ComplexBall(-value.im, value.re) + root)
        else { return nil }
        return ComplexBall(log.im, -log.re)
    }
}
