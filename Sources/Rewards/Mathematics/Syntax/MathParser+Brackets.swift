/// Brackets: groups, tuples, intervals, sets, absolute values.
extension MathParser {
    /// LaTeX braces. One element is itself; several are the set that the author forgot to escape, unless the group is
    /// the argument of a command.
    mutating func group(isTransparent: Bool) throws(AnswerProblem) -> MathExpression {
        try enter()
        defer { leave() }
        advance()
        let outer = (squareEnds, isInSet, isInArguments)
        (squareEnds, isInSet) = (false, false)
        defer { (squareEnds, isInSet, isInArguments) = outer }
        nesting += 1
        let start = index
        var rows = try self.rows()
        if kind == .choose || kind == .over {
            let isChoice = kind == .choose
            advance()
            let lower = Self.list(try self.rows())
            let upper = Self.list(rows)
            rows = [[isChoice ? .call(.binomial, [upper, lower]) : .product([upper, .power(lower, .number(-1))])]]
        }
        nesting -= 1
        guard kind == .closeGroup else { throw malformed("a closing brace") }
        let end = index
        advance()
        if rows.count == 1, rows[0].count == 1 { return rows[0][0] }
        if isTransparent { return Self.list(rows) }
        return .set(singletons(rows.flatMap { $0 }, from: start, to: end))
    }

    /// In a set that braces write, an element that is one pair of braces is a set as well: `{{1},{2}}`.
    private func singletons(_ members: [MathExpression], from start: Int, to end: Int) -> [MathExpression] {
        guard tokens[start].kind == .openGroup, tokens[end - 1].kind == .closeGroup else { return members }
        var result: [MathExpression] = []
        var position = start
        for member in members {
            guard position < end, tokens[position].kind == .openGroup else { return members }
            var depth = 0
            repeat {
                if tokens[position].kind == .openGroup { depth += 1 }
                if tokens[position].kind == .closeGroup { depth -= 1 }
                position += 1
            } while depth > 0 && position < end
            guard position >= end || tokens[position].kind == .comma else { return members }
            position += 1
            if case .set = member { result.append(member) } else { result.append(.set([member])) }
        }
        return result
    }

    /// Round, square, set and angle brackets.
    mutating func brackets() throws(AnswerProblem) -> MathExpression {
        try enter()
        defer { leave() }
        let opening = kind
        let outer = (squareEnds, isInSet, isInArguments, openBars)
        squareEnds = opening == .closeSquare
        isInSet = opening == .openSet
        isInArguments = false
        defer { (squareEnds, isInSet, isInArguments, openBars) = outer }
        advance()
        if opening == .openSet, take(.closeSet) { return .namedSet(.empty) }
        if syntax == .sympy, take(opening == .openRound ? .closeRound : .closeSquare) { return .tuple([]) }
        nesting += 1
        let rows = try self.rows()
        if isInSet, kind == .mid || kind == .bar || kind == .colon {
            advance()
            isInSet = false
            let conditions = try self.rows()
            nesting -= 1
            guard take(.closeSet) else { throw malformed("a closing bracket of the set") }
            return .application("set builder", [Self.list(rows)] + conditions.flatMap { $0 })
        }
        nesting -= 1
        return try closed(opening, rows.count == 1 ? rows[0] : rows.flatMap { $0 })
    }

    /// What elements between brackets are, by the brackets on both sides.
    private mutating func closed(
        _ opening: MathToken.Kind, _ elements: [MathExpression]
    ) throws(AnswerProblem) -> MathExpression {
        var isTuple = elements.count > 1
        if syntax == .sympy, kind == .comma, elements.count == 1 {
            advance()
            isTuple = true
        }
        let closing = kind
        switch (opening, closing) {
        case (.openRound, .closeRound):
            advance()
            return isTuple ? .tuple(elements) : elements[0]
        case (.openSquare, .closeSquare) where elements.count != 2 || syntax != .latex:
            advance()
            return isTuple || syntax != .latex ? .tuple(elements) : elements[0]
        case (.openRound, .closeSquare), (.openSquare, .closeSquare), (.openSquare, .closeRound),
            (.openSquare, .openSquare), (.openRound, .openSquare), (.closeSquare, .openSquare),
            (.closeSquare, .closeSquare), (.closeSquare, .closeRound):
            guard elements.count == 2 else { throw malformed("two ends of an interval before this bracket") }
            advance()
            return .interval(
                lower: elements[0], isLowerOpen: opening != .openSquare, upper: elements[1],
                isUpperOpen: closing != .closeSquare)
        case (.openSet, .closeSet):
            advance()
            return .set(elements)
        case (.openSet, .closeNothing):
            advance()
            // `\left\{ \begin{array}{l} … \end{array} \right.` is a system.
            if elements.count == 1, case .matrix(let rows) = elements[0] {
                return Self.list([rows.map { $0.count == 1 ? $0[0] : .tuple($0) }])
            }
            return Self.list([elements])
        case (.openAngle, .closeAngle):
            advance()
            return .tuple(elements)
        default: throw malformed("a closing bracket")
        }
    }

