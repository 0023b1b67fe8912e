/// Reads a mathematical text into the expression that it writes.
///
/// A tokenizer cuts the text in one pass; a descent by precedence then reads the tokens without going back, so that the
/// cost is linear. From loose to tight: `;`, then `,`/`and`/`or`, relations and `∈`, `∪ ∖`, `∩`, `:`, `+ −`, then
/// `· / mod` from left to right, then factors side by side (`6/8y` is `6/(8y)`), then powers and what follows a value
/// (`! % °`).
///
/// How vertical bars pair is not always clear: a bar after a value closes the innermost open one. Where that fails, a
/// second reading lets the second bar of `||` after a value open (`||x||y||`).
struct MathParser {
    let bytes: [UInt8]
    let syntax: MathSyntax
    let limits: WorkLimits
    var tokens: [MathToken]
    var index = 0
    var depth = 0
    var rules: [String] = []
    /// Open brackets around the token that is read.
    var nesting = 0
    /// Open bars, by the bracket nesting they stand in.
    var openBars: [Int] = []
    var prefersOpeningBars = false
    var integrals: [Integral] = []
    /// Inside `\lim_{…}`, where `3^{+}` names a side.
    var isInLimit = false
    /// The index of the sum around is called `i`, which then is no imaginary unit.
    var isIndexI = false
    /// `[` ends an interval that `]` began.
    var squareEnds = false
    /// In set brackets, where a colon or a bar may divide a condition from an element.
    var isInSet = false
    /// Between double bars, the next of which closes.
    var isInNorm = false
    /// Inside an argument list, where digits apart are not one number.
    var isInArguments = false

    /// An integral whose differential is looked for.
    struct Integral {
        var nesting: Int
        var variable: MathExpression?
    }

    /// Parses the whole text. Throws `.malformed` with a byte offset, `.overBudget` beyond the depth or the digits that
    /// the limits allow.
    static func parse(
        _ text: AnswerText, syntax: MathSyntax = .latex, work: inout Work
    ) throws(AnswerProblem) -> MathExpression {
        guard !text.isEmpty else { throw .malformed("a mathematical expression expected, found nothing", offset: 0) }
        guard text.bytes.count <= work.limits.bytes else {
            throw .overBudget("the expression is longer than \(work.limits.bytes) bytes")
        }
        try work.spend(text.bytes.count)
        guard !text.isASCII else { return try parse(text.bytes, syntax, &work) }
        let notation = UnicodeNotation(text.bytes)
        do {
            return try parse(notation.bytes, syntax, &work)
        } catch {
            guard case .malformed(let message, let offset?) = error else { throw error }
            let original = offset < notation.offsets.count ? Int(notation.offsets[offset]) : text.bytes.count
            throw .malformed(message, offset: original)
        }
    }

    private static func parse(
        _ bytes: [UInt8], _ syntax: MathSyntax, _ work: inout Work
    ) throws(AnswerProblem) -> MathExpression {
        var tokenizer = MathTokenizer(bytes, syntax: syntax)
        try tokenizer.tokenize()
        if bytes.contains(UInt8(ascii: "|")) || bytes.contains(UInt8(ascii: "v")) {
            MathToken.pairBars(&tokenizer.tokens)
        }
        var parser = MathParser(
            bytes: bytes, syntax: syntax, limits: work.limits, tokens: tokenizer.tokens)
        let expression: MathExpression
        do {
            expression = try parser.whole()
        } catch {
            guard case .malformed = error, tokenizer.tokens.lazy.filter({ $0.kind == .bar }).count >= 4 else {
                throw error
            }
            try work.spend(bytes.count)
            parser = MathParser(
                bytes: bytes, syntax: syntax, limits: work.limits, tokens: tokenizer.tokens)
            parser.prefersOpeningBars = true
            do { expression = try parser.whole() } catch _ { throw error }
        }
        for rule in parser.rules { work.apply(rule) }
        return expression
    }

    private init(bytes: [UInt8], syntax: MathSyntax, limits: WorkLimits, tokens: [MathToken]) {
        self.bytes = bytes
        self.syntax = syntax
        self.limits = limits
        self.tokens = tokens
    }

    // MARK: Tokens

    var token: MathToken {
        @inline(__always) get { tokens[index] }
    }

    var kind: MathToken.Kind {
        @inline(__always) get { tokens[index].kind }
    }

