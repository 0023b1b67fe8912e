import BigInt

/// Factors: a value and what follows it.
extension MathParser {
    mutating func factor() throws(AnswerProblem) -> MathExpression {
        try enter()
        defer { leave() }
        let value = try primary()
        return try postfix(value)
    }

    mutating func primary() throws(AnswerProblem) -> MathExpression {
        switch kind {
        case .digits, .dot: return try number()
        case .word: return try word()
        case .text:
            let text = string(token)
            advance()
            return .text(text)
        case .rawName:
            let name = Self.canonicalName(bytes[Int(token.start)..<Int(token.end)])
            advance()
            return kind == .openRound && !token.hasSpace && syntax == .sympy ? try application(name) : .symbol(name)
        case .letter:
            let name = MathLexicon.letterNames[Int(token.detail)]
            advance()
            return try symbol(name)
        case .constant:
            let constant = MathLexicon.constants[Int(token.detail)]
            advance()
            if kind == .subscripted { return try symbol(constant.rawValue) }
            return .constant(constant)
        case .namedSet:
            let set = MathLexicon.namedSets[Int(token.detail)]
            advance()
            return .namedSet(set)
        case .accent: return try accented()
        case .prefixName: return try prefixed()
        case .dots:
            advance()
            return .symbol("…")
        case .function: return try functionCall()
        case .fraction: return try fraction()
        case .binomial:
            advance()
            let upper = try argument()
            return .call(.binomial, [upper, try argument()])
        case .root, .cubeRoot: return try root()
        case .transparent:
            advance()
            guard kind == .openGroup else { throw malformed("braces") }
            return try group(isTransparent: true)
        case .openGroup: return try group(isTransparent: false)
        case .openRound, .openSquare, .openSet, .closeSquare, .openAngle, .openNothing: return try brackets()
        case .bar, .openBar, .doubleBar: return try bars()
        case .openFloor, .openCeiling: return try rounding()
        case .bigOperator: return try bigOperator()
        case .limit: return try limit()
        case .beginEnvironment: return try environment()
        case .constructor: return try construction()
        case .modulo where kind(ahead: 1) == .openRound:
            advance()
            let arguments = try argumentList()
            guard arguments.count == 2 else { throw malformed("a value and a modulus") }
            return .call(.mod, arguments)
        case .currency: return try currency(isNegative: false)
        default: throw malformed("a value")
        }
    }

    /// Powers, indices, factorials, percent and degree signs after a value.
    mutating func postfix(_ start: MathExpression) throws(AnswerProblem) -> MathExpression {
        var value = start
        var exponent: MathExpression?
        var count = 0
        while true {
            switch kind {
            case .power:
                if isInLimit, isSideMark { return Self.raise(value, &exponent) }
                if let special = try specialPower(of: value) {
                    value = special
                } else {
                    advance()
                    let raised = try script()
                    // `a^b^c` is `a^(b^c)`, as `**` reads it.
                    exponent = exponent.map { .power($0, raised) } ?? raised
                    if case .symbol(let name) = value, kind == .openRound, Self.isFunctionName(name),
                        exponent == .number(-1)
                    {
                        exponent = nil
                        value = try application(name + "^{-1}")
                    }
                }
            case .subscripted: value = try indexed(value)
            case .factorial:
                advance()
                value = .call(.factorial, [Self.raise(value, &exponent)])
            case .percent:
                advance()
                value = .percent(Self.raise(value, &exponent))
            case .prime:
                guard case .number = value, exponent == nil else { throw malformed("a symbol before the prime") }
                advance()
                value = .measured(value, unit: "'")
            default: return Self.raise(value, &exponent)
            }
            count += 1
            if count + depth > limits.depth { throw .overBudget("too many signs follow a value") }
        }
    }

    private static func raise(_ value: MathExpression, _ exponent: inout MathExpression?) -> MathExpression {
        guard let power = exponent else { return value }
        exponent = nil
        return .power(value, power)
    }

    /// `^{+}`, `^-` at the end of a limit's target.
    var isSideMark: Bool {
        let isSign: (MathToken.Kind) -> Bool = { $0 == .plus || $0 == .minus }
        if kind(ahead: 1) == .openGroup { return isSign(kind(ahead: 2)) && kind(ahead: 3) == .closeGroup }
        return isSign(kind(ahead: 1)) && kind(ahead: 2) == .closeGroup
    }

    /// Exponents that are no powers: degrees, primes, ordinals.
    private mutating func specialPower(of value: MathExpression) throws(AnswerProblem) -> MathExpression? {
        let isGroup = kind(ahead: 1) == .openGroup
        let inner = kind(ahead: isGroup ? 2 : 1)
        guard !isGroup || kind(ahead: 3) == .closeGroup else { return nil }
        switch inner {
        case .circle, .degree:
            index += isGroup ? 4 : 2
            return temperature(.degrees(value))
        case .prime:
            guard case .symbol(let name) = value else { return nil }
            index += isGroup ? 4 : 2
            return .symbol(name + "'")
        case .plus, .minus, .times:
            guard case .namedSet = value else { return nil }
            index += isGroup ? 4 : 2
            return .application(inner == .plus ? "positive" : inner == .minus ? "negative" : "nonzero", [value])
        case .text, .word:
            if inner == .word { guard case .number = value else { return nil } }
            let text = string(tokens[index + (isGroup ? 2 : 1)])
            guard ["st", "nd", "rd", "th"].contains(text) else { return nil }
            index += isGroup ? 4 : 2
            apply("ordinal endings")
            return value
        default: return nil
        }
    }

