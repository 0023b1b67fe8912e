import BigInt

/// Deciding whether scalars are zero, positive or equal.
extension Algebra {
    static let usualBits = 320
    static let raisedBits = 1280

    /// The sign of a real constant; `nil` where the constant is not real.
    mutating func sign(_ value: Scalar) throws(AnswerProblem) -> Int? {
        if case .rational(let number) = value { return number.signum }
        for bits in [128, Self.raisedBits] {
            try work.spend(bits * 4)
            guard let ball = Evaluator(bits: bits).value(of: value) else { break }
            if let side = ball.re.sign, side != 0, ball.im.containsZero { return side }
            if !ball.im.containsZero { return nil }
            if bits == 128, try isZero(value) { return 0 }
        }
        throw .undecided("the sign of a constant")
    }

    /// Whether a constant is zero.
    mutating func isZero(_ value: Scalar) throws(AnswerProblem) -> Bool { try zeroTest(value).isEqual }

    /// The same with the ground on which it was decided.
    mutating func zeroTest(_ value: Scalar) throws(AnswerProblem) -> Comparison {
        if case .rational(let number) = value { return Comparison(isEqual: number.isZero, guarantee: .exact) }
        if value.denominator.isOne, isIndependentOverRationals(value.numerator) {
            return Comparison(isEqual: false, guarantee: .exact)
        }
        try work.spend(2048)
        guard let rough = Evaluator(bits: 192).value(of: value) else {
            throw .undecided("a constant that could not be evaluated")
        }
        if !rough.containsZero { return Comparison(isEqual: false, guarantee: .exact) }
        if value.isAlgebraic {
            guard let needed = SeparationBound.bits(value), needed < BallArithmetic.greatestBits - 512 else {
                throw .undecided("an algebraic number whose separation bound is too small to reach")
            }
            try work.spend(needed * 16)
            guard let fine = Evaluator(bits: needed + 96).value(of: value) else {
                throw .undecided("a constant that could not be evaluated")
            }
            if !fine.containsZero { return Comparison(isEqual: false, guarantee: .exact) }
            let limit = BigInt(1) << 94
            guard fine.re.upperMagnitude < limit, fine.im.upperMagnitude < limit else {
                throw .undecided("an algebraic number that could not be evaluated closely enough")
            }
            return Comparison(isEqual: true, guarantee: .separationBound)
        }
        if try isZeroCombination(value, rough) { return Comparison(isEqual: true, guarantee: .separationBound) }
        try work.spend(Self.raisedBits * 8)
        guard let fine = Evaluator(bits: Self.raisedBits).value(of: value), !fine.containsZero else {
            throw .undecided("two constants that agree to \(Self.raisedBits) bits and have no proof of equality")
        }
        return Comparison(isEqual: false, guarantee: .exact)
    }

    /// Products of roots of different primes are linearly independent over the rational numbers (Besicovitch), and i is
    /// independent of them; so are the powers of one transcendental number.
    private func isIndependentOverRationals(_ polynomial: Polynomial) -> Bool {
        polynomial.allGenerators { generator in
            switch generator.kind {
            case .prime, .imaginary, .pi: true
            default: false
            }
        }
    }

    /// Sums of logarithms of algebraic numbers, or of arcus functions of them with π, with rational coefficients: the
    /// exponential of a multiple is algebraic, and is one exactly where a small sum is zero.
    private mutating func isZeroCombination(_ value: Scalar, _ rough: ComplexBall) throws(AnswerProblem) -> Bool {
        guard let polynomial = value.polynomial, polynomial.terms.count <= 8 else { return false }
        var denominator = 1
        for term in polynomial.terms {
            guard let fraction = term.coefficient.machineFraction, abs(fraction.numerator) < 64,
                fraction.denominator < 64,
                term.monomial.factors.count == 1, term.monomial.factors[0].exponent == .one
            else { return false }
            denominator = Int(
                IntegerArithmetic.leastCommonMultiple(Rational(denominator), Rational(fraction.denominator)).numerator)
        }
        guard denominator <= 64 else { return false }
        var product = Scalar.one
        var isAngle: Bool?
        for term in polynomial.terms {
            guard let count = (term.coefficient * Rational(denominator)).machineInteger else { return false }
            let (factor, angle): (Scalar, Bool)
            switch term.monomial.factors[0].generator.kind {
            case .logarithm(let argument) where argument.isAlgebraic && argument.isReal:
                (factor, angle) = (argument, false)
            case .pi: (factor, angle) = (Scalar(-1), true)
            case .call(.arctan, let arguments) where arguments[0].isAlgebraic && arguments[0].isReal:
                (factor, angle) = (try add(.one, multiply(.i, arguments[0])), true)
            case .call(.arcsin, let arguments) where arguments[0].isAlgebraic && arguments[0].isReal:
                let rest = try subtract(.one, multiply(arguments[0], arguments[0]))
                guard let side = try sign(rest), side >= 0 else { return false }
                (factor, angle) = (try add(rationalPower(rest, half), multiply(.i, arguments[0])), true)
            default: return false
            }
            guard isAngle == nil || isAngle == angle else { return false }
            isAngle = angle
            product = try multiply(product, power(factor, count))
        }
        if isAngle == false { return try isZero(subtract(product, .one)) }
        guard let (re, im) = try realAndImaginary(product), let side = try sign(re) else { return false }
        return side > 0 ? try isZero(im) : false
    }

