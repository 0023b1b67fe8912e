import BigInt

/// Arithmetic on ``Scalar``s within a budget of work.
struct Algebra {
    var work: Work

    init(work: Work) { self.work = work }

    /// More terms than this are not written out.
    static let termLimit = 400

    mutating func add(_ left: Scalar, _ right: Scalar) throws(AnswerProblem) -> Scalar {
        if case .rational(let a) = left, case .rational(let b) = right {
            try check(a, b)
            return .rational(a.sum(with: b))
        }
        let (a, b) = (left.denominator, right.denominator)
        try work.spend(24 * (left.numerator.terms.count + right.numerator.terms.count))
        if a == b { return try fraction(left.numerator + right.numerator, a) }
        let numerator =
            try left.numerator.multiplied(by: b, work: &work)
            + right.numerator.multiplied(by: a, work: &work)
        return try fraction(numerator, a.multiplied(by: b, work: &work))
    }

    mutating func subtract(_ left: Scalar, _ right: Scalar) throws(AnswerProblem) -> Scalar {
        try add(left, right.negated)
    }

    mutating func multiply(_ left: Scalar, _ right: Scalar) throws(AnswerProblem) -> Scalar {
        if case .rational(let a) = left {
            if case .rational(let b) = right {
                try check(a, b)
                return .rational(a.product(with: b))
            }
            return scale(right, by: a)
        }
        if case .rational(let b) = right { return scale(left, by: b) }
        return try fraction(
            left.numerator.multiplied(by: right.numerator, work: &work),
            left.denominator.multiplied(by: right.denominator, work: &work))
    }

    mutating func divide(_ left: Scalar, _ right: Scalar) throws(AnswerProblem) -> Scalar {
        try multiply(left, reciprocal(right))
    }

    mutating func reciprocal(_ value: Scalar) throws(AnswerProblem) -> Scalar {
        if case .rational(let number) = value {
            guard let result = number.reciprocal else { throw .undecided("a division by zero") }
            return .rational(result)
        }
        if value.isConstant, try isZero(value) { throw .undecided("a division by zero") }
        return try fraction(value.denominator, value.numerator)
    }

    private func scale(_ value: Scalar, by factor: Rational) -> Scalar {
        guard case .fraction(let numerator, let denominator) = value, !factor.isZero else { return .zero }
        return .fraction(numerator.scaled(by: factor), denominator)
    }

    /// Bounds the digits of a result before it is computed.
    private mutating func check(_ left: Rational, _ right: Rational) throws(AnswerProblem) {
        let bits = left.bitWidth + right.bitWidth
        if bits > work.limits.digits * 7 {
            throw .overBudget("a number has more than \(work.limits.digits) digits")
        }
        try work.spend(left.cost(with: right))
    }

    // MARK: Normal form

    /// The quotient in normal form.
    mutating func fraction(_ numerator: Polynomial, _ denominator: Polynomial) throws(AnswerProblem) -> Scalar {
        if denominator.isZero { throw .undecided("a division by zero") }
        if numerator.isZero { return .zero }
        if needsReduction(numerator) || needsReduction(denominator) {
            return try divide(reduced(numerator), reduced(denominator))
        }
        if denominator.isOne { return Scalar(numerator) }
        if denominator.terms.count == 1 { return try divided(numerator, by: denominator.terms[0]) }
        if let (top, bottom) = try rationalised(numerator, denominator) { return try fraction(top, bottom) }
        return try monic(numerator, denominator)
    }

    private mutating func divided(_ numerator: Polynomial, by term: Polynomial.Term) throws(AnswerProblem) -> Scalar {
        guard let inverse = term.coefficient.reciprocal else { throw .undecided("a division by zero") }
        if term.monomial.isOne { return Scalar(numerator.scaled(by: inverse)) }
        let (monomial, coefficient) = term.monomial.inverse
        let factor = Polynomial(monomial, coefficient * inverse)
        return try fraction(numerator.multiplied(by: factor, work: &work), .one)
    }

    /// Divides common monomials and the leading coefficient out, and the whole denominator where it divides.
    private mutating func monic(_ numerator: Polynomial, _ denominator: Polynomial) throws(AnswerProblem) -> Scalar {
        var (numerator, denominator) = (numerator, denominator)
        let generators = denominator.generators
        for generator in generators {
            switch generator.kind {
            case .prime, .imaginary, .unity, .power: continue
            default: break
            }
            var least: Rational?
            for term in denominator.terms {
                let exponent = term.monomial.exponent(of: generator)
                least = least.map { min($0, exponent) } ?? exponent
            }
            guard let least, !least.isZero else { continue }
            let factor = Polynomial(Monomial(generator, -least))
            numerator = try numerator.multiplied(by: factor, work: &work)
            denominator = try denominator.multiplied(by: factor, work: &work)
        }
        if denominator.terms.count == 1 { return try divided(numerator, by: denominator.terms[0]) }
        guard let leading = denominator.terms[0].coefficient.reciprocal else { return .zero }
        numerator = numerator.scaled(by: leading)
        denominator = denominator.scaled(by: leading)
        if isPlain(denominator), isPlain(numerator),
            let quotient = try numerator.dividedExactly(by: denominator, work: &work)
        {
            return Scalar(quotient)
        }
        return .fraction(numerator, denominator)
    }

