import BigInt

extension ValueBuilder {
    /// The scalar that an expression stands for.
    mutating func scalar(_ expression: MathExpression) throws(AnswerProblem) -> Scalar {
        try algebra.work.spend(1)
        switch expression {
        case .number(let number): return .rational(number)
        case .constant(let constant):
            switch constant {
            case .pi: return .pi
            case .e: return Scalar(.euler)
            case .i: return .i
            case .infinity, .complexInfinity: throw .undecided("arithmetic with infinity")
            }
        case .symbol(let name):
            if policy.hasConstantOfIntegration, Self.isConstantOfIntegration(name) { return .zero }
            return Scalar(.variable(name))
        case .text(let words): return Scalar(.symbolic(Self.word(words).text))
        case .sum(let parts):
            var sum = Scalar.zero
            for part in parts { sum = try algebra.add(sum, scalar(part)) }
            return sum
        case .product(let parts):
            var product = Scalar.one
            for part in parts { product = try algebra.multiply(product, scalar(part)) }
            return product
        case .power(let base, let exponent): return try power(base, exponent)
        case .call(let function, let arguments): return try call(function, arguments)
        case .application(let name, let arguments):
            if name == "Gamma" || name == "zeta" { isUnfinished = true }
            let texts = try values(arguments).map(\.text)
            return Scalar(.symbolic(name + "(" + texts.joined(separator: ",") + ")"))
        case .operation(let operation, let body, let variable, let from, let to):
            return try self.operation(operation, body, variable, from, to)
        case .percent(let inner): return try algebra.divide(scalar(inner), Scalar(100))
        case .degrees(let inner):
            let value = try scalar(inner)
            return isAngle
                ? try algebra.multiply(value, algebra.multiply(.pi, .rational(Rational(1, 180) ?? .one))) : value
        case .measured(let inner, let unit):
            let unit = Self.unit(unit)
            if unit == "degree" || unit == "°" { return try scalar(.degrees(inner)) }
            return try algebra.multiply(scalar(inner), Scalar(.symbolic("\"\(unit)\"")))
        case .numeral, .ratio:
            let value = try value(expression)
            if case .numeral(let scalar, _) = value.node { return scalar }
            if let scalar = value.scalar { return scalar }
            throw .undecided("arithmetic with a ratio")
        case .list(let parts), .set(let parts), .tuple(let parts):
            if parts.count == 1 { return try scalar(parts[0]) }
            throw .undecided("arithmetic with several values")
        case .plusMinus: throw .undecided("arithmetic with ±")
        case .matrix(let rows):
            if rows.count == 1, rows[0].count == 1 { return try scalar(rows[0][0]) }
            throw .undecided("arithmetic with a matrix")
        case .relation, .interval, .setOperation, .namedSet, .membership:
            throw .undecided("arithmetic with a statement or a set")
        }
    }

    static func isConstantOfIntegration(_ name: String) -> Bool {
        switch name {
        case "C", "c", "K", "k", "C_{0}", "C_{1}", "C_{2}", "c_{1}", "constant", "const": true
        default: false
        }
    }

    private mutating func power(_ base: MathExpression, _ exponent: MathExpression) throws(AnswerProblem) -> Scalar {
        if case .matrix = base { throw .undecided("a power of a matrix") }
        let raised = try scalar(exponent)
        return try algebra.power(scalar(base), raised)
    }

    private mutating func call(
        _ function: MathFunction, _ arguments: [MathExpression]
    ) throws(AnswerProblem) -> Scalar {
        switch function {
        case .sin, .cos, .tan, .sec, .csc, .cot:
            let outer = isAngle
            isAngle = true
            defer { isAngle = outer }
            return try algebra.call(function, scalar(single(arguments, function)))
        case .determinant:
            if case .matrix(let rows)? = arguments.first { return try determinant(rows) }
        case .trace:
            if case .matrix(let rows)? = arguments.first {
                var sum = Scalar.zero
                for (index, row) in rows.enumerated() where index < row.count {
                    sum = try algebra.add(sum, scalar(row[index]))
                }
                return sum
            }
        default: break
        }
        var values: [Scalar] = []
        for argument in arguments {
            if case .list(let parts) = argument {
                for part in parts { values.append(try scalar(part)) }
            } else if case .set(let parts) = argument {
                for part in parts { values.append(try scalar(part)) }
            } else {
                values.append(try scalar(argument))
            }
        }
        switch function {
        case .gcd, .lcm, .max, .min: return try algebra.combined(function, values)
        case .log, .root, .mod, .binomial, .permutations:
            guard values.count == 2 else {
                throw .malformed("expected two arguments of \(function.rawValue), found \(values.count)")
            }
            return try algebra.binary(function, values[0], values[1])
        case .argmax, .argmin, .transpose, .determinant, .trace: return Scalar(.call(function, values))
        default:
            guard values.count == 1 else {
                throw .malformed("expected one argument of \(function.rawValue), found \(values.count)")
            }
            return try algebra.call(function, values[0])
        }
    }

