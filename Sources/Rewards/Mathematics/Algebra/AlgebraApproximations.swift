import BigInt

/// Equalities that a policy allows beyond equality of values.
extension Algebra {
    /// Whether one side is a decimal with at least so many places and is the other side, rounded to its places.
    mutating func areRounded(_ left: Scalar, _ right: Scalar, _ places: Int) throws(AnswerProblem) -> Bool {
        for (decimal, exact) in [(left, right), (right, left)] {
            guard let value = decimal.rationalValue, let shown = Self.decimalPlaces(value), shown >= places,
                exact.isConstant, exact.isReal
            else { continue }
            let unit = Rational.powerOfTen(-shown) * half
            if let other = exact.rationalValue {
                if (other - value).magnitude <= unit { return true }
            } else {
                try work.spend(2048)
                let evaluator = Evaluator(bits: Self.usualBits)
                guard let ball = evaluator.value(of: exact), ball.im.containsZero else { continue }
                let distance = ball.re - evaluator.arithmetic.ball(value)
                if (evaluator.arithmetic.ball(unit).mid - abs(distance.mid)) > distance.rad + 1 { return true }
            }
        }
        return false
    }

    /// The places of a finite decimal that is not an integer.
    private static func decimalPlaces(_ value: Rational) -> Int? {
        guard !value.isInteger else { return nil }
        var rest = value.denominator
        var (twos, fives) = (0, 0)
        guard rest.bitWidth < 400 else { return nil }
        while rest.isMultiple(of: 2) {
            rest /= 2
            twos += 1
        }
        while rest.isMultiple(of: 5) {
            rest /= 5
            fives += 1
        }
        return rest == 1 ? Swift.max(twos, fives) : nil
    }

    /// Whether two antiderivatives differ by a constant.
    mutating func compareUpToConstant(_ left: Scalar, _ right: Scalar) throws(AnswerProblem) -> Comparison {
        let difference = try subtract(left, right)
        if difference.isConstant { return Comparison(isEqual: true, guarantee: .exact) }
        return try sampleConstant(difference) { $0 }
    }

    /// Whether two expressions are multiples of each other by a constant, positive where the relation has a direction.
    mutating func compareUpToFactor(
        _ left: Scalar, _ right: Scalar, isPositive: Bool
    ) throws(AnswerProblem) -> Comparison {
        guard !right.isZero else { return Comparison(isEqual: left.isZero, guarantee: .exact) }
        let quotient = try divide(left, right)
        if quotient.isConstant {
            let side = isPositive ? try sign(quotient) : 1
            return Comparison(isEqual: side == 1, guarantee: .exact)
        }
        return try sampleConstant(quotient) { value in
            isPositive && value.re.sign != 1 ? nil : value
        }
    }

    /// Whether a scalar has the same value at all sample points of its domain.
    private mutating func sampleConstant(
        _ scalar: Scalar, _ check: (ComplexBall) -> ComplexBall?
    ) throws(AnswerProblem) -> Comparison {
        var first: ComplexBall?
        var agreeing = 0
        for point in SamplePoint.all {
            try work.spend(4096)
            let evaluator = Evaluator(bits: Self.usualBits, point: point)
            guard let value = evaluator.value(of: scalar), !evaluator.leftTheReals else { continue }
            guard let value = check(value) else { return Comparison(isEqual: false, guarantee: .exact) }
            guard let known = first else {
                first = value
                continue
            }
            let difference = value - known
            guard difference.containsZero else { return Comparison(isEqual: false, guarantee: .exact) }
            if difference.re.rad + difference.im.rad < evaluator.arithmetic.unit >> 128 { agreeing += 1 }
        }
        guard agreeing > 0 else {
            throw .undecided("two expressions that could not be evaluated where both are defined")
        }
        return Comparison(isEqual: true, guarantee: .probability(bits: 48 * agreeing))
    }
}
