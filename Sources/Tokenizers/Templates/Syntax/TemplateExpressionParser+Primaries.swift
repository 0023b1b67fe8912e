/// Names, literals, calls, subscripts, filters and tests.
extension TemplateExpressionParser {
    // MARK: Primaries

    mutating func primary() throws(TemplateError) -> TemplateExpression {
        let line = current.line
        func literal(_ value: TemplateLiteral) throws(TemplateError) -> TemplateExpression {
            try node(.literal(value), line, over: [])
        }
        switch current.kind {
        case .name(let name):
            advance()
            switch name {
            case "true", "True": return try literal(.bool(true))
            case "false", "False": return try literal(.bool(false))
            case "none", "None": return try literal(.none)
            default: return try node(.name(name), line, over: [])
            }
        case .string:
            var scalars: [Unicode.Scalar] = []
            while case .string(let part) = current.kind {
                scalars += part
                advance()
            }
            return try literal(.text(TemplateText(scalars, .template)))
        case .integer(let value):
            advance()
            return try literal(.integer(value))
        case .float(let value):
            advance()
            return try literal(.float(value))
        case .symbol("("):
            advance()
            let result = try tupleOrExpression(isParenthesized: true)
            try expect(.symbol(")"))
            return result
        case .symbol("["):
            advance()
            let elements = try list(until: "]")
            return try node(.list(elements), line, over: elements)
        case .symbol("{"):
            advance()
            return try dictionary(line)
        default: throw failure("unexpected `\(current.spelling)`")
        }
    }

    private mutating func list(until end: String) throws(TemplateError) -> [TemplateExpression] {
        var elements: [TemplateExpression] = []
        while !isSymbol(end) {
            if !elements.isEmpty { try expect(.symbol(",")) }
            if isSymbol(end) { break }
            elements.append(try expression())
        }
        try expect(.symbol(end))
        return elements
    }

    private mutating func dictionary(_ line: Int) throws(TemplateError) -> TemplateExpression {
        var pairs: [TemplateExpression.Pair] = []
        while !isSymbol("}") {
            if !pairs.isEmpty { try expect(.symbol(",")) }
            if isSymbol("}") { break }
            let key = try expression()
            try expect(.symbol(":"))
            pairs.append(.init(key: key, value: try expression()))
        }
        try expect(.symbol("}"))
        return try node(.dictionary(pairs), line, over: pairs.flatMap { [$0.key, $0.value] })
    }

    mutating func postfix(_ operand: TemplateExpression) throws(TemplateError) -> TemplateExpression {
        var result = operand
        while true {
            let line = current.line
            if skip(".") {
                if case .integer(let index) = current.kind {
                    advance()
                    let key = try node(.literal(.integer(index)), line, over: [])
                    result = try node(.item(result, key), line, over: [result])
                } else {
                    result = try node(.attribute(result, try name()), line, over: [result])
                }
            } else if skip("[") {
                result = try subscripted(result, line)
            } else if isSymbol("(") {
                result = try called(result, line)
            } else {
                return result
            }
        }
    }

    private mutating func called(
        _ function: TemplateExpression, _ line: Int
    ) throws(TemplateError) -> TemplateExpression {
        let arguments = try callArguments()
        return try node(.call(function, arguments), line, over: [function] + arguments.expressions)
    }

    private mutating func subscripted(
        _ operand: TemplateExpression, _ line: Int
    ) throws(TemplateError) -> TemplateExpression {
        var bounds: [TemplateExpression?] = [nil]
        if !isSymbol(":") { bounds[0] = try expression() }
        while skip(":") {
            if bounds.count == 3 { throw failure("a slice with more than three parts") }
            bounds.append(isSymbol(":", "]", ",") ? nil : try expression())
        }
        if bounds.count == 1, let first = bounds[0], isSymbol(",") {
            var elements = [first]
            while skip(",") {
                if isSymbol("]") { break }
                elements.append(try expression())
            }
            try expect(.symbol("]"))
            let key = try node(.tuple(elements), line, over: elements)
            return try node(.item(operand, key), line, over: [operand, key])
        }
        if isSymbol(",") { throw failure("a slice among several subscripts", .unsupported) }
        try expect(.symbol("]"))
        if bounds.count == 1, let key = bounds[0] { return try node(.item(operand, key), line, over: [operand, key]) }
        let stride = bounds.count == 3 ? bounds[2] : nil
        return try node(
            .slice(operand, bounds[0], bounds[1], stride), line, over: [operand] + bounds.compactMap { $0 })
    }