    /// The arguments in the brackets that stand here, or the only argument of a group.
    mutating func argumentList(allowsBar: Bool = false) throws(AnswerProblem) -> [MathExpression] {
        try enter()
        defer { leave() }
        let closing: MathToken.Kind
        switch kind {
        case .openRound: closing = .closeRound
        case .openSquare: closing = .closeSquare
        case .openSet: closing = .closeSet
        case .openGroup: closing = .closeGroup
        default: throw malformed("an opening bracket before the arguments")
        }
        let outer = (squareEnds, isInSet, isInArguments, openBars)
        (squareEnds, isInSet, isInArguments) = (false, false, true)
        defer { (squareEnds, isInSet, isInArguments, openBars) = outer }
        advance()
        if syntax != .latex, take(closing) { return [] }
        nesting += 1
        var arguments = try self.rows().flatMap { $0 }
        if allowsBar, kind == .mid || kind == .bar {
            advance()
            let conditions = Self.list(try self.rows())
            arguments = [.application("given", [Self.list([arguments]), conditions])]
        }
        nesting -= 1
        guard take(closing) else { throw malformed("a closing bracket after the arguments") }
        return arguments
    }

    // MARK: Bars

    /// Whether a bar after a value opens an absolute value that multiplies it, and closes none.
    var barOpens: Bool {
        let isInBars = openBars.last == nesting
        if !isInBars { return !isInSet && token.detail == MathToken.barGoesOn }
        guard prefersOpeningBars, tokens[index - 1].kind == .bar else { return false }
        switch kind(ahead: 1) {
        case .digits, .dot, .word, .letter, .constant, .function, .fraction, .root, .minus, .openRound, .openGroup:
            return true
        default: return false
        }
    }

    mutating func bars() throws(AnswerProblem) -> MathExpression {
        try enter()
        defer { leave() }
        let opening = kind
        advance()
        let outer = (squareEnds, isInSet, isInArguments, isInNorm)
        (squareEnds, isInSet, isInArguments) = (false, false, false)
        defer { (squareEnds, isInSet, isInArguments, isInNorm) = outer }
        let value: MathExpression
        switch opening {
        case .bar:
            openBars.append(nesting)
            value = try statement()
            openBars.removeLast()
            guard take(.bar) else { throw malformed("a closing bar") }
        case .openBar:
            nesting += 1
            value = try statement()
            nesting -= 1
            guard take(.closeBar) || take(.bar) else { throw malformed("a closing bar") }
        default:
            isInNorm = true
            value = try statement()
            guard take(.doubleBar) else { throw malformed("a closing double bar") }
            return .application("norm", [value])
        }
        return .call(.abs, [value])
    }

    mutating func rounding() throws(AnswerProblem) -> MathExpression {
        try enter()
        defer { leave() }
        let isFloor = kind == .openFloor
        advance()
        let outer = (squareEnds, isInSet, isInArguments)
        (squareEnds, isInSet, isInArguments) = (false, false, false)
        defer { (squareEnds, isInSet, isInArguments) = outer }
        nesting += 1
        let value = try statement()
        nesting -= 1
        guard take(isFloor ? .closeFloor : .closeCeiling) else { throw malformed("a closing bracket of the rounding") }
        return .call(isFloor ? .floor : .ceiling, [value])
    }
}

extension MathToken {
    /// The detail of a bar after which another one stands in the same brackets.
    static let barGoesOn: UInt8 = 1

    /// Notes for each bar whether another one follows it in the same brackets.
    static func pairBars(_ tokens: inout [MathToken]) {
        var hasLater = [false]
        for index in tokens.indices.reversed() {
            switch tokens[index].kind {
            case .closeRound, .closeSquare, .closeGroup, .closeSet, .closeFloor, .closeCeiling, .closeAngle, .closeBar,
                .endEnvironment:
                hasLater.append(false)
            case .openRound, .openSquare, .openGroup, .openSet, .openFloor, .openCeiling, .openAngle, .openBar,
                .beginEnvironment:
                if hasLater.count > 1 { hasLater.removeLast() }
            case .bar:
                if hasLater[hasLater.count - 1] { tokens[index].detail = barGoesOn }
                hasLater[hasLater.count - 1] = true
            default: break
            }
        }
    }
}