    private func single(
        _ arguments: [MathExpression], _ function: MathFunction
    ) throws(AnswerProblem) -> MathExpression {
        guard arguments.count == 1 else {
            throw .malformed("expected one argument of \(function.rawValue), found \(arguments.count)")
        }
        return arguments[0]
    }

    private mutating func determinant(_ rows: [[MathExpression]]) throws(AnswerProblem) -> Scalar {
        let size = rows.count
        guard size > 0, rows.allSatisfy({ $0.count == size }) else {
            throw .malformed("expected a square matrix, found \(size) rows")
        }
        if size == 1 { return try scalar(rows[0][0]) }
        guard size <= 5 else { throw .overBudget("a determinant of more than 5 rows") }
        var sum = Scalar.zero
        for column in 0..<size {
            let rest = rows.dropFirst().map { row in
                row.enumerated().filter { $0.offset != column }.map(\.element)
            }
            let part = try algebra.multiply(scalar(rows[0][column]), determinant(Array(rest)))
            sum = try column % 2 == 0 ? algebra.add(sum, part) : algebra.subtract(sum, part)
        }
        return sum
    }

    // MARK: Matrices

    /// Sums and multiples of matrices, and products of two; `nil` where there is no matrix in the expression.
    mutating func matrixValue(_ expression: MathExpression) throws(AnswerProblem) -> MathematicalValue? {
        switch expression {
        case .sum(let parts), .product(let parts):
            guard parts.contains(where: \.isMatrixTerm) else { return nil }
            return try matrix(of: expression).map { entries throws(AnswerProblem) in try wrapped(entries) }
        case .call(.transpose, let parts) where parts.count == 1 && parts[0].isMatrixTerm:
            return try matrix(of: expression).map { entries throws(AnswerProblem) in try wrapped(entries) }
        default: return nil
        }
    }

    private mutating func wrapped(_ entries: [[Scalar]]) throws(AnswerProblem) -> MathematicalValue {
        var rows: [[MathematicalValue]] = []
        for entry in entries {
            var row: [MathematicalValue] = []
            for scalar in entry { row.append(try wrap(scalar)) }
            rows.append(row)
        }
        return Self.matrix(rows)
    }

    private mutating func matrix(of expression: MathExpression) throws(AnswerProblem) -> [[Scalar]]? {
        switch expression {
        case .matrix(let rows):
            var entries: [[Scalar]] = []
            for row in rows {
                var line: [Scalar] = []
                for part in row { line.append(try scalar(part)) }
                entries.append(line)
            }
            return entries
        case .call(.transpose, let parts):
            guard let entries = try matrix(of: parts[0]), let width = entries.first?.count else { return nil }
            return (0..<width).map { column in entries.map { $0[column] } }
        case .sum(let parts):
            var sum: [[Scalar]]?
            for part in parts {
                guard let entries = try matrix(of: part) else { throw .undecided("a sum of a matrix and a number") }
                guard let known = sum else {
                    sum = entries
                    continue
                }
                guard known.count == entries.count, known.first?.count == entries.first?.count else {
                    throw .malformed("expected matrices of one size in a sum")
                }
                var total = known
                for row in known.indices {
                    for column in known[row].indices {
                        total[row][column] = try algebra.add(known[row][column], entries[row][column])
                    }
                }
                sum = total
            }
            return sum
        case .product(let parts):
            var factor = Scalar.one
            var product: [[Scalar]]?
            for part in parts {
                guard part.isMatrixTerm, let entries = try matrix(of: part) else {
                    factor = try algebra.multiply(factor, scalar(part))
                    continue
                }
                product = try product.map { known throws(AnswerProblem) in try multiplied(known, entries) } ?? entries
            }
            guard var result = product else { return nil }
            for row in result.indices {
                for column in result[row].indices {
                    result[row][column] = try algebra.multiply(factor, result[row][column])
                }
            }
            return result
        default: return nil
        }
    }

    private mutating func multiplied(
        _ left: [[Scalar]], _ right: [[Scalar]]
    ) throws(AnswerProblem) -> [[Scalar]] {
        guard let inner = left.first?.count, inner == right.count, let width = right.first?.count else {
            throw .malformed("expected matrices whose sizes fit in a product")
        }
        var product: [[Scalar]] = []
        for row in left {
            var line: [Scalar] = []
            for column in 0..<width {
                var sum = Scalar.zero
                for index in 0..<inner {
                    sum = try algebra.add(sum, algebra.multiply(row[index], right[index][column]))
                }
                line.append(sum)
            }
            product.append(line)
        }
        return product
    }
}

extension MathExpression {
    /// A matrix, or a sum or multiple of one.
    var isMatrixTerm: Bool {
        switch self {
        case .matrix: true
        case .sum(let parts), .product(let parts): parts.contains(where: \.isMatrixTerm)
        case .call(.transpose, let parts): parts.contains(where: \.isMatrixTerm)
        default: false
        }
    }
}
