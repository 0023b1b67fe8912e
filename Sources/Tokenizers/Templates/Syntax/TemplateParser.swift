/// Reads the statements of a template; ``TemplateExpressionParser`` reads their expressions.
struct TemplateParser {
    private var expressions: TemplateExpressionParser
    private var frameCount = 1
    private var depth = 0
    /// Loops around the statement within the same macro, for `break` and `continue`.
    private var loopDepth = 0

    /// The whole template as the block of frame 0, and the number of frames.
    static func parse(_ source: String) throws(TemplateError) -> (block: TemplateBlock, frameCount: Int) {
        var parser = TemplateParser(expressions: TemplateExpressionParser(try TemplateLexer.tokens(of: source)))
        let statements = try parser.statements(until: [], of: "")
        return (TemplateBlock(frame: 0, statements: statements), parser.frameCount)
    }

    private init(expressions: TemplateExpressionParser) { self.expressions = expressions }

    /// Reads up to `{%` and one of the words, which is taken.
    private mutating func statements(
        until ends: [String], of construct: String
    ) throws(TemplateError) -> [TemplateStatement] {
        depth += 1
        defer { depth -= 1 }
        if depth > 60 { throw expressions.failure("more than 60 statements within one another", .budget) }
        var result: [TemplateStatement] = []
        while true {
            let line = expressions.current.line
            switch expressions.current.kind {
            case .data(let scalars):
                expressions.advance()
                result.append(TemplateStatement(kind: .data(TemplateText(scalars, .template)), line: line))
            case .variableBegin:
                expressions.advance()
                let value = try expressions.tupleOrExpression()
                try expressions.expect(.variableEnd)
                result.append(TemplateStatement(kind: .output(value), line: line))
            case .blockBegin:
                expressions.advance()
                if case .name(let word) = expressions.current.kind, ends.contains(word) { return result }
                result += try statement()
                try expressions.expect(.blockEnd)
            default:
                if ends.isEmpty { return result }
                throw expressions.failure("`\(construct)` without its end `\(ends[ends.count - 1])`")
            }
        }
    }

    /// The body of a construct, its end taken; returns the word that ended it.
    private mutating func body(
        _ construct: String, until ends: String...
    ) throws(TemplateError) -> (statements: [TemplateStatement], end: String) {
        expressions.skip(":")
        try expressions.expect(.blockEnd)
        let statements = try statements(until: ends, of: construct)
        return (statements, try expressions.name())
    }

    private mutating func block(_ statements: [TemplateStatement]) -> TemplateBlock {
        defer { frameCount += 1 }
        return TemplateBlock(frame: frameCount, statements: statements)
    }

    private mutating func statement() throws(TemplateError) -> [TemplateStatement] {
        let line = expressions.current.line
        let word = try expressions.name()
        let kind: TemplateStatement.Kind
        switch word {
        case "for": kind = try loop()
        case "if": kind = try conditional()
        case "set": kind = try assignment()
        case "macro": kind = try macro()
        case "call": kind = try call()
        case "filter":
            let filter = try expressions.filterWithoutOperand()
            kind = .filter(filter, block(try body("filter", until: "endfilter").statements))
        case "with": kind = try with()
        case "print":
            var result: [TemplateStatement] = []
            while expressions.current.kind != .blockEnd {
                if !result.isEmpty { try expressions.expect(.symbol(",")) }
                result.append(TemplateStatement(kind: .output(try expressions.expression()), line: line))
            }
            return result
        case "generation":
            let loops = loopDepth
            loopDepth = 0
            kind = .generation(block(try body("generation", until: "endgeneration").statements))
            loopDepth = loops
        case "break", "continue":
            if loopDepth == 0 { throw expressions.failure("`\(word)` outside of a loop") }
            kind = word == "break" ? .breakLoop : .continueLoop
        case "block", "extends", "include", "import", "from", "autoescape", "do", "trans", "debug":
            throw TemplateError(kind: .unsupported, line: line, message: "the statement `\(word)`")
        default: throw TemplateError(kind: .syntax, line: line, message: "unknown statement `\(word)`")
        }
        return [TemplateStatement(kind: kind, line: line)]
    }

