import BigInt

extension Algebra {
    // MARK: Exponentials and logarithms

    /// `e^argument`: a product of powers of `e^term`, of roots of unity and of the values of logarithms.
    mutating func exponential(_ argument: Scalar) throws(AnswerProblem) -> Scalar {
        if argument.isZero { return .one }
        var result = Scalar.one
        for term in argument.numerator.terms {
            result = try multiply(result, exponential(term, over: argument.denominator))
        }
        return result
    }

    private mutating func exponential(
        _ term: Polynomial.Term, over denominator: Polynomial
    ) throws(AnswerProblem) -> Scalar {
        let factors = term.monomial.factors
        if denominator.isOne {
            if factors.count == 1, factors[0].exponent == .one,
                case .logarithm(let value) = factors[0].generator.kind
            {
                return try power(value, .rational(term.coefficient))
            }
            if factors.count == 2, factors.allSatisfy({ $0.exponent == .one }),
                case .imaginary = factors[0].generator.kind,
                case .pi = factors[1].generator.kind
            {
                return try RootsOfUnity.value(term.coefficient)
            }
        }
        let unit = try fraction(Polynomial(term.monomial), denominator)
        return Scalar(Polynomial(Monomial(.exponential(unit), term.coefficient)))
    }

    mutating func logarithm(_ value: Scalar) throws(AnswerProblem) -> Scalar {
        if case .rational(let number) = value {
            if number.isZero { throw .undecided("the logarithm of zero") }
            if number.signum < 0 {
                return try add(logarithm(value.negated), multiply(.i, .pi))
            }
            var sum = Polynomial.zero
            for (prime, count) in try factored(number) {
                sum = sum + Polynomial(Monomial(.logarithm(.rational(Rational(prime)))), Rational(count))
            }
            return Scalar(sum)
        }
        if let polynomial = value.polynomial, polynomial.terms.count == 1,
            let result = try termLogarithm(polynomial.terms[0])
        {
            return result
        }
        if value.isConstant, value.isReal, let side = try sign(value), side < 0 {
            return try add(logarithm(value.negated), multiply(.i, .pi))
        }
        return Scalar(.logarithm(value))
    }

    private mutating func termLogarithm(_ term: Polynomial.Term) throws(AnswerProblem) -> Scalar? {
        guard term.coefficient.signum > 0 else { return nil }
        var sum = try logarithm(.rational(term.coefficient))
        var others = 0
        for factor in term.monomial.factors {
            let part: Scalar
            switch factor.generator.kind {
            case .prime(let prime): part = try logarithm(.rational(Rational(prime)))
            case .pi: part = Scalar(.logarithm(.pi))
            case .imaginary where term.monomial.factors.count == 1:
                part = try multiply(.i, multiply(.pi, .rational(Rational(1, 2) ?? .one)))
            case .exponential(let argument) where argument.isReal: part = argument
            case .variable, .symbolic, .power:
                guard factor.exponent.signum > 0, factor.exponent <= 1 else { return nil }
                others += 1
                part = Scalar(.logarithm(Scalar(factor.generator)))
            default: return nil
            }
            sum = try add(sum, multiply(.rational(factor.exponent), part))
        }
        return others <= 1 ? sum : nil
    }

    // MARK: Trigonometry

    /// Sine and cosine from `e^{ix}`.
    private mutating func circle(_ argument: Scalar) throws(AnswerProblem) -> (sine: Scalar, cosine: Scalar) {
        let positive = try exponential(multiply(.i, argument))
        let negative = try reciprocal(positive)
        let half = Scalar.rational(Rational(1, 2) ?? .one)
        let sine = try multiply(multiply(subtract(positive, negative), half), Scalar.i.negated)
        return (sine, try multiply(add(positive, negative), half))
    }

    private mutating func hyperbola(_ argument: Scalar) throws(AnswerProblem) -> (sine: Scalar, cosine: Scalar) {
        let positive = try exponential(argument)
        let negative = try reciprocal(positive)
        let half = Scalar.rational(Rational(1, 2) ?? .one)
        return (
            try multiply(subtract(positive, negative), half), try multiply(add(positive, negative), half)
        )
    }

