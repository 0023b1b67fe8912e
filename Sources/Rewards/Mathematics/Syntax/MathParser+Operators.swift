/// Sums, products, integrals, limits and derivatives.
extension MathParser {
    /// `\sum_{k=1}^{n} …`, `\prod`, `\int_a^b … dx`.
    mutating func bigOperator() throws(AnswerProblem) -> MathExpression {
        try enter()
        defer { leave() }
        let operation = MathLexicon.bigOperators[Int(token.detail)]
        advance()
        var lower: MathExpression?
        var upper: MathExpression?
        let wasIndexI = isIndexI
        defer { isIndexI = wasIndexI }
        while kind == .power || kind == .subscripted {
            let isUpper = kind == .power
            guard (isUpper ? upper : lower) == nil else { throw malformed("one limit on each side") }
            advance()
            if isUpper {
                upper = try script()
            } else {
                if operation != .integral, namesIndexI { isIndexI = true }
                lower = try script()
            }
        }
        if operation == .integral { return try integral(from: lower, to: upper) }
        let body = try product(isNegative: takesMinus())
        guard let lower else { return .operation(operation, body: body, variable: nil, from: nil, to: upper) }
        if case .relation(let variable, let links) = lower, links.count == 1, links[0].relation == .equal {
            return .operation(operation, body: body, variable: variable, from: links[0].right, to: upper)
        }
        return .operation(operation, body: body, variable: lower, from: nil, to: upper)
    }

    private mutating func takesMinus() -> Bool { take(.minus) }

    /// `_{i=`: the index of the sum is called `i`.
    private var namesIndexI: Bool {
        let offset = kind == .openGroup ? 1 : 0
        let word = index + offset < tokens.count ? tokens[index + offset] : token
        return word.kind == .word && word.count == 1 && byte(word) == UInt8(ascii: "i")
    }

    private mutating func integral(from lower: MathExpression?, to upper: MathExpression?) throws(AnswerProblem)
        -> MathExpression
    {
        integrals.append(Integral(nesting: nesting))
        var body = try sum()
        let variable = integrals.removeLast().variable
        // `\int \{x dx\}`: a group.
        if case .set(let members) = body, members.count == 1 { body = members[0] }
        guard variable != nil || kind == .end || kind == .closeGroup else { throw malformed("a differential") }
        return .operation(.integral, body: body, variable: variable, from: lower, to: upper)
    }

    /// `dx`, `d\theta`, `\mathrm{d} x` of an integral that has none yet.
    var isDifferential: Bool {
        guard kind == .word, let integral = integrals.last, integral.variable == nil else { return false }
        guard byte(token) == UInt8(ascii: "d") else { return false }
        if token.count == 2 { return true }
        guard token.count == 1 else { return false }
        let next = index + 1 < tokens.count ? tokens[index + 1] : token
        return next.kind == .letter || (next.kind == .word && next.count == 1)
    }

    mutating func differential() throws(AnswerProblem) {
        if token.count == 2 { tokens[index].start += 1 } else { advance() }
        let variable: MathExpression
        if kind == .letter {
            let name = MathLexicon.letterNames[Int(token.detail)]
            advance()
            variable = kind == .subscripted ? try symbol(name) : .symbol(name)
        } else {
            let letter = letterOfWord()
            if case .symbol(let name) = letter, kind == .subscripted {
                variable = try symbol(name)
            } else {
                variable = letter
            }
        }
        integrals[integrals.count - 1].variable = variable
    }

    /// `\lim_{x \to 3^{+}} …`
    mutating func limit() throws(AnswerProblem) -> MathExpression {
        try enter()
        defer { leave() }
        advance()
        guard take(.subscripted), kind == .openGroup else { throw malformed("what tends to what under the limit") }
        advance()
        nesting += 1
        let wasInLimit = isInLimit
        isInLimit = true
        let variable = try sum()
        guard kind == .relation, [.tends, .implies].contains(MathLexicon.relations[Int(token.detail)]) else {
            throw malformed("an arrow")
        }
        advance()
        let target = try sum()
        isInLimit = wasInLimit
        var operation = MathOperation.limit
        if take(.power) {
            let isGroup = take(.openGroup)
            operation = kind == .plus ? .limitFromAbove : .limitFromBelow
            advance()
            if isGroup { advance() }
        }
        nesting -= 1
        guard take(.closeGroup) else { throw malformed("a closing brace after the limit's target") }
        let body = try product(isNegative: take(.minus))
        return .operation(operation, body: body, variable: variable, from: nil, to: target)
    }