    private mutating func loop() throws(TemplateError) -> TemplateStatement.Kind {
        let target = try expressions.target(end: "in")
        try expressions.expect(.name("in"))
        let sequence = try expressions.tupleOrExpression(withConditional: false, end: "recursive")
        var filter: TemplateExpression?
        if expressions.skip(word: "if") { filter = try expressions.expression() }
        if expressions.skip(word: "recursive") {
            throw expressions.failure("a recursive loop", .unsupported)
        }
        loopDepth += 1
        let (statements, end) = try body("for", until: "else", "endfor")
        loopDepth -= 1
        let loopBody = block(statements)
        let otherwise = block(end == "else" ? try body("for", until: "endfor").statements : [])
        return .loop(.init(target: target, sequence: sequence, filter: filter, body: loopBody, otherwise: otherwise))
    }

    private mutating func conditional() throws(TemplateError) -> TemplateStatement.Kind {
        var branches: [TemplateStatement.Branch] = []
        while true {
            let test = try expressions.tupleOrExpression(withConditional: false)
            let (statements, end) = try body("if", until: "elif", "else", "endif")
            branches.append(.init(test: test, body: statements))
            switch end {
            case "elif": continue
            case "else": return .branches(branches, otherwise: try body("if", until: "endif").statements)
            default: return .branches(branches, otherwise: [])
            }
        }
    }

    private mutating func assignment() throws(TemplateError) -> TemplateStatement.Kind {
        let target = try expressions.target(withNamespace: true)
        if expressions.skip("=") { return .assignment(target, try expressions.tupleOrExpression()) }
        let filter = try expressions.filtersWithoutOperand()
        return .captured(target, filter: filter, block(try body("set", until: "endset").statements))
    }

    private mutating func macro() throws(TemplateError) -> TemplateStatement.Kind {
        let name = try expressions.name()
        return .macro(try macro(name, parameters: try parameters(), end: "endmacro"))
    }

    private mutating func macro(
        _ name: String, parameters: [TemplateStatement.Macro.Parameter], end: String
    ) throws(TemplateError) -> TemplateStatement.Macro {
        let loops = loopDepth
        loopDepth = 0
        defer { loopDepth = loops }
        let statements = try body(name, until: end).statements
        var macro = TemplateStatement.Macro(name: name, parameters: parameters, body: block(statements))
        let used = TemplateNames.namesRead(in: macro)
        macro.implicitNames = Set(["caller", "varargs", "kwargs"]).intersection(used)
        return macro
    }

    private mutating func parameters() throws(TemplateError) -> [TemplateStatement.Macro.Parameter] {
        var parameters: [TemplateStatement.Macro.Parameter] = []
        try expressions.expect(.symbol("("))
        while !expressions.skip(")") {
            if !parameters.isEmpty { try expressions.expect(.symbol(",")) }
            let name = try expressions.name()
            var defaultValue: TemplateExpression?
            if expressions.skip("=") {
                defaultValue = try expressions.expression()
            } else if parameters.last?.defaultValue != nil {
                throw expressions.failure("a parameter without a default after one with a default")
            }
            if parameters.contains(where: { $0.name == name }) {
                throw expressions.failure("the parameter `\(name)` twice")
            }
            parameters.append(.init(name: name, defaultValue: defaultValue))
        }
        return parameters
    }

    private mutating func call() throws(TemplateError) -> TemplateStatement.Kind {
        let parameters = expressions.current.kind == .symbol("(") ? try parameters() : []
        let called = try expressions.expression()
        guard case .call = called.kind else { throw expressions.failure("`call` of something that is no call") }
        return .call(called, try macro("caller", parameters: parameters, end: "endcall"))
    }

    private mutating func with() throws(TemplateError) -> TemplateStatement.Kind {
        var targets: [TemplateTarget] = []
        var values: [TemplateExpression] = []
        while expressions.current.kind != .blockEnd {
            if !targets.isEmpty { try expressions.expect(.symbol(",")) }
            targets.append(try expressions.target())
            try expressions.expect(.symbol("="))
            values.append(try expressions.expression())
        }
        return .with(targets, values, block(try body("with", until: "endwith").statements))
    }
}