    /// A function of one argument; `nil` where the function has no value of this kind.
    mutating func call(_ function: MathFunction, _ argument: Scalar) throws(AnswerProblem) -> Scalar {
        switch function {
        case .sin: return try circle(argument).sine
        case .cos: return try circle(argument).cosine
        case .tan:
            let (sine, cosine) = try circle(argument)
            return try divide(sine, cosine)
        case .cot:
            let (sine, cosine) = try circle(argument)
            return try divide(cosine, sine)
        case .sec: return try reciprocal(circle(argument).cosine)
        case .csc: return try reciprocal(circle(argument).sine)
        case .sinh: return try hyperbola(argument).sine
        case .cosh: return try hyperbola(argument).cosine
        case .tanh:
            let (sine, cosine) = try hyperbola(argument)
            return try divide(sine, cosine)
        case .coth:
            let (sine, cosine) = try hyperbola(argument)
            return try divide(cosine, sine)
        case .sech: return try reciprocal(hyperbola(argument).cosine)
        case .csch: return try reciprocal(hyperbola(argument).sine)
        case .arcsec: return try call(.arccos, reciprocal(argument))
        case .arccsc: return try call(.arcsin, reciprocal(argument))
        case .arccot: return try subtract(quarterTurn(), call(.arctan, argument))
        case .arccos: return try subtract(quarterTurn(), call(.arcsin, argument))
        case .arcsin, .arctan: return try inverseTrigonometric(function, argument)
        case .arsinh:
            return try logarithm(add(argument, rationalPower(add(multiply(argument, argument), .one), half)))
        case .arcosh:
            return try logarithm(
                add(argument, rationalPower(subtract(multiply(argument, argument), .one), half)))
        case .artanh:
            let quotient = try divide(add(.one, argument), subtract(.one, argument))
            return try multiply(.rational(half), logarithm(quotient))
        case .exp: return try exponential(argument)
        case .ln: return try logarithm(argument)
        case .abs: return try absolute(argument)
        case .floor, .ceiling: return try rounded(argument, up: function == .ceiling)
        case .sign:
            if argument.isConstant, let side = try sign(argument) { return Scalar(side) }
            return Scalar(.call(function, [argument]))
        case .factorial, .doubleFactorial:
            guard let value = argument.rationalValue, value.isInteger, value.signum >= 0 else {
                return function == .factorial ? try factorial(argument) : Scalar(.call(function, [argument]))
            }
            guard let n = value.machineInteger else { throw .overBudget("a factorial has too many digits") }
            let step = function == .factorial ? 1 : 2
            return .rational(Rational(try IntegerArithmetic.factorial(n, step: step, work: &work)))
        case .re, .im, .conjugate, .arg: return try complexPart(function, argument)
        default: return Scalar(.call(function, [argument]))
        }
    }

    var half: Rational { Rational(1, 2) ?? .one }

    private mutating func quarterTurn() throws(AnswerProblem) -> Scalar { try multiply(.pi, .rational(half)) }

    /// Odd functions take the sign out; at constants, a rational multiple of π is found by its size and then proved.
    private mutating func inverseTrigonometric(
        _ function: MathFunction, _ argument: Scalar
    ) throws(AnswerProblem) -> Scalar {
        if argument.isZero { return .zero }
        if let leading = argument.numerator.terms.first, leading.coefficient.signum < 0 {
            return try inverseTrigonometric(function, argument.negated).negated
        }
        let plain = Scalar(.call(function, [argument]))
        guard argument.isConstant, argument.isReal,
            let value = Evaluator(bits: 128).value(of: plain), value.isReal
        else { return plain }
        let arithmetic = BallArithmetic(bits: 128)
        guard let inverse = arithmetic.inverse(arithmetic.pi) else { return plain }
        let turns = arithmetic.multiply(value.re, inverse)
        for denominator in [1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 18, 20, 24, 30, 36] {
            let scaled = turns.mid * BigInt(denominator)
            let nearest = (scaled + arithmetic.unit / 2 * (scaled < 0 ? -1 : 1)) / arithmetic.unit
            guard abs(scaled - nearest * arithmetic.unit) < arithmetic.unit >> 80,
                let numerator = Int(exactly: nearest), let fraction = Rational(BigInt(numerator), BigInt(denominator))
            else { continue }
            let candidate = try multiply(.pi, .rational(fraction))
            let image = try call(function == .arcsin ? .sin : .tan, candidate)
            if try isZero(subtract(image, argument)) { return candidate }
        }
        return plain
    }