    /// `\frac{d}{dx} f`, `\frac{dy}{dx}`, `\frac{d f(x)}{dx}`, also with `\partial`; `nil` for any other fraction.
    mutating func derivative() throws(AnswerProblem) -> MathExpression? {
        guard kind(ahead: 1) == .openGroup, isMark(index + 2), let close = groupEnd(index + 1),
            close + 2 < tokens.count, tokens[close + 1].kind == .openGroup, isMark(close + 2)
        else { return nil }
        var position = close + 2
        var variable = split(position)
        position += 1
        if variable == nil, tokens[position].kind == .word || tokens[position].kind == .letter {
            variable = tokens[position]
            position += 1
        }
        guard let variable, position < tokens.count, tokens[position].kind == .closeGroup else { return nil }
        let numerator = split(index + 2)
        var body: MathExpression
        if numerator == nil, index + 3 == close {
            index = position
            advance()
            var factors: [MathExpression] = []
            try self.factors(into: &factors)
            body = Self.make(factors)
        } else {
            // The differentiated function is the rest of the numerator.
            index += 2
            if let numerator { tokens[index] = numerator } else { advance() }
            nesting += 1
            body = try sum()
            nesting -= 1
            guard index == close else { throw malformed("a closing brace") }
            index = position
            advance()
        }
        if case .tuple(let elements) = body, elements.count == 1 { body = elements[0] }
        return .operation(.derivative, body: body, variable: name(variable), from: nil, to: nil)
    }

    /// The token that closes the group that a token opens, if it is near.
    private func groupEnd(_ open: Int) -> Int? {
        var depth = 0
        for position in open..<min(open + 64, tokens.count) {
            if tokens[position].kind == .openGroup { depth += 1 }
            if tokens[position].kind == .closeGroup {
                depth -= 1
                if depth == 0 { return position }
            }
        }
        return nil
    }

    /// Whether a token begins with the mark of a differential.
    private func isMark(_ position: Int) -> Bool {
        guard position < tokens.count else { return false }
        let token = tokens[position]
        return token.kind == .partial || (token.kind == .word && token.count <= 2 && byte(token) == UInt8(ascii: "d"))
    }

    /// The variable in the same word as the mark, where one is.
    private func split(_ position: Int) -> MathToken? {
        var token = tokens[position]
        guard token.kind == .word, token.count == 2 else { return nil }
        token.start += 1
        return token
    }

    private func name(_ token: MathToken) -> MathExpression {
        if token.kind == .letter { return .symbol(MathLexicon.letterNames[Int(token.detail)]) }
        return .symbol(string(token))
    }

    // MARK: Environments

    /// `\begin{pmatrix} … \end{pmatrix}` and its like.
    mutating func environment() throws(AnswerProblem) -> MathExpression {
        try enter()
        defer { leave() }
        let environment = MathEnvironment(rawValue: token.detail) ?? .matrix
        let outer = (squareEnds, isInSet, isInArguments, openBars)
        (squareEnds, isInSet, isInArguments) = (false, false, false)
        defer { (squareEnds, isInSet, isInArguments, openBars) = outer }
        advance()
        nesting += 1
        let rows = try environment == .lines ? lines() : cells(isCases: environment == .cases)
        nesting -= 1
        guard kind == .endEnvironment, token.detail == environment.rawValue else {
            throw malformed("the end of the environment")
        }
        advance()
        switch environment {
        case .matrix, .determinant:
            guard let width = rows.first?.count, rows.allSatisfy({ $0.count == width }) else {
                throw malformed("rows of one length before the end of the matrix")
            }
            return environment == .matrix ? .matrix(rows) : .call(.determinant, [.matrix(rows)])
        case .cases:
            if rows.allSatisfy({ $0.count == 1 }) {
                return rows.count == 1 ? rows[0][0] : .list(rows.map { $0[0] })
            }
            return .application("cases", rows.map { $0.count == 1 ? $0[0] : .tuple($0) })
        case .lines:
            let lines = rows.flatMap { $0 }
            return lines.count == 1 ? lines[0] : .list(lines)
        }
    }

    private mutating func cells(isCases: Bool) throws(AnswerProblem) -> [[MathExpression]] {
        var rows: [[MathExpression]] = []
        var row: [MathExpression] = []
        while true {
            if kind == .endEnvironment, row.isEmpty, !rows.isEmpty { return rows }
            if isCases { skipConditionWords() }
            let cell = Self.list(try self.rows(endsAtBreak: true))
            row.append(cell)
            switch kind {
            case .ampersand: advance()
            case .rowBreak:
                advance()
                rows.append(row)
                row = []
            default:
                rows.append(row)
                return rows
            }
        }
    }

    /// `\text{if}` and the like before the condition of a case.
    private mutating func skipConditionWords() {
        while kind == .text || kind == .word {
            switch string(token) {
            case "if", "for", "when", "where", "if ", "for all": advance()
            default: return
            }
        }
    }

    /// Lines whose `&` only align.
    private mutating func lines() throws(AnswerProblem) -> [[MathExpression]] {
        dropAmpersands()
        var rows: [[MathExpression]] = []
        while kind != .endEnvironment {
            rows += try self.rows(endsAtBreak: true)
            guard take(.rowBreak) else { break }
        }
        if rows.isEmpty { throw malformed("a line") }
        return rows
    }

    private mutating func dropAmpersands() {
        var depth = 0
        var kept = Array(tokens[..<index])
        kept.reserveCapacity(tokens.count)
        for token in tokens[index...] {
            if token.kind == .beginEnvironment { depth += 1 }
            if token.kind == .endEnvironment { depth -= 1 }
            if token.kind != .ampersand || depth != 0 { kept.append(token) }
        }
        tokens = kept
    }
}
