import BigInt

extension Algebra {
    /// An integer power, written out where that is short.
    mutating func power(_ base: Scalar, _ exponent: Int) throws(AnswerProblem) -> Scalar {
        if exponent == 0 { return .one }
        if exponent == 1 { return base }
        if case .rational(let value) = base { return .rational(try power(value, exponent)) }
        if exponent < 0 { return try reciprocal(power(base, -exponent)) }
        if let polynomial = base.polynomial, polynomial.terms.count == 1 {
            return try power(polynomial.terms[0], exponent)
        }
        let size = base.numerator.terms.count + base.denominator.terms.count
        if exponent > 4, estimatedTerms(size, exponent) > Self.termLimit, !isSmallRing(base) {
            return Scalar(.largePower(base), Rational(exponent))
        }
        var (result, square, left) = (Scalar.one, base, exponent)
        while left > 0 {
            if left & 1 == 1 { result = try multiply(result, square) }
            left >>= 1
            if left > 0 { square = try multiply(square, square) }
        }
        return result
    }

    /// Sums of square roots and i stay short in any power.
    private func isSmallRing(_ base: Scalar) -> Bool {
        base.allGenerators { generator in
            switch generator.kind {
            case .prime, .imaginary: true
            default: false
            }
        }
    }

    private func estimatedTerms(_ terms: Int, _ exponent: Int) -> Int {
        var count = 1
        for k in 1..<max(2, terms) {
            count = count * (exponent + k) / k
            if count > 1_000_000 { return count }
        }
        return count
    }

    private mutating func power(_ value: Rational, _ exponent: Int) throws(AnswerProblem) -> Rational {
        if value == .one { return .one }
        if value == Rational(-1) { return exponent % 2 == 0 ? .one : value }
        if value.isZero {
            guard exponent > 0 else { throw .undecided("a division by zero") }
            return .zero
        }
        let bits = value.bitWidth.multipliedReportingOverflow(by: exponent == .min ? .max : abs(exponent))
        if bits.overflow || bits.partialValue > work.limits.digits * 4 {
            throw .overBudget("a power has more than \(work.limits.digits) digits")
        }
        try work.spend(1 + bits.partialValue / 16)
        guard let result = value.power(exponent) else { throw .undecided("a division by zero") }
        return result
    }

    private mutating func power(_ term: Polynomial.Term, _ exponent: Int) throws(AnswerProblem) -> Scalar {
        var coefficient = try power(term.coefficient, exponent)
        var result = Monomial.one
        for factor in term.monomial.factors {
            let raised = factor.exponent * Rational(exponent)
            if case .prime(let prime) = factor.generator.kind {
                _ = try power(Rational(prime), Int(clamping: raised.floor))
            }
            let (monomial, extra) = Monomial.reduced(factor.generator, raised)
            result = result.multiplied(by: monomial).monomial
            coefficient = coefficient * extra
        }
        return try fraction(Polynomial(result, coefficient), .one)
    }

    /// `base^exponent` on the principal branch.
    mutating func power(_ base: Scalar, _ exponent: Scalar) throws(AnswerProblem) -> Scalar {
        if let value = exponent.rationalValue {
            if value.isInteger {
                guard let whole = value.machineInteger else {
                    if base == .one { return .one }
                    if base == Scalar(-1) { return value.numerator.isMultiple(of: 2) ? .one : base }
                    if base.isConstant { throw .overBudget("an exponent has too many digits") }
                    return Scalar(.largePower(base), value)
                }
                return try power(base, whole)
            }
            return try rationalPower(base, value)
        }
        if base == .one { return .one }
        if base.isZero {
            if exponent.isConstant, let side = try sign(exponent), side > 0 { return .zero }
            throw .undecided("a power of zero whose exponent is not known to be positive")
        }
        return try exponential(multiply(exponent, logarithm(base)))
    }

    /// A power with a fraction as its exponent.
    mutating func rationalPower(_ base: Scalar, _ exponent: Rational) throws(AnswerProblem) -> Scalar {
        if case .rational(let value) = base {
            if value.isZero {
                guard exponent.signum > 0 else { throw .undecided("a division by zero") }
                return .zero
            }
            let magnitude = try positivePower(value.magnitude, exponent)
            return value.signum > 0 ? magnitude : try multiply(magnitude, RootsOfUnity.value(exponent))
        }
        if let polynomial = base.polynomial, polynomial.terms.count == 1,
            let result = try termPower(polynomial.terms[0], exponent)
        {
            return result
        }
        if base.isConstant {
            if try isZero(base) { return .zero }
            if let denested = try denested(base, exponent) { return denested }
            if base.isReal, let side = try sign(base), side < 0 {
                return try multiply(rationalPower(base.negated, exponent), RootsOfUnity.value(exponent))
            }
        }
        let content = base.content
        let rest = try divide(base, .rational(content))
        let factor = try positivePower(content, exponent)
        return try multiply(factor, fraction(Polynomial(Monomial(.power(rest), exponent)), .one))
    }