    /// The kind of a token farther on.
    func kind(ahead distance: Int) -> MathToken.Kind {
        index + distance < tokens.count ? tokens[index + distance].kind : .end
    }

    @inline(__always)
    mutating func advance() { if index < tokens.count - 1 { index += 1 } }

    mutating func take(_ wanted: MathToken.Kind) -> Bool {
        guard kind == wanted else { return false }
        advance()
        return true
    }

    func malformed(_ expected: String) -> AnswerProblem {
        .malformed("\(expected) expected, found \(found)", offset: Int(token.start))
    }

    private var found: String {
        guard kind != .end else { return "the end" }
        let end = min(Int(token.end), Int(token.start) + 24)
        return "“\(String(decoding: bytes[Int(token.start)..<end], as: UTF8.self))”"
    }

    mutating func apply(_ rule: String) { if !rules.contains(rule) { rules.append(rule) } }

    mutating func enter() throws(AnswerProblem) {
        depth += 1
        if depth > limits.depth { throw .overBudget("the expression nests deeper than \(limits.depth) levels") }
    }

    mutating func leave() { depth -= 1 }

    func string(_ token: MathToken) -> String {
        String(decoding: bytes[Int(token.start)..<Int(token.end)], as: UTF8.self)
    }

    func byte(_ token: MathToken) -> UInt8 { token.start < token.end ? bytes[Int(token.start)] : 0 }

    // MARK: Lists

    private mutating func whole() throws(AnswerProblem) -> MathExpression {
        let rows = try self.rows()
        guard kind == .end else { throw malformed("the end of the expression") }
        let whole = Self.list(rows)
        if syntax == .latex, let (value, condition) = whole.partedCondition { return .list([value, condition]) }
        return whole
    }

    /// Elements up to something that cannot go on: rows divided by semicolons, elements by commas or conjunctions.
    /// `endsAtBreak`: a comma at the end of a row of an environment may stand there for punctuation.
    mutating func rows(endsAtBreak: Bool = false) throws(AnswerProblem) -> [[MathExpression]] {
        var rows: [[MathExpression]] = []
        var row = [try statement()]
        // The words between the elements of the first row: none, `and` (0), `or` (1), or several kinds (2).
        var junction: UInt8?
        while true {
            switch kind {
            case .comma, .conjunction, .groupSeparator:
                let isComma = kind == .comma
                let word = isComma && kind(ahead: 1) == .conjunction ? tokens[index + 1] : token
                let next = word.kind == .conjunction ? word.detail : 2
                junction = junction == nil || junction == next ? next : 2
                if isComma, syntax == .sympy, kind(ahead: 1) == .closeRound { return rows + [row] }
                advance()
                if endsAtBreak, kind == .rowBreak || kind == .ampersand || kind == .endEnvironment {
                    return rows + [row]
                }
                if isComma, kind == .conjunction { advance() }
                row.append(try statement())
            case .semicolon:
                advance()
                if kind == .conjunction { advance() }
                rows.append(row)
                row = [try statement()]
            default:
                if syntax == .latex, rows.isEmpty, row.count > 1, let junction, junction < 2,
                    row.allSatisfy(\.isInequality)
                {
                    return [[.setOperation(junction == 1 ? .union : .intersection, row)]]
                }
                rows.append(row)
                return rows
            }
        }
    }

    /// What a list without brackets is: its only element, or a list of its elements, or of its rows.
    static func list(_ rows: [[MathExpression]]) -> MathExpression {
        if rows.count == 1 { return rows[0].count == 1 ? rows[0][0] : .list(rows[0]) }
        return .list(rows.map { $0.count == 1 ? $0[0] : .tuple($0) })
    }

    // MARK: Relations and sets

    mutating func statement() throws(AnswerProblem) -> MathExpression {
        var expression = try relation()
        if kind == .moduloGroup || isModuloGroup { expression = try modulus(of: expression) }
        return expression
    }

    /// `a ≡ b \pmod m`: the last member of the relation is taken modulo `m`.
    private mutating func modulus(of expression: MathExpression) throws(AnswerProblem) -> MathExpression {
        let isBracket = take(.openRound)
        advance()
        let modulus = isBracket ? try sum() : try script()
        if isBracket, !take(.closeRound) { throw malformed("a closing bracket after the modulus") }
        guard case .relation(let first, var links) = expression, let last = links.last else {
            return .call(.mod, [expression, modulus])
        }
        links[links.count - 1].right = .call(.mod, [last.right, modulus])
        return .relation(first, links)
    }