    // MARK: Equality

    mutating func compare(_ left: Scalar, _ right: Scalar) throws(AnswerProblem) -> Comparison {
        if case .rational(let a) = left, case .rational(let b) = right {
            return Comparison(isEqual: a == b, guarantee: .exact)
        }
        if left == right { return Comparison(isEqual: true, guarantee: .exact) }
        if left.isConstant, right.isConstant { return try zeroTest(subtract(left, right)) }
        return try compareFunctions(left, right)
    }

    private mutating func compareFunctions(_ left: Scalar, _ right: Scalar) throws(AnswerProblem) -> Comparison {
        let difference = try subtract(left, right)
        if difference.isZero { return Comparison(isEqual: true, guarantee: .exact) }
        if difference.isConstant { return try zeroTest(difference) }
        let numerator = difference.numerator
        let isRational = numerator.allGenerators { generator in
            switch generator.kind {
            case .variable, .symbolic, .prime, .imaginary, .pi: true
            default: false
            }
        }
        if isRational { return Comparison(isEqual: false, guarantee: .exact) }
        if let vanishes = ModularFingerprint.vanishes(numerator), vanishes {
            return Comparison(isEqual: true, guarantee: .probability(bits: 128))
        }
        return try sample(left, right) { (_, _) in true }
    }

    /// Compares values at the sample points: unequal bounds are a proof, and bounds that overlap at every point of the
    /// common domain are an identity up to the stated probability.
    mutating func sample(
        _ left: Scalar, _ right: Scalar, using accept: (Evaluator, ComplexBall) -> Bool
    ) throws(AnswerProblem) -> Comparison {
        var (agreeing, outside, outsideDiffers) = (0, 0, false)
        let isComplex = !left.mayBeReal || !right.mayBeReal
        for point in SamplePoint.all {
            try work.spend(4096)
            let evaluator = Evaluator(bits: Self.usualBits, point: point)
            guard let a = evaluator.value(of: left), let b = evaluator.value(of: right) else { continue }
            let difference = a - b
            let isOutside = evaluator.leftTheReals && !isComplex
            if !difference.containsZero {
                if !isOutside { return Comparison(isEqual: false, guarantee: .exact) }
                outsideDiffers = true
                continue
            }
            let size = max(a.re.upperMagnitude + a.im.upperMagnitude, evaluator.arithmetic.unit)
            guard difference.re.rad + difference.im.rad < size >> 128 else { continue }
            if isOutside { outside += 1 } else { agreeing += 1 }
            if agreeing == 4 { break }
        }
        if agreeing > 0 { return Comparison(isEqual: true, guarantee: .probability(bits: 48 * agreeing)) }
        if outside > 1, !outsideDiffers {
            return Comparison(isEqual: true, guarantee: .probability(bits: 48 * outside))
        }
        if outsideDiffers { return Comparison(isEqual: false, guarantee: .exact) }
        throw .undecided("two expressions that could not be evaluated where both are defined")
    }
}

extension Scalar {
    /// i does not occur outside of the exponentials that sine and cosine are made of.
    var mayBeReal: Bool { !hasExplicitImaginary }

    private var hasExplicitImaginary: Bool {
        guard case .fraction(let numerator, let denominator) = self else { return false }
        func has(_ polynomial: Polynomial) -> Bool {
            var (imaginary, exponential) = (false, false)
            for term in polynomial.terms {
                for factor in term.monomial.factors {
                    switch factor.generator.kind {
                    case .imaginary: imaginary = true
                    case .exponential(let inner) where !inner.isReal: exponential = true
                    default: break
                    }
                }
            }
            return imaginary && !exponential
        }
        return has(numerator) || has(denominator)
    }
}