    private func isPlain(_ polynomial: Polynomial) -> Bool {
        polynomial.allGenerators { generator in
            switch generator.kind {
            case .variable, .pi, .symbolic, .logarithm, .exponential: true
            default: false
            }
        }
    }

    /// Frees the denominator of square roots of primes and of i by multiplying with conjugates.
    private mutating func rationalised(
        _ numerator: Polynomial, _ denominator: Polynomial
    ) throws(AnswerProblem) -> (Polynomial, Polynomial)? {
        guard denominator.isConstant else { return nil }
        let half = Rational(1, 2) ?? .one
        var generator: Generator?
        for term in denominator.terms {
            for factor in term.monomial.factors {
                switch factor.generator.kind {
                case .imaginary: generator = generator ?? factor.generator
                case .prime where factor.exponent == half: generator = generator ?? factor.generator
                default: return nil
                }
            }
        }
        guard let generator else { return nil }
        let conjugate = Polynomial(
            sum: denominator.terms.map { term in
                term.monomial.exponent(of: generator).isZero
                    ? term : Polynomial.Term(monomial: term.monomial, coefficient: -term.coefficient)
            })
        return (
            try numerator.multiplied(by: conjugate, work: &work),
            try denominator.multiplied(by: conjugate, work: &work)
        )
    }

    // MARK: Powers of roots

    private func needsReduction(_ polynomial: Polynomial) -> Bool {
        for term in polynomial.terms {
            for factor in term.monomial.factors where factor.generator.hasReduction && !isReduced(factor) {
                return true
            }
        }
        return false
    }

    private func isReduced(_ factor: Monomial.Factor) -> Bool {
        guard factor.exponent.signum > 0, factor.exponent < 1 else { return false }
        if case .unity = factor.generator.kind {
            guard let denominator = factor.exponent.machineFraction?.denominator else { return true }
            return !RootsOfUnity.areRadical(denominator)
        }
        return true
    }

    private mutating func reduced(_ polynomial: Polynomial) throws(AnswerProblem) -> Scalar {
        var plain: [Polynomial.Term] = []
        var sum = Scalar.zero
        for term in polynomial.terms {
            var rest = Scalar.one
            var monomial = term.monomial
            for factor in term.monomial.factors where factor.generator.hasReduction && !isReduced(factor) {
                monomial = monomial.without(factor.generator)
                rest = try multiply(rest, reduced(factor))
            }
            if rest == .one {
                plain.append(term)
            } else {
                sum = try add(sum, multiply(rest, Scalar(Polynomial(monomial, term.coefficient))))
            }
        }
        return try add(sum, Scalar(Polynomial(sum: plain)))
    }

    private mutating func reduced(_ factor: Monomial.Factor) throws(AnswerProblem) -> Scalar {
        switch factor.generator.kind {
        case .unity: return try RootsOfUnity.value(factor.exponent)
        case .power(let base):
            let whole = factor.exponent.floor
            let rest = factor.exponent - Rational(whole)
            guard let count = Int(exactly: whole) else { throw .overBudget("an exponent is too great") }
            let root = rest.isZero ? Scalar.one : Scalar(factor.generator, rest)
            return try multiply(power(base, count), root)
        default: return Scalar(factor.generator, factor.exponent)
        }
    }
}

/// `e^{iπq}` in square roots where that is short.
enum RootsOfUnity {
    static func areRadical(_ denominator: Int) -> Bool { denominator <= 6 && denominator != 5 || denominator == 12 }

    static func value(_ exponent: Rational) throws(AnswerProblem) -> Scalar {
        let turns = exponent - Rational(2) * Rational((exponent * (Rational(1, 2) ?? .one)).floor)
        if turns >= 1 { return try value(turns - 1).negated }
        guard !turns.isZero else { return .one }
        guard let (numerator, denominator) = turns.machineFraction, areRadical(denominator) else {
            return Scalar(.unity, turns)
        }
        let angle = numerator * (12 / denominator)
        let (cosine, sine) = (cosine(angle), cosine(abs(6 - angle)))
        return Scalar(
            cosine
                + Polynomial(
                    sum: sine.terms.map { term in
                        let (monomial, coefficient) = term.monomial.multiplied(by: Monomial(.imaginary))
                        return Polynomial.Term(monomial: monomial, coefficient: term.coefficient * coefficient)
                    }))
    }

    /// The cosine of a number of twelfths of π from 0 to 12.
    private static func cosine(_ twelfths: Int) -> Polynomial {
        if twelfths > 6 { return -cosine(12 - twelfths) }
        let half = Rational(1, 2) ?? .one
        let quarter = Rational(1, 4) ?? .one
        let (two, three) = (Generator.prime(2), Generator.prime(3))
        let rootOfTwo = Polynomial(Monomial(two, half), quarter)
        let rootOfSix = Polynomial(
            Monomial(factors: [.init(generator: two, exponent: half), .init(generator: three, exponent: half)]), quarter
        )
        switch twelfths {
        case 0: return .one
        case 1: return rootOfSix + rootOfTwo
        case 2: return Polynomial(Monomial(three, half), half)
        case 3: return Polynomial(Monomial(two, half), half)
        case 4: return Polynomial(half)
        case 5: return rootOfSix - rootOfTwo
        default: return .zero
        }
    }
}