    private mutating func absolute(_ argument: Scalar) throws(AnswerProblem) -> Scalar {
        if case .rational(let value) = argument { return .rational(value.magnitude) }
        if argument.isConstant {
            if argument.isReal {
                guard let side = try sign(argument) else { throw .undecided("the sign of a constant") }
                return side < 0 ? argument.negated : argument
            }
            let parts = try realAndImaginary(argument)
            if let (re, im) = parts {
                return try rationalPower(add(multiply(re, re), multiply(im, im)), half)
            }
            return Scalar(.call(.abs, [argument]))
        }
        if let polynomial = argument.polynomial, polynomial.terms.count == 1 {
            let term = polynomial.terms[0]
            var result = Scalar.rational(term.coefficient.magnitude)
            for factor in term.monomial.factors {
                let part = Scalar(factor.generator)
                let isPositive = part.isConstant && part.isReal
                let size = isPositive ? part : Scalar(.call(.abs, [part]))
                result = try multiply(result, power(size, .rational(factor.exponent)))
            }
            return result
        }
        if let leading = argument.numerator.terms.first, leading.coefficient.signum < 0 {
            return Scalar(.call(.abs, [argument.negated]))
        }
        return Scalar(.call(.abs, [argument]))
    }

    private mutating func rounded(_ argument: Scalar, up: Bool) throws(AnswerProblem) -> Scalar {
        if case .rational(let value) = argument {
            return .rational(Rational(up ? -(-value).floor : value.floor))
        }
        guard argument.isConstant else { return Scalar(.call(up ? .ceiling : .floor, [argument])) }
        guard let value = Evaluator(bits: 512).value(of: argument), value.im.containsZero else {
            throw .undecided("the integer part of a constant")
        }
        let unit = BallArithmetic(bits: 512).unit
        let low = Rational(value.re.mid - value.re.rad, unit) ?? .zero
        let high = Rational(value.re.mid + value.re.rad, unit) ?? .zero
        if low.floor == high.floor, Rational(low.floor) != low {
            return .rational(Rational(up ? low.floor + 1 : low.floor))
        }
        let whole = Rational(high.floor)
        if try isZero(subtract(argument, .rational(whole))) { return .rational(whole) }
        throw .undecided("the integer part of a constant")
    }

    /// Real and imaginary part where the scalar is a polynomial in real generators and i.
    mutating func realAndImaginary(_ value: Scalar) throws(AnswerProblem) -> (Scalar, Scalar)? {
        if value.isReal { return (value, .zero) }
        guard let polynomial = value.polynomial else { return nil }
        var (re, im): ([Polynomial.Term], [Polynomial.Term]) = ([], [])
        for term in polynomial.terms {
            let rest = term.monomial.without(.imaginary)
            guard Scalar(Polynomial(rest)).isReal else { return nil }
            if rest.factors.count == term.monomial.factors.count {
                re.append(term)
            } else {
                im.append(Polynomial.Term(monomial: rest, coefficient: term.coefficient))
            }
        }
        return (Scalar(Polynomial(sum: re)), Scalar(Polynomial(sum: im)))
    }

    private mutating func complexPart(_ function: MathFunction, _ argument: Scalar) throws(AnswerProblem) -> Scalar {
        guard argument.isConstant, let (re, im) = try realAndImaginary(argument) else {
            return Scalar(.call(function, [argument]))
        }
        switch function {
        case .re: return re
        case .im: return im
        case .conjugate: return try subtract(re, multiply(.i, im))
        default:
            guard let across = try sign(re), let upward = try sign(im) else {
                throw .undecided("the sign of a constant")
            }
            if across == 0 { return try multiply(.rational(half * Rational(upward)), .pi) }
            let angle = try call(.arctan, divide(im, re))
            return across > 0 ? angle : try add(angle, upward < 0 ? Scalar.pi.negated : .pi)
        }
    }
}
