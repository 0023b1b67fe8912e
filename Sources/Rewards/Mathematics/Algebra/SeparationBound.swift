import BigInt

/// How small an algebraic number that is not zero can be.
///
/// After Burnikel, Funke, Mehlhorn, Schirra and Schmitt, "A separation bound for real algebraic expressions" (2009): write
/// the number as U/L with algebraic integers whose conjugates are at most `2^upper` and `2^lower` in size; then it is zero
/// or at least `2^−((degree − 1)·upper + lower)` in size.
struct SeparationBound {
    /// For every generator the least common denominator of its exponents: the degree of its root.
    private var roots: [Generator: Int] = [:]
    private var hasImaginary = false

    private struct Size {
        var upper: Int
        var lower: Int
    }

    /// The number of bits below which a number of this form is zero; `nil` where no bound is known or it is too great.
    static func bits(_ scalar: Scalar) -> Int? {
        var bound = SeparationBound()
        guard let size = bound.size(of: scalar) else { return nil }
        guard let degree = bound.degree else { return nil }
        let (product, overflow) = (degree - 1).multipliedReportingOverflow(by: size.upper)
        return overflow || product > 1 << 20 ? nil : product + size.lower + 1
    }

    private mutating func size(of scalar: Scalar) -> Size? {
        guard let top = size(of: scalar.numerator), let bottom = size(of: scalar.denominator) else { return nil }
        return Size(upper: top.upper + bottom.lower, lower: top.lower + bottom.upper)
    }

    private mutating func size(of polynomial: Polynomial) -> Size? {
        var sum: Size?
        for term in polynomial.terms {
            var product = Size(
                upper: term.coefficient.numerator.magnitude.bitWidth,
                lower: term.coefficient.denominator.magnitude.bitWidth - 1)
            if term.coefficient.isInteger { product.lower = 0 } else { product.lower += 1 }
            for factor in term.monomial.factors {
                guard let size = size(of: factor) else { return nil }
                product.upper += size.upper
                product.lower += size.lower
            }
            if let known = sum {
                sum = Size(
                    upper: max(known.upper + product.lower, product.upper + known.lower) + 1,
                    lower: known.lower + product.lower)
            } else {
                sum = product
            }
            if let sum, sum.upper > 1 << 20 || sum.lower > 1 << 20 { return nil }
        }
        return sum ?? Size(upper: 0, lower: 0)
    }

    private mutating func size(of factor: Monomial.Factor) -> Size? {
        guard let (numerator, denominator) = factor.exponent.machineFraction, numerator > 0, numerator < 1 << 20 else {
            return nil
        }
        switch factor.generator.kind {
        case .imaginary:
            hasImaginary = true
            return Size(upper: 0, lower: 0)
        case .unity:
            guard count(factor, denominator) else { return nil }
            return Size(upper: 0, lower: 0)
        case .prime(let prime):
            guard count(factor, denominator) else { return nil }
            return Size(upper: prime.bitWidth * numerator / denominator + 1, lower: 0)
        case .power(let base):
            guard let inner = size(of: base), count(factor, denominator), numerator < denominator else { return nil }
            let upper = (numerator * inner.upper + (denominator - numerator) * inner.lower) / denominator + 1
            return Size(upper: upper, lower: inner.lower)
        case .largePower(let base):
            guard denominator == 1, let inner = size(of: base) else { return nil }
            return Size(upper: inner.upper * numerator, lower: inner.lower * numerator)
        default: return nil
        }
    }

    private mutating func count(_ factor: Monomial.Factor, _ denominator: Int) -> Bool {
        let known = roots[factor.generator] ?? 1
        let common = IntegerArithmetic.leastCommonMultiple(Rational(known), Rational(denominator))
        guard let degree = common.machineInteger, degree <= 4096 else { return false }
        roots[factor.generator] = degree
        return true
    }

    /// The degree of a field that holds all roots.
    private var degree: Int? {
        var degree = 1
        var order = hasImaginary ? 4 : 1
        for (generator, root) in roots {
            if case .unity = generator.kind {
                order =
                    IntegerArithmetic.leastCommonMultiple(Rational(order), Rational(2 * root)).machineInteger ?? order
            } else {
                degree *= root
            }
            if degree > 4096 { return nil }
        }
        degree *= Self.totient(order)
        return degree <= 4096 ? degree : nil
    }

    /// The number of residues without a factor in common with `n`.
    private static func totient(_ n: Int) -> Int {
        var (result, rest, divisor) = (n, n, 2)
        while divisor * divisor <= rest {
            if rest % divisor == 0 {
                while rest % divisor == 0 { rest /= divisor }
                result -= result / divisor
            }
            divisor += 1
        }
        return rest > 1 ? result - result / rest : result
    }
}