    /// The product of the powers of a term's parts, where the principal branch allows to split it.
    private mutating func termPower(_ term: Polynomial.Term, _ exponent: Rational) throws(AnswerProblem) -> Scalar? {
        guard term.coefficient.signum > 0 else { return nil }
        var others = 0
        for factor in term.monomial.factors {
            switch factor.generator.kind {
            case .prime, .pi: continue
            case .exponential(let argument) where argument.isConstant && argument.isReal: continue
            case .logarithm(.rational): continue
            case .variable, .symbolic, .power:
                guard factor.exponent.signum > 0, factor.exponent <= 1 else { return nil }
                others += 1
            default: return nil
            }
        }
        guard others <= 1 else { return nil }
        var result = try positivePower(term.coefficient, exponent)
        for factor in term.monomial.factors {
            let raised = factor.exponent * exponent
            if case .prime(let prime) = factor.generator.kind {
                result = try multiply(result, positivePower(Rational(prime), raised))
            } else {
                result = try multiply(result, fraction(Polynomial(Monomial(factor.generator, raised)), .one))
            }
        }
        return result
    }

    /// A power of a positive rational number: a product of powers of primes.
    mutating func positivePower(_ value: Rational, _ exponent: Rational) throws(AnswerProblem) -> Scalar {
        if value == .one { return .one }
        var result = Polynomial.one
        for (prime, count) in try factored(value) {
            let raised = Rational(count) * exponent
            let whole = raised.floor
            guard let power = Int(exactly: whole) else { throw .overBudget("an exponent has too many digits") }
            let coefficient = try self.power(Rational(prime), power)
            let rest = raised - Rational(whole)
            let term =
                rest.isZero ? Polynomial(coefficient) : Polynomial(Monomial(.prime(prime), rest), coefficient)
            result = try result.multiplied(by: term, work: &work)
        }
        return Scalar(result)
    }

    /// The prime factors with their exponents; a factor without small divisors counts as a prime.
    mutating func factored(_ value: Rational) throws(AnswerProblem) -> [(BigInt, Int)] {
        var factors: [(BigInt, Int)] = []
        for (part, sign) in [(value.numerator, 1), (value.denominator, -1)] {
            for (prime, count) in try IntegerArithmetic.factors(part, work: &work) {
                factors.append((prime, sign * count))
            }
        }
        return factors
    }

    /// `√(a + b√c) = √((a + d)/2) ± √((a − d)/2)` where `d² = a² − b²c` is a square.
    private mutating func denested(_ base: Scalar, _ exponent: Rational) throws(AnswerProblem) -> Scalar? {
        guard exponent.machineFraction?.denominator == 2, let polynomial = base.polynomial,
            polynomial.terms.count == 2, let half = Rational(1, 2)
        else { return nil }
        var (plain, root): (Rational?, Polynomial.Term?) = (nil, nil)
        for term in polynomial.terms {
            if term.monomial.isOne { plain = term.coefficient } else { root = term }
        }
        guard let plain, let root,
            root.monomial.factors.allSatisfy({ factor in
                if case .prime = factor.generator.kind { return factor.exponent == half }
                return false
            })
        else { return nil }
        var radicand = root.coefficient * root.coefficient
        for factor in root.monomial.factors {
            if case .prime(let prime) = factor.generator.kind { radicand = radicand * Rational(prime) }
        }
        let square = plain * plain - radicand
        guard plain.signum > 0, square.signum > 0, let d = IntegerArithmetic.exactRoot(square) else { return nil }
        let first = try positivePower((plain + d) * half, half)
        let second = try positivePower((plain - d) * half, half)
        let value = root.coefficient.signum > 0 ? try add(first, second) : try subtract(first, second)
        return try power(value, exponent.machineFraction?.numerator ?? 1)
    }
}

extension Scalar {
    /// The positive rational that is divided out of a polynomial: what its coefficients have in common.
    var content: Rational {
        guard case .fraction(let numerator, _) = self, let first = numerator.terms.first else { return .one }
        var top = first.coefficient.numerator
        var bottom = first.coefficient.denominator
        for term in numerator.terms.dropFirst() {
            top = top.greatestCommonDivisor(with: term.coefficient.numerator)
            bottom =
                bottom / bottom.greatestCommonDivisor(with: term.coefficient.denominator) * term.coefficient.denominator
        }
        return Rational(abs(top), bottom) ?? .one
    }

    /// No i occurs in it, nor anything that may be complex.
    var isReal: Bool {
        allGenerators { generator in
            switch generator.kind {
            case .variable, .symbolic, .prime, .pi: true
            case .imaginary, .unity: false
            case .exponential(let inner), .largePower(let inner): inner.isReal
            case .logarithm(let inner):
                inner.rationalValue.map { $0.signum > 0 } ?? false
            case .power(let inner): inner.isConstant && inner.isReal
            case .call(let function, let arguments):
                arguments.allSatisfy(\.isReal) && function != .arcsin && function != .arccos
            }
        }
    }
}

extension Monomial {
    /// One generator's power, reduced.
    static func reduced(_ generator: Generator, _ exponent: Rational) -> (monomial: Monomial, coefficient: Rational) {
        Monomial(generator, -exponent).inverse
    }
}
