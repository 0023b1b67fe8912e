/// Functions with a meaning and their arguments.
extension MathParser {
    /// A function's name, the exponent and the index on it, and its argument: brackets, or the factors that follow.
    mutating func functionCall() throws(AnswerProblem) -> MathExpression {
        try enter()
        defer { leave() }
        let name = token
        var function = MathLexicon.functions[Int(name.detail)]
        let isCommand = name.start > 0 && bytes[Int(name.start) - 1] == UInt8(ascii: "\\")
        let isDecadic = function == .log && syntax == .latex
        advance()
        var exponent: MathExpression?
        var base: MathExpression?
        while kind == .power || kind == .subscripted {
            let isPower = kind == .power
            advance()
            if isPower {
                guard exponent == nil else { throw malformed("one exponent of the function") }
                exponent = try script()
            } else {
                guard function == .log, base == nil else { throw malformed("a function that takes an index before it") }
                base = try script()
            }
        }
        if exponent == .number(-1), let inverse = Self.inverse(function) {
            function = inverse
            exponent = nil
        }
        guard startsArgument else {
            // `5 min`: the name of a function that is a word here.
            guard !isCommand, exponent == nil, base == nil else { throw malformed("an argument of the function") }
            return .text(string(name))
        }
        let arguments = try functionArguments(function)
        guard let call = Self.call(function, arguments, base: base, isDecadic: isDecadic) else {
            throw malformed("another number of arguments before it")
        }
        return exponent.map { .power(call, $0) } ?? call
    }

    /// Whether something stands here that a function can be of.
    private var startsArgument: Bool {
        kind == .minus || kind == .plus || kind == .dot || (startsFactor && !isDifferential && !isUnitNext(after: nil))
    }

    private mutating func functionArguments(_ function: MathFunction) throws(AnswerProblem) -> [MathExpression] {
        switch kind {
        case .openRound, .openSquare, .openSet, .openGroup: return try argumentList()
        case .function: return [try functionCall()]
        default: break
        }
        let isNegative = kind == .minus
        if kind == .minus || kind == .plus { advance() }
        var factors = [try factor()]
        while startsFactor, !isDifferential, !isIntegralComplete, !isUnitNext(after: factors.last) {
            switch kind {
            case .function, .bigOperator, .limit, .openRound, .openSquare, .openSet, .bar, .openBar:
                if isNegative { Self.negate(&factors) }
                return [Self.make(factors)]
            default: factors.append(try factor())
            }
        }
        if isNegative { Self.negate(&factors) }
        return [Self.make(factors)]
    }

    /// The call, in the one form that each function has; `nil` for a wrong number of arguments.
    static func call(
        _ function: MathFunction, _ arguments: [MathExpression], base: MathExpression?, isDecadic: Bool
    ) -> MathExpression? {
        guard let first = arguments.first else { return nil }
        switch function {
        case .gcd, .lcm, .min, .max: return .call(function, arguments)
        case .log:
            guard arguments.count <= 2, base == nil || arguments.count == 1 else { return nil }
            guard let base = base ?? (arguments.count == 2 ? arguments[1] : isDecadic ? .number(10) : nil),
                base != .constant(.e)
            else { return .call(.ln, [first]) }
            return .call(.log, [first, base])
        case .mod, .binomial, .permutations: return arguments.count == 2 ? .call(function, arguments) : nil
        case .root: return arguments.count == 2 ? .call(function, arguments) : nil
        case .exp: return arguments.count == 1 ? .power(.constant(.e), first) : nil
        default: return arguments.count == 1 ? .call(function, arguments) : nil
        }
    }

    private static func inverse(_ function: MathFunction) -> MathFunction? {
        switch function {
        case .sin: .arcsin
        case .cos: .arccos
        case .tan: .arctan
        case .sec: .arcsec
        case .csc: .arccsc
        case .cot: .arccot
        case .sinh: .arsinh
        case .cosh: .arcosh
        case .tanh: .artanh
        default: nil
        }
    }
}
