/// What is known of an expression from one walk over it.
struct ExpressionTraits {
    private(set) var hasPlusMinus = false
    private var symbols = 0
    private(set) var operators: OperatorUse = []

    init(_ expression: MathExpression) { visit(expression) }

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