    /// `(\bmod 5)` after a relation.
    private var isModuloGroup: Bool { kind == .openRound && kind(ahead: 1) == .modulo }

    private mutating func relation() throws(AnswerProblem) -> MathExpression {
        let first = try union()
        switch kind {
        case .relation, .negation, .element, .notElement: break
        default: return first
        }
        var links: [MathExpression.RelationLink] = []
        while true {
            var isNegated = false
            if kind == .negation {
                isNegated = true
                advance()
            }
            switch kind {
            case .relation:
                var relation = MathLexicon.relations[Int(token.detail)]
                advance()
                if isNegated {
                    guard relation == .equal else { throw malformed("= or ∈ after the negation") }
                    relation = .notEqual
                }
                links.append(.init(relation: relation, right: try union()))
            case .element, .notElement:
                let isNegative = isNegated != (kind == .notElement)
                advance()
                let set = Self.namedSet(try union())
                let membership = MathExpression.membership(
                    links.isEmpty ? first : .relation(first, links), set, isNegated: isNegative)
                guard kind != .relation, kind != .element, kind != .notElement else {
                    throw malformed("the end of the membership")
                }
                return membership
            default:
                if isNegated { throw malformed("a relation after the negation") }
                return .relation(first, links)
            }
        }
    }

    /// `k ∈ Z`: the letter of a set in another typeface.
    private static func namedSet(_ set: MathExpression) -> MathExpression {
        guard case .symbol(let name) = set else { return set }
        switch name {
        case "N": return .namedSet(.naturals)
        case "Z": return .namedSet(.integers)
        case "Q": return .namedSet(.rationals)
        case "R": return .namedSet(.reals)
        case "C": return .namedSet(.complexes)
        default: return set
        }
    }

    private mutating func union() throws(AnswerProblem) -> MathExpression {
        var left = try intersection()
        var levels = 0
        while true {
            let operation: SetOperation
            switch kind {
            case .union: operation = .union
            case .difference: operation = .difference
            case .symmetricDifference: operation = .symmetricDifference
            default: return left
            }
            levels += 1
            if levels + depth > limits.depth { throw .overBudget("the expression chains too many operations on sets") }
            advance()
            left = Self.combine(operation, left, try intersection())
        }
    }

    private mutating func intersection() throws(AnswerProblem) -> MathExpression {
        var left = try ratio()
        while take(.intersection) { left = Self.combine(.intersection, left, try ratio()) }
        return left
    }

    /// Unions and intersections of more than two sets stand in one node.
    static func combine(_ operation: SetOperation, _ left: MathExpression, _ right: MathExpression) -> MathExpression {
        var members: [MathExpression] = []
        for side in [left, right] {
            if case .setOperation(operation, let inner) = side, operation == .union || operation == .intersection {
                members += inner
            } else {
                members.append(side)
            }
        }
        return .setOperation(operation, members)
    }

    private mutating func ratio() throws(AnswerProblem) -> MathExpression {
        let first = try sum()
        guard kind == .colon, !isInSet else { return first }
        var terms = [first]
        while take(.colon) { terms.append(try sum()) }
        return .ratio(terms)
    }

    // MARK: Sums and products

    /// Whether the differential of the innermost integral stood on the level that is read, which ends it.
    var isIntegralComplete: Bool {
        guard let integral = integrals.last else { return false }
        return integral.variable != nil && integral.nesting == nesting
    }

    mutating func sum() throws(AnswerProblem) -> MathExpression {
        let first = try term()
        switch kind {
        case .plus, .minus, .plusMinus, .minusPlus: break
        default: return first
        }
        if isIntegralComplete { return first }
        var terms = [first]
        while true {
            switch kind {
            case .plus, .minus, .plusMinus, .minusPlus: terms.append(try term())
            default: return .sum(terms)
            }
            if isIntegralComplete { return .sum(terms) }
        }
    }

    /// A product with the signs before it.
    private mutating func term() throws(AnswerProblem) -> MathExpression {
        var isNegative = false
        while kind == .plus || kind == .minus {
            if kind == .minus { isNegative.toggle() }
            advance()
        }
        if kind == .plusMinus || kind == .minusPlus {
            if kind == .minusPlus { isNegative.toggle() }
            advance()
            return .plusMinus(try product(isNegative: isNegative))
        }
        return try product(isNegative: isNegative)
    }

