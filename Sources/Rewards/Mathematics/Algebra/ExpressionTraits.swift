/// What is known of an expression from one walk over it.
struct ExpressionTraits {
    private(set) var hasPlusMinus = false
    private var symbols = 0
    private(set) var operators: OperatorUse = []

    init(_ expression: MathExpression) {
        visit(expression)
        if Self.isLeftOpen(expression) { operators.insert(.arithmeticLeftOpen) }
    }

    /// `40+2`, `6\cdot 7`, `2^3\cdot 3`; not `-5`, `3/4` or `3\times 10^5`, which are ways to write one number.
    private static func isLeftOpen(_ expression: MathExpression) -> Bool {
        switch expression {
        case .sum(let parts): return parts.count > 1 && parts.allSatisfy(isPlainNumber)
        case .product(let parts):
            let factors = parts.filter { $0 != .number(-1) && !isReciprocal($0) && !isPowerOfTen($0) }
            return factors.count > 1 && parts.allSatisfy(isPlainNumber)
        default: return false
        }
    }

    private static func isPlainNumber(_ expression: MathExpression) -> Bool {
        switch expression {
        case .number: true
        case .power(let base, let exponent): isPlainNumber(base) && isPlainNumber(exponent)
        case .product(let parts): parts.allSatisfy(isPlainNumber)
        default: false
        }
    }

    private static func isReciprocal(_ expression: MathExpression) -> Bool {
        if case .power(_, .number(-1)) = expression { true } else { false }
    }

    private static func isPowerOfTen(_ expression: MathExpression) -> Bool {
        if case .power(.number(10), _) = expression { true } else { false }
    }

    private mutating func visit(_ expression: MathExpression) {
        switch expression {
        case .symbol: symbols += 1
        case .number, .constant, .text, .namedSet, .numeral: break
        case .sum(let parts), .product(let parts), .application(_, let parts), .tuple(let parts), .set(let parts),
            .list(let parts), .setOperation(_, let parts), .ratio(let parts):
            for part in parts { visit(part) }
        case .call(let function, let parts):
            let known = symbols
            for part in parts { visit(part) }
            // `n!` and `\binom{n}{2}` are results where n is not known.
            let isOpen = symbols > known && [.factorial, .binomial, .permutations].contains(function)
            if !isOpen { operators.formUnion(OperatorUse(function)) }
        case .power(let left, let right), .membership(let left, let right, _):
            visit(left)
            visit(right)
        case .plusMinus(let inner):
            hasPlusMinus = true
            visit(inner)
        case .percent(let inner), .degrees(let inner), .measured(let inner, _): visit(inner)
        case .operation(_, let body, _, let from, let to):
            operators.insert(.evaluation)
            visit(body)
            if let from { visit(from) }
            if let to { visit(to) }
        case .relation(let first, let links):
            visit(first)
            for link in links { visit(link.right) }
        case .interval(let lower, _, let upper, _):
            visit(lower)
            visit(upper)
        case .matrix(let rows): for row in rows { for part in row { visit(part) } }
        }
    }
}
