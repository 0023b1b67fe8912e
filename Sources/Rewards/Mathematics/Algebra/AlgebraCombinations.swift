import BigInt

/// Functions of several arguments.
extension Algebra {
    mutating func binary(
        _ function: MathFunction, _ first: Scalar, _ second: Scalar
    ) throws(AnswerProblem) -> Scalar {
        switch function {
        case .log: return try divide(logarithm(first), logarithm(second))
        case .root: return try root(first, second)
        case .mod: return try remainder(first, second)
        default: return try choices(function, first, second)
        }
    }

    /// An odd root of a negative number is the negative one.
    private mutating func root(_ value: Scalar, _ degree: Scalar) throws(AnswerProblem) -> Scalar {
        let exponent = try reciprocal(degree)
        if let count = degree.rationalValue?.machineInteger, count % 2 != 0, value.isConstant, value.isReal,
            let side = try sign(value), side < 0
        {
            return try power(value.negated, exponent).negated
        }
        return try power(value, exponent)
    }

    /// With the sign of the modulus.
    private mutating func remainder(_ value: Scalar, _ modulus: Scalar) throws(AnswerProblem) -> Scalar {
        guard value.isConstant, modulus.isConstant else { return Scalar(.call(.mod, [value, modulus])) }
        if modulus.isZero { throw .undecided("a division by zero") }
        let whole = try call(.floor, divide(value, modulus))
        return try subtract(value, multiply(modulus, whole))
    }

    private mutating func choices(
        _ function: MathFunction, _ n: Scalar, _ k: Scalar
    ) throws(AnswerProblem) -> Scalar {
        guard let top = n.rationalValue, let bottom = k.rationalValue, top.isInteger, bottom.isInteger else {
            return function == .binomial ? try binomial(n, k) : Scalar(.call(function, [n, k]))
        }
        if function == .binomial {
            return .rational(
                Rational(try IntegerArithmetic.binomial(top.numerator, bottom.numerator, work: &work)))
        }
        guard bottom.signum >= 0, let count = bottom.machineInteger else { return .zero }
        if top.signum >= 0, bottom > top { return .zero }
        return .rational(Rational(try IntegerArithmetic.fallingFactorial(top.numerator, count, work: &work)))
    }

    private static let writtenOut = 8

    /// `(n + 2)! = (n + 2)(n + 1) n!` and `(n - 1)! = n!/n`, so that factorials of one sequence share one factor.
    mutating func factorial(_ argument: Scalar) throws(AnswerProblem) -> Scalar {
        guard let shift = argument.polynomial?.terms.last(where: \.monomial.isOne)?.coefficient.machineInteger,
            shift != 0, abs(shift) <= Self.writtenOut, !argument.isConstant
        else { return Scalar(.call(.factorial, [argument])) }
        let base = try subtract(argument, Scalar(shift))
        var result = Scalar(.call(.factorial, [base]))
        for step in 0..<abs(shift) {
            if shift > 0 {
                result = try multiply(result, add(base, Scalar(step + 1)))
            } else {
                result = try divide(result, subtract(base, Scalar(step)))
            }
        }
        return result
    }

    /// A falling factorial over a factorial where the lower index, or its distance from the upper one, is a small number;
    /// a quotient of factorials otherwise.
    private mutating func binomial(_ n: Scalar, _ k: Scalar) throws(AnswerProblem) -> Scalar {
        let rest = try subtract(n, k)
        for count in [k, rest].compactMap({ $0.rationalValue?.machineInteger })
        where count >= 0 && count <= Self.writtenOut {
            var result = Scalar.one
            for step in 0..<count {
                result = try divide(multiply(result, subtract(n, Scalar(step))), Scalar(step + 1))
            }
            return result
        }
        guard !n.isConstant, !k.isConstant || k.rationalValue?.isInteger == true else {
            return Scalar(.call(.binomial, [n, k]))
        }
        return try divide(factorial(n), multiply(call(.factorial, k), call(.factorial, rest)))
    }

    mutating func combined(_ function: MathFunction, _ values: [Scalar]) throws(AnswerProblem) -> Scalar {
        guard let first = values.first else { throw .malformed("expected arguments of \(function.rawValue)") }
        let numbers = values.compactMap(\.rationalValue)
        if numbers.count == values.count {
            try work.spend(values.count)
            let start = numbers[0]
            switch function {
            case .max: return .rational(numbers.dropFirst().reduce(start) { Swift.max($0, $1) })
            case .min: return .rational(numbers.dropFirst().reduce(start) { Swift.min($0, $1) })
            case .gcd:
                return .rational(
                    numbers.dropFirst().reduce(start.magnitude, IntegerArithmetic.greatestCommonDivisor))
            default:
                var multiple = start.magnitude
                for number in numbers.dropFirst() {
                    multiple = IntegerArithmetic.leastCommonMultiple(multiple, number)
                    if multiple.bitWidth > work.limits.digits * 4 {
                        throw .overBudget("a least common multiple has too many digits")
                    }
                    try work.spend(1 + multiple.bitWidth / 64)
                }
                return .rational(multiple)
            }
        }
        switch function {
        case .max, .min: return try extreme(function, values)
        case .gcd:
            // What is not a rational number has no divisor in common with anything but itself.
            for value in values where value != first { return .one }
            return first
        default:
            // Over the rational numbers every constant divides a polynomial.
            let hasVariables = values.contains { !$0.isConstant }
            var (distinct, product): ([Scalar], Scalar) = ([], .one)
            for value in values where !distinct.contains(value) {
                distinct.append(value)
                let isUnit = value.rationalValue != nil && hasVariables
                let content = isUnit ? value.rationalValue ?? .one : value.isConstant ? .one : value.content
                product = try multiply(product, divide(value, .rational(content)))
            }
            return product
        }
    }

    /// Arguments that differ by a constant are compared; of the others the function is kept, in a fixed order.
    private mutating func extreme(_ function: MathFunction, _ values: [Scalar]) throws(AnswerProblem) -> Scalar {
        var kept: [Scalar] = []
        next: for value in values {
            for index in kept.indices {
                let difference = try subtract(value, kept[index])
                guard difference.isConstant, let side = try sign(difference) else { continue }
                if (side > 0) == (function == .max), side != 0 { kept[index] = value }
                continue next
            }
            kept.append(value)
        }
        return kept.count == 1 ? kept[0] : Scalar(.call(function, kept.sorted { $0.text < $1.text }))
    }
}
