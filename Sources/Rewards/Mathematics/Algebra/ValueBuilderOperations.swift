import BigInt

extension ValueBuilder {
    private static let termLimit = 2000

    /// A sum, product, integral, limit or derivative: computed where that is elementary, else kept by its form.
    mutating func operation(
        _ operation: MathOperation, _ body: MathExpression, _ variable: MathExpression?, _ from: MathExpression?,
        _ to: MathExpression?
    ) throws(AnswerProblem) -> Scalar {
        if case .symbol(let name)? = variable {
            if operation == .sum || operation == .product, let from, let to,
                !from.isInfinite, !to.isInfinite,
                let result = try finite(operation, body, name, scalar(from), scalar(to))
            {
                return result
            }
            if operation == .integral, let from, let to, !from.isInfinite, !to.isInfinite,
                let result = try integral(body, name, scalar(from), scalar(to))
            {
                return result
            }
        }
        isUnfinished = true
        return Scalar(.symbolic(try form(operation, body, variable, from, to)))
    }

    private mutating func finite(
        _ operation: MathOperation, _ body: MathExpression, _ name: String, _ from: Scalar, _ to: Scalar
    ) throws(AnswerProblem) -> Scalar? {
        guard let first = from.rationalValue?.machineInteger, let last = to.rationalValue?.machineInteger else {
            return nil
        }
        guard first <= last else { return operation == .sum ? .zero : .one }
        let (count, overflow) = last.subtractingReportingOverflow(first)
        guard !overflow, count < Self.termLimit else {
            throw .overBudget("a sum or product of more than \(Self.termLimit) terms")
        }
        var result = operation == .sum ? Scalar.zero : .one
        for k in first...last {
            try algebra.work.spend(16)
            let term = try scalar(body.substituting(name, .number(Rational(k))))
            result = try operation == .sum ? algebra.add(result, term) : algebra.multiply(result, term)
        }
        return result
    }

    /// The integral of a sum of powers of the variable.
    private mutating func integral(
        _ body: MathExpression, _ name: String, _ from: Scalar, _ to: Scalar
    ) throws(AnswerProblem) -> Scalar? {
        let integrand = try scalar(body)
        guard let polynomial = integrand.polynomial else { return nil }
        let variable = Generator.variable(name)
        var total = Scalar.zero
        for term in polynomial.terms {
            let exponent = term.monomial.exponent(of: variable)
            let rest = term.monomial.without(variable)
            guard exponent.signum >= 0, exponent.isInteger, rest.factors.allSatisfy({ !$0.generator.contains(name) }),
                let coefficient = term.coefficient / (exponent + 1)
            else { return nil }
            let upper = try algebra.power(to, .rational(exponent + 1))
            let lower = try algebra.power(from, .rational(exponent + 1))
            let part = try algebra.multiply(
                Scalar(Polynomial(rest, coefficient)), algebra.subtract(upper, lower))
            total = try algebra.add(total, part)
        }
        return total
    }

    /// The operation with its body in canonical form; a bound variable is named by its depth.
    private mutating func form(
        _ operation: MathOperation, _ body: MathExpression, _ variable: MathExpression?, _ from: MathExpression?,
        _ to: MathExpression?
    ) throws(AnswerProblem) -> String {
        // SymPy writes a limit from above and one from both sides alike.
        let isMerged = operation == .limitFromAbove && policy.goldSyntax == .sympy
        var parts = [isMerged ? MathOperation.limit.rawValue : operation.rawValue]
        var body = body
        while case .set(let inner) = body, inner.count == 1 { body = inner[0] }
        let isBound: Bool
        switch operation {
        case .sum, .product, .limit, .limitFromAbove, .limitFromBelow: isBound = true
        case .integral: isBound = from != nil || to != nil
        case .derivative: isBound = false
        }
        if isBound, case .symbol(let name)? = variable {
            body = body.substituting(name, .symbol("•\(depth)"))
        } else if let variable {
            parts.append(try value(variable).text)
        }
        if let from { parts.append("from " + (try value(from).text)) }
        if let to { parts.append("to " + (try value(to).text)) }
        depth += 1
        defer { depth -= 1 }
        parts.append(try value(body).text)
        return parts.joined(separator: ";")
    }
}