    /// `37^\circ C`.
    private mutating func temperature(_ degrees: MathExpression) -> MathExpression {
        guard case .degrees(let value) = degrees, kind == .word || kind == .text, token.count == 1 else {
            return degrees
        }
        switch byte(token) {
        case UInt8(ascii: "C"):
            advance()
            return .measured(value, unit: "°C")
        case UInt8(ascii: "F"):
            advance()
            return .measured(value, unit: "°F")
        default: return degrees
        }
    }

    /// A value with an index: a numeral in a base, or the symbol of that name.
    private mutating func indexed(_ value: MathExpression) throws(AnswerProblem) -> MathExpression {
        switch value {
        case .symbol(let name) where !name.utf8.contains(UInt8(ascii: "_")):
            advance()
            return .symbol(name + "_{" + (try indexName()) + "}")
        case .number(let number) where number.isInteger && number.signum >= 0:
            advance()
            return try numeral(String(number.numerator))
        default: throw malformed("a symbol or digits before the index")
        }
    }

    func numeral(_ digits: String, base: MathExpression) throws(AnswerProblem) -> MathExpression {
        guard case .number(let value) = base, let radix = value.machineInteger, (2...36).contains(radix) else {
            throw malformed("a base from 2 to 36")
        }
        for digit in digits.utf8 {
            let worth = digit < 0x3A ? Int(digit) - 0x30 : Int(digit | 0x20) - 0x57
            guard worth < radix else { throw malformed("digits of base \(radix) before it") }
        }
        return .numeral(digits: digits.uppercased(), base: radix)
    }

    private mutating func numeral(_ digits: String) throws(AnswerProblem) -> MathExpression {
        try numeral(digits, base: try script())
    }

    // MARK: Arguments

    /// The argument of a command: a group, or one token (a single digit or letter).
    mutating func argument() throws(AnswerProblem) -> MathExpression {
        switch kind {
        case .openGroup: return try group(isTransparent: true)
        case .openSet where syntax != .latex: return try braces()
        case .digits:
            let token = self.token
            let value = Int(bytes[Int(token.start)]) - 0x30
            if token.count > 1 {
                tokens[index].start += 1
                tokens[index].hasSpace = false
            } else {
                advance()
            }
            return .number(Rational(value))
        case .word:
            try enter()
            defer { leave() }
            return letterOfWord()
        default:
            try enter()
            defer { leave() }
            return try primary()
        }
    }

    /// An exponent, an index or the modulus of `\pmod`: a group, a whole number, a letter, or a bracket.
    mutating func script() throws(AnswerProblem) -> MathExpression {
        try enter()
        defer { leave() }
        switch kind {
        case .openGroup: return try group(isTransparent: true)
        case .openSet where syntax != .latex: return try braces()
        case .minus, .plus:
            let isNegative = kind == .minus
            advance()
            let value = try script()
            guard isNegative else { return value }
            var factors = [value]
            Self.negate(&factors)
            return Self.make(factors)
        case .digits, .dot:
            let value = try number(isScript: true)
            return syntax == .latex ? value : try postfix(value)
        case .word where syntax == .latex: return letterOfWord()
        case .openRound, .openSquare:
            // In an exponent a bracket only groups.
            return try brackets()
        default:
            return syntax == .latex ? try primary() : try factor()
        }
    }

    /// `^{…}` where braces otherwise write sets.
    private mutating func braces() throws(AnswerProblem) -> MathExpression {
        try enter()
        defer { leave() }
        advance()
        nesting += 1
        let value = try statement()
        nesting -= 1
        guard take(.closeSet) else { throw malformed("a closing brace") }
        return value
    }

    // MARK: Fractions and roots

    private mutating func fraction() throws(AnswerProblem) -> MathExpression {
        if let derivative = try derivative() { return derivative }
        advance()
        let numerator = try argument()
        let denominator = try argument()
        return .product([numerator, .power(denominator, .number(-1))])
    }

    private mutating func root() throws(AnswerProblem) -> MathExpression {
        var degree = MathExpression.number(kind == .cubeRoot ? 3 : 2)
        let isCommand = syntax == .latex && token.start > 0 && bytes[Int(token.start) - 1] == UInt8(ascii: "\\")
        advance()
        if isCommand, kind == .openSquare {
            advance()
            nesting += 1
            degree = try statement()
            nesting -= 1
            guard take(.closeSquare) else { throw malformed("a closing square bracket after the degree of the root") }
        }
        switch kind {
        case .openGroup: return .call(.root, [try group(isTransparent: true), degree])
        case .openSet where syntax != .latex: return .call(.root, [try braces(), degree])
        case .digits, .dot: return .call(.root, [try number(isScript: true), degree])
        case .word: return .call(.root, [letterOfWord(), degree])
        default:
            try enter()
            defer { leave() }
            return .call(.root, [try primary(), degree])
        }
    }
}