    private mutating func signs() -> Bool {
        var isNegative = false
        while kind == .plus || kind == .minus {
            if kind == .minus { isNegative.toggle() }
            advance()
        }
        return isNegative
    }

    static func make(_ factors: [MathExpression]) -> MathExpression {
        factors.count == 1 ? factors[0] : .product(factors)
    }

    static func negate(_ factors: inout [MathExpression], from start: Int = 0) {
        if case .number(let value) = factors[start] {
            factors[start] = .number(-value)
        } else {
            factors.insert(.number(-1), at: start)
        }
    }

    mutating func product(isNegative: Bool) throws(AnswerProblem) -> MathExpression {
        if kind == .currency { return try currency(isNegative: isNegative) }
        var factors: [MathExpression] = []
        try self.factors(into: &factors)
        if isNegative { Self.negate(&factors) }
        var modulos = 0
        while !isIntegralComplete {
            switch kind {
            case .times:
                advance()
                let isNegative = signs()
                let start = factors.count
                try self.factors(into: &factors)
                if isNegative, start < factors.count { Self.negate(&factors, from: start) }
            case .divide:
                advance()
                let isNegative = signs()
                var divisor: [MathExpression] = []
                try self.factors(into: &divisor)
                if divisor.isEmpty { throw malformed("a divisor") }
                if isNegative { Self.negate(&divisor) }
                factors.append(.power(Self.make(divisor), .number(-1)))
            case .modulo:
                modulos += 1
                if modulos + depth > limits.depth { throw .overBudget("the expression chains too many remainders") }
                advance()
                let isNegative = signs()
                var modulus: [MathExpression] = []
                try self.factors(into: &modulus)
                if modulus.isEmpty { throw malformed("a modulus") }
                if isNegative { Self.negate(&modulus) }
                factors = [.call(.mod, [Self.make(factors), Self.make(modulus)])]
            case .text, .word, .degree, .percent, .currency, .function:
                guard let measured = try unit(after: Self.make(factors)) else { return Self.make(factors) }
                factors = [measured]
            default: return Self.make(factors)
            }
        }
        return factors.isEmpty ? .number(1) : Self.make(factors)
    }

    /// Factors side by side. A differential is taken note of and is no factor.
    mutating func factors(into factors: inout [MathExpression]) throws(AnswerProblem) {
        let start = factors.count
        var isFirst = true
        while true {
            if isDifferential {
                try differential()
                if isIntegralComplete || !startsFactor { break }
                isFirst = false
                continue
            }
            if isFirst {
                isFirst = false
            } else {
                guard startsFactor, !isUnitNext(after: factors.last) else { break }
                if kind == .digits, tokens[index - 1].kind == .digits, case .number = factors[factors.count - 1] {
                    throw malformed("one number")
                }
            }
            factors.append(try factor())
            if isIntegralComplete { break }
            if case .text = factors[factors.count - 1], factors.count > 1 || startsFactor, !isDifferential {
                throw malformed("an operator between words and a value")
            }
        }
        if start == 0, factors.isEmpty {
            factors.append(.number(1))
        } else if factors.count - start > 1 {
            for index in start..<factors.count {
                // Curly brackets side by side only group: `\{1+2\}\{3-4\}`.
                if case .set(let members) = factors[index], members.count == 1 { factors[index] = members[0] }
            }
        }
    }

    /// Whether the token can begin a factor after another one.
    var startsFactor: Bool {
        switch kind {
        case .openRound: return !isModuloGroup
        case .digits, .word, .rawName, .function, .letter, .constant, .accent, .prefixName, .openGroup, .openSet,
            .openBar, .openFloor, .openCeiling, .openAngle, .fraction, .binomial, .root, .cubeRoot, .transparent,
            .bigOperator, .limit, .dots, .constructor, .beginEnvironment:
            return true
        case .doubleBar: return !isInNorm
        case .openSquare:
            // `[0, 1[`: a bracket with nothing to open closes.
            guard !squareEnds else { return false }
            switch kind(ahead: 1) {
            case .end, .comma, .semicolon, .union, .intersection, .difference, .closeRound, .closeGroup, .conjunction:
                return false
            default: return true
            }
        case .bar: return barOpens
        default: return false
        }
    }
}
