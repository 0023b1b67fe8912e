import BigInt

/// Whether an answer is written in the form that was asked for.
struct FormPredicate {
    let form: MathematicsPolicy.Form

    func check(_ expression: MathExpression) throws(AnswerProblem) {
        let isFine: Bool
        let expected: String
        switch form {
        case .any: return
        case .reducedFraction: (isFine, expected) = (Self.isReducedFraction(expression), "a fraction in lowest terms")
        case .expanded: (isFine, expected) = (Self.isExpanded(expression), "a sum of products without brackets")
        case .factored: (isFine, expected) = (Self.isFactored(expression), "a product of factors")
        case .decimal: (isFine, expected) = (Self.isDecimal(expression), "a decimal number")
        case .integer: (isFine, expected) = (Self.integer(expression) != nil, "an integer")
        }
        guard isFine else { throw .refused("expected \(expected), found another form") }
    }

    private static func value(_ expression: MathExpression) -> MathExpression {
        if case .relation(_, let links) = expression, let last = links.last { return last.right }
        return expression
    }

    private static func integer(_ expression: MathExpression) -> BigInt? {
        switch value(expression) {
        case .number(let number): return number.isInteger ? number.numerator : nil
        case .product(let parts) where parts.count == 2 && parts[0] == .number(-1): return integer(parts[1]).map { -$0 }
        default: return nil
        }
    }

    private static func isReducedFraction(_ expression: MathExpression) -> Bool {
        let expression = value(expression)
        if integer(expression) != nil { return true }
        guard case .product(let parts) = expression else { return false }
        if parts.count >= 2, parts[0] == .number(-1) {
            return isReducedFraction(parts.count == 2 ? parts[1] : .product(Array(parts.dropFirst())))
        }
        guard parts.count == 2, let top = integer(parts[0]), case .power(let base, .number(-1)) = parts[1],
            let bottom = integer(base), bottom > 1
        else { return false }
        return top.greatestCommonDivisor(with: bottom) == 1
    }

    private static func isDecimal(_ expression: MathExpression) -> Bool {
        switch value(expression) {
        case .number: true
        case .product(let parts): parts.count == 2 && parts[0] == .number(-1) && isDecimal(parts[1])
        case .measured(let inner, _), .percent(let inner): isDecimal(inner)
        default: false
        }
    }

    private static func isExpanded(_ expression: MathExpression) -> Bool {
        func isFree(_ part: MathExpression) -> Bool {
            switch part {
            case .sum: return false
            case .product(let parts): return parts.allSatisfy(isFree)
            case .power(.sum(let parts), .number(-1)): return parts.allSatisfy(isFree)
            case .power(let base, _): return isFree(base)
            default: return true
            }
        }
        if case .sum(let parts) = value(expression) { return parts.allSatisfy(isFree) }
        return isFree(value(expression))
    }

    private static func isFactored(_ expression: MathExpression) -> Bool {
        if case .sum = value(expression) { return false }
        return true
    }
}
