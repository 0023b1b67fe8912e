/// The constructors that SymPy's `str` writes.
extension MathParser {
    mutating func construction() throws(AnswerProblem) -> MathExpression {
        try enter()
        defer { leave() }
        let constructor = SympyConstructor(rawValue: token.detail) ?? .transparent
        advance()
        let arguments = try argumentList()
        if let relation = Self.relation(constructor) {
            guard arguments.count == 2 else { throw malformed("two sides of a relation") }
            if relation == .equal, Self.isSet(arguments[1]) {
                return .membership(arguments[0], arguments[1], isNegated: false)
            }
            return .relation(arguments[0], [.init(relation: relation, right: arguments[1])])
        }
        switch constructor {
        case .interval, .openInterval, .leftOpenInterval, .rightOpenInterval:
            guard arguments.count == 2 || arguments.count == 4 else { throw malformed("two ends of an interval") }
            return .interval(
                lower: arguments[0],
                isLowerOpen: constructor == .openInterval || constructor == .leftOpenInterval
                    || arguments.count == 4 && arguments[2] == .symbol("True"),
                upper: arguments[1],
                isUpperOpen: constructor == .openInterval || constructor == .rightOpenInterval
                    || arguments.count == 4 && arguments[3] == .symbol("True"))
        case .finiteSet: return arguments.isEmpty ? .namedSet(.empty) : .set(arguments)
        case .union: return try combination(.union, arguments)
        case .intersection: return try combination(.intersection, arguments)
        case .complement: return try combination(.difference, arguments)
        case .symmetricDifference: return try combination(.symmetricDifference, arguments)
        case .contains:
            guard arguments.count == 2 else { throw malformed("an element and a set") }
            return .membership(arguments[0], arguments[1], isNegated: false)
        case .integral: return try bound(.integral, arguments)
        case .sum: return try bound(.sum, arguments)
        case .product: return try bound(.product, arguments)
        case .derivative: return try bound(.derivative, arguments)
        case .limit: return try limit(arguments)
        case .matrix: return try matrix(arguments)
        case .tuple: return .tuple(arguments)
        case .junction: return .list(arguments)
        case .transparent:
            guard arguments.count == 1 else { throw malformed("one argument") }
            return arguments[0]
        default: throw malformed("a constructor with a meaning")
        }
    }

    private static func relation(_ constructor: SympyConstructor) -> MathRelation? {
        switch constructor {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        default: nil
        }
    }

    private static func isSet(_ expression: MathExpression) -> Bool {
        switch expression {
        case .set, .interval, .setOperation, .namedSet: true
        default: false
        }
    }

    private func combination(
        _ operation: SetOperation, _ arguments: [MathExpression]
    ) throws(AnswerProblem) -> MathExpression {
        guard var result = arguments.first else { throw malformed("a set") }
        for argument in arguments.dropFirst() { result = Self.combine(operation, result, argument) }
        return result
    }

    /// `Integral(f, x)`, `Sum(f, (k, 1, n))`; more than one variable nests.
    private func bound(_ operation: MathOperation, _ arguments: [MathExpression]) throws(AnswerProblem)
        -> MathExpression
    {
        guard arguments.count >= 2, arguments.count <= 5 else { throw malformed("an expression and its variable") }
        var body = arguments[0]
        for range in arguments.dropFirst() {
            if case .tuple(let parts) = range, parts.count == 3 {
                body = .operation(operation, body: body, variable: parts[0], from: parts[1], to: parts[2])
            } else {
                body = .operation(operation, body: body, variable: range, from: nil, to: nil)
            }
        }
        return body
    }

    /// `Limit(f, x, a, dir='+')`. SymPy takes a limit from above where nothing is said, so that `+` says nothing.
    private func limit(_ arguments: [MathExpression]) throws(AnswerProblem) -> MathExpression {
        guard arguments.count == 3 || arguments.count == 4 else {
            throw malformed("an expression, a variable, a target")
        }
        var operation = MathOperation.limit
        if arguments.count == 4, case .relation(_, let links) = arguments[3], links.first?.right == .text("-") {
            operation = .limitFromBelow
        }
        return .operation(operation, body: arguments[0], variable: arguments[1], from: nil, to: arguments[2])
    }

    private func matrix(_ arguments: [MathExpression]) throws(AnswerProblem) -> MathExpression {
        guard arguments.count == 1, case .tuple(let rows) = arguments[0], !rows.isEmpty else {
            throw malformed("rows of a matrix")
        }
        var matrix: [[MathExpression]] = []
        for row in rows {
            if case .tuple(let cells) = row { matrix.append(cells) } else { matrix.append([row]) }
        }
        guard matrix.allSatisfy({ $0.count == matrix[0].count }), !matrix[0].isEmpty else {
            throw malformed("rows of one length")
        }
        return .matrix(matrix)
    }
}