    mutating func callArguments() throws(TemplateError) -> TemplateExpression.CallArguments {
        var arguments = TemplateExpression.CallArguments()
        var isFirst = true
        try expect(.symbol("("))
        while !isSymbol(")") {
            if !isFirst {
                try expect(.symbol(","))
                if isSymbol(")") { break }
            }
            isFirst = false
            if isSymbol("*"), arguments.spread == nil, arguments.namedSpread == nil {
                advance()
                arguments.spread = try expression()
            } else if isSymbol("**"), arguments.namedSpread == nil {
                advance()
                arguments.namedSpread = try expression()
            } else if case .name(let name) = current.kind, following.kind == .symbol("="),
                arguments.namedSpread == nil
            {
                advance()
                advance()
                if arguments.named.contains(where: { $0.name == name }) {
                    throw failure("the argument `\(name)` twice")
                }
                arguments.named.append(.init(name: name, value: try expression()))
            } else if arguments.named.isEmpty, arguments.spread == nil, arguments.namedSpread == nil {
                arguments.positional.append(try expression())
            } else {
                throw failure("an argument by position after one by name")
            }
        }
        try expect(.symbol(")"))
        return arguments
    }

    // MARK: Filters and tests

    mutating func filters(_ operand: TemplateExpression) throws(TemplateError) -> TemplateExpression {
        var result = operand
        while true {
            let line = current.line
            if skip("|") {
                result = try filter(result)
            } else if current.kind == .name("is") {
                advance()
                result = try test(result, line)
            } else if isSymbol("(") {
                result = try called(result, line)
            } else {
                return result
            }
        }
    }

    private mutating func filter(_ operand: TemplateExpression?) throws(TemplateError) -> TemplateExpression {
        let line = current.line
        let name = try name()
        guard let filter = TemplateFilter(rawValue: name) else {
            throw TemplateError(kind: .unsupported, line: line, message: "the filter `\(name)`")
        }
        let arguments = isSymbol("(") ? try callArguments() : .init()
        return try node(
            .filter(operand, filter, arguments), line, over: (operand.map { [$0] } ?? []) + arguments.expressions)
    }

    /// `upper | trim` of `{% filter upper | trim %}`.
    mutating func filterWithoutOperand() throws(TemplateError) -> TemplateExpression {
        var result = try filter(nil)
        while skip("|") { result = try filter(result) }
        return result
    }

    /// `| upper | trim` of `{% set name | upper | trim %}`.
    mutating func filtersWithoutOperand() throws(TemplateError) -> TemplateExpression? {
        skip("|") ? try filterWithoutOperand() : nil
    }

    mutating func test(_ operand: TemplateExpression, _ line: Int) throws(TemplateError) -> TemplateExpression {
        let isNegated = skip(word: "not")
        let name = try name()
        guard let test = TemplateTest(name) else {
            throw TemplateError(kind: .unsupported, line: line, message: "the test `\(name)`")
        }
        var arguments = TemplateExpression.CallArguments()
        if isSymbol("(") {
            arguments = try callArguments()
        } else if beginsArgument {
            if current.kind == .name("is") { throw failure("tests cannot be chained") }
            arguments.positional = [try postfix(try primary())]
        }
        let result = try node(.test(operand, test, arguments), line, over: [operand] + arguments.expressions)
        return isNegated ? try node(.negation(result), line, over: [result]) : result
    }

    private var beginsArgument: Bool {
        switch current.kind {
        case .name(let name): !["else", "or", "and"].contains(name)
        case .string, .integer, .float, .symbol("["), .symbol("{"): true
        default: false
        }
    }
}
