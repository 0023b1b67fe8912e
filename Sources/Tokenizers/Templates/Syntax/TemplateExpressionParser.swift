/// Reads the expressions of a template, with the precedence of Jinja's grammar.
struct TemplateExpressionParser {
    private static let heightLimit = 150

    private let tokens: [TemplateToken]
    var position = 0
    private var depth = 0

    init(_ tokens: [TemplateToken]) { self.tokens = tokens }

    // MARK: Tokens

    var current: TemplateToken { tokens[min(position, tokens.count - 1)] }

    var following: TemplateToken { tokens[min(position + 1, tokens.count - 1)] }

    mutating func advance() { position += 1 }

    func failure(_ message: String, _ kind: TemplateError.Kind = .syntax) -> TemplateError {
        TemplateError(kind: kind, line: current.line, message: message)
    }

    @discardableResult
    mutating func skip(_ symbol: String) -> Bool {
        guard current.kind == .symbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func skip(word: String) -> Bool {
        guard current.kind == .name(word) else { return false }
        advance()
        return true
    }

    mutating func expect(_ kind: TemplateToken.Kind) throws(TemplateError) {
        guard current.kind == kind else {
            let expected = TemplateToken(kind: kind, line: 0).spelling
            throw failure("expected `\(expected)`, found `\(current.spelling)`")
        }
        advance()
    }

    mutating func name() throws(TemplateError) -> String {
        guard case .name(let name) = current.kind else {
            throw failure("expected a name, found `\(current.spelling)`")
        }
        advance()
        return name
    }

    func isSymbol(_ symbols: String...) -> Bool {
        if case .symbol(let symbol) = current.kind { symbols.contains(symbol) } else { false }
    }

    // MARK: Nodes

    func node(
        _ kind: TemplateExpression.Kind, _ line: Int, over children: [TemplateExpression]
    ) throws(TemplateError) -> TemplateExpression {
        let height = 1 + (children.lazy.map(\.height).max() ?? 0)
        if height > Self.heightLimit {
            throw failure("more than \(Self.heightLimit) expressions within one another", .budget)
        }
        return TemplateExpression(kind: kind, line: line, height: height)
    }

    mutating func expression(withConditional: Bool = true) throws(TemplateError) -> TemplateExpression {
        depth += 1
        defer { depth -= 1 }
        if depth > 40 { throw failure("more than 40 expressions within one another", .budget) }
        return withConditional ? try conditional() : try disjunction()
    }

    /// An expression, or several with commas between them.
    mutating func tupleOrExpression(
        withConditional: Bool = true, end: String? = nil, isParenthesized: Bool = false
    ) throws(TemplateError) -> TemplateExpression {
        let line = current.line
        var elements: [TemplateExpression] = []
        var isTuple = false
        while true {
            if !elements.isEmpty { try expect(.symbol(",")) }
            if isTupleEnd(end) { break }
            elements.append(try expression(withConditional: withConditional))
            guard isSymbol(",") else { break }
            isTuple = true
        }
        if !isTuple {
            if let first = elements.first { return first }
            if !isParenthesized { throw failure("expected an expression, found `\(current.spelling)`") }
        }
        return try node(.tuple(elements), line, over: elements)
    }

    private func isTupleEnd(_ word: String?) -> Bool {
        switch current.kind {
        case .variableEnd, .blockEnd, .symbol(")"): true
        case .name(let name): name == word
        default: false
        }
    }

    private mutating func conditional() throws(TemplateError) -> TemplateExpression {
        var result = try disjunction()
        while current.kind == .name("if") {
            let line = current.line
            advance()
            let test = try disjunction()
            let otherwise = skip(word: "else") ? try expression() : nil
            result = try node(
                .conditional(test: test, then: result, else: otherwise), line,
                over: [test, result] + (otherwise.map { [$0] } ?? []))
        }
        return result
    }

    private mutating func disjunction() throws(TemplateError) -> TemplateExpression {
        let line = current.line
        var operands = [try conjunction()]
        while skip(word: "or") { operands.append(try conjunction()) }
        return operands.count == 1 ? operands[0] : try node(.or(operands), line, over: operands)
    }

    private mutating func conjunction() throws(TemplateError) -> TemplateExpression {
        let line = current.line
        var operands = [try negation()]
        while skip(word: "and") { operands.append(try negation()) }
        return operands.count == 1 ? operands[0] : try node(.and(operands), line, over: operands)
    }

    mutating func negation() throws(TemplateError) -> TemplateExpression {
        let line = current.line
        var count = 0
        while skip(word: "not") { count += 1 }
        var result = try comparison()
        // `not not x` is a boolean, so two more change nothing.
        for _ in 0..<(count > 2 ? 2 - count % 2 : count) { result = try node(.negation(result), line, over: [result]) }
        return result
    }

    private mutating func comparison() throws(TemplateError) -> TemplateExpression {
        let line = current.line
        let first = try sum()
        var steps: [TemplateExpression.ComparisonStep] = []
        while let operation = comparisonOperator() { steps.append(.init(operation: operation, operand: try sum())) }
        return steps.isEmpty
            ? first : try node(.comparison(first, steps), line, over: [first] + steps.map(\.operand))
    }

    /// Takes the operator.
    private mutating func comparisonOperator() -> ComparisonOperator? {
        switch current.kind {
        case .symbol(let symbol):
            guard let operation = ComparisonOperator(rawValue: symbol) else { return nil }
            advance()
            return operation
        case .name("in"):
            advance()
            return .contained
        case .name("not") where following.kind == .name("in"):
            advance()
            advance()
            return .notContained
        default: return nil
        }
    }

    private mutating func sum() throws(TemplateError) -> TemplateExpression {
        let line = current.line
        let first = try concatenation()
        var steps: [TemplateExpression.ArithmeticStep] = []
        while isSymbol("+", "-") {
            steps.append(try step { (parser) throws(TemplateError) in try parser.concatenation() })
        }
        return try arithmetic(first, steps, line)
    }

    private mutating func concatenation() throws(TemplateError) -> TemplateExpression {
        let line = current.line
        var operands = [try product()]
        while skip("~") { operands.append(try product()) }
        return operands.count == 1 ? operands[0] : try node(.concatenation(operands), line, over: operands)
    }

    private mutating func product() throws(TemplateError) -> TemplateExpression {
        let line = current.line
        let first = try power()
        var steps: [TemplateExpression.ArithmeticStep] = []
        while isSymbol("*", "/", "//", "%") {
            steps.append(try step { (parser) throws(TemplateError) in try parser.power() })
        }
        return try arithmetic(first, steps, line)
    }

    private mutating func power() throws(TemplateError) -> TemplateExpression {
        let line = current.line
        let first = try unary()
        var steps: [TemplateExpression.ArithmeticStep] = []
        while isSymbol("**") { steps.append(try step { (parser) throws(TemplateError) in try parser.unary() }) }
        return try arithmetic(first, steps, line)
    }

    private mutating func step(
        _ operand: (inout Self) throws(TemplateError) -> TemplateExpression
    ) throws(TemplateError) -> TemplateExpression.ArithmeticStep {
        guard case .symbol(let symbol) = current.kind, let operation = ArithmeticOperator(rawValue: symbol) else {
            throw failure("expected an operator, found `\(current.spelling)`")
        }
        advance()
        return .init(operation: operation, operand: try operand(&self))
    }

    private func arithmetic(
        _ first: TemplateExpression, _ steps: [TemplateExpression.ArithmeticStep], _ line: Int
    ) throws(TemplateError) -> TemplateExpression {
        steps.isEmpty ? first : try node(.arithmetic(first, steps), line, over: [first] + steps.map(\.operand))
    }

    private mutating func unary(withFilter: Bool = true) throws(TemplateError) -> TemplateExpression {
        depth += 1
        defer { depth -= 1 }
        if depth > 80 { throw failure("more than 80 expressions within one another", .budget) }
        let line = current.line
        var result: TemplateExpression
        if skip("-") {
            let operand = try unary(withFilter: false)
            result = try node(.minus(operand), line, over: [operand])
        } else if skip("+") {
            let operand = try unary(withFilter: false)
            result = try node(.plus(operand), line, over: [operand])
        } else {
            result = try primary()
        }
        result = try postfix(result)
        return withFilter ? try filters(result) : result
    }

    // MARK: Targets

    /// What is assigned to: a name, an attribute of a namespace, or several of these.
    mutating func target(end: String? = nil, withNamespace: Bool = false) throws(TemplateError) -> TemplateTarget {
        var targets: [TemplateTarget] = []
        var isTuple = false
        while true {
            if !targets.isEmpty { try expect(.symbol(",")) }
            if isTupleEnd(end) || isSymbol("=") { break }
            targets.append(try singleTarget(withNamespace))
            guard isSymbol(",") else { break }
            isTuple = true
        }
        guard let first = targets.first else { throw failure("expected a name, found `\(current.spelling)`") }
        return isTuple ? .tuple(targets) : first
    }

    private mutating func singleTarget(_ withNamespace: Bool) throws(TemplateError) -> TemplateTarget {
        depth += 1
        defer { depth -= 1 }
        if depth > 40 { throw failure("more than 40 names within one another", .budget) }
        if skip("(") {
            let result = try target(withNamespace: withNamespace)
            try expect(.symbol(")"))
            return result
        }
        let name = try name()
        if ["true", "false", "none", "True", "False", "None"].contains(name) {
            throw failure("`\(name)` cannot be assigned to")
        }
        if withNamespace, skip(".") { return .namespace(name, attribute: try self.name()) }
        return .name(name)
    }
}
