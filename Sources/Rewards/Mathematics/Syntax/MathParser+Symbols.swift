/// Letters, words, units and the names of functions without a meaning here.
extension MathParser {
    // MARK: Letters and words

    mutating func word() throws(AnswerProblem) -> MathExpression {
        switch WordReading(rawValue: token.detail) {
        case .text: return try phrase()
        case .name: return try name()
        default: break
        }
        if beginsPhrase { return try phrase() }
        return try letter()
    }

    /// The first letter of a word as a variable, a constant or the name of a function; the word keeps the rest.
    private mutating func letter() throws(AnswerProblem) -> MathExpression {
        if token.count > 1 { return letterOfWord() }
        let code = byte(token)
        let isConstant = code == UInt8(ascii: "e") || code | 0x20 == UInt8(ascii: "i")
        if isConstant, kind(ahead: 1) != .subscripted, kind(ahead: 1) != .prime { return letterOfWord() }
        let name = string(token)
        advance()
        return try symbol(name)
    }

    /// The first letter alone, without what follows it.
    mutating func letterOfWord() -> MathExpression {
        let code = byte(token)
        if token.detail != WordReading.letters.rawValue || code >= 0x80 {
            let name = string(token)
            advance()
            return WordReading(rawValue: tokens[index - 1].detail) == .text
                ? .text(name) : Self.constant(name) ?? .symbol(name)
        }
        if token.count > 1 {
            tokens[index].start += 1
            tokens[index].hasSpace = false
        } else {
            advance()
        }
        switch code {
        case UInt8(ascii: "e"): return .constant(.e)
        case UInt8(ascii: "i"): return isIndexI ? .symbol("i") : .constant(.i)
        case UInt8(ascii: "I"): return .constant(.i)
        default: return .symbol(Self.letterNames[Int(code & 0x7F)])
        }
    }

    /// The 128 texts of one ASCII character, so that none is made while parsing.
    private static let letterNames: [String] = (0..<128).map { String(Character(Unicode.Scalar(UInt8($0)))) }

    private static func constant(_ name: String) -> MathExpression? {
        switch name {
        case "e": .constant(.e)
        case "i", "I": .constant(.i)
        default: nil
        }
    }

    /// A name of plain notation or of SymPy.
    private mutating func name() throws(AnswerProblem) -> MathExpression {
        let content = bytes[Int(token.start)..<Int(token.end)]
        advance()
        if kind == .openRound, !token.hasSpace {
            let isCall =
                syntax == .sympy || content.count > 1 || Self.isFunctionName(String(decoding: content, as: UTF8.self))
            if isCall { return try application(Self.canonicalName(content)) }
        }
        if content.count == 1, syntax == .plain, let constant = Self.constant(String(decoding: content, as: UTF8.self))
        {
            return constant
        }
        let name = Self.canonicalName(content)
        return kind == .prime ? try symbol(name) : .symbol(name)
    }

    /// One spelling for a name: no spaces and backslashes, and an index in braces.
    static func canonicalName(_ bytes: ArraySlice<UInt8>) -> String {
        var name: [UInt8] = []
        var index: ArraySlice<UInt8>.Index?
        for position in bytes.indices {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\\") || AnswerText.isSpace(byte) { continue }
            if byte == UInt8(ascii: "_"), index == nil {
                index = position
                name.append(byte)
                if position + 1 < bytes.endIndex, bytes[position + 1] != UInt8(ascii: "{") {
                    name.append(UInt8(ascii: "{"))
                } else {
                    index = bytes.endIndex
                }
                continue
            }
            name.append(byte)
        }
        if let index, index != bytes.endIndex { name.append(UInt8(ascii: "}")) }
        return String(decoding: name, as: UTF8.self)
    }

    // MARK: Symbols

    /// A symbol with the primes and the index that follow its name, or an application of that name.
    mutating func symbol(_ base: String) throws(AnswerProblem) -> MathExpression {
        var name = base
        while kind == .prime {
            advance()
            name += "'"
        }
        if kind == .subscripted {
            advance()
            name += "_{" + (try indexName()) + "}"
            while kind == .prime {
                advance()
                name += "'"
            }
        }
        if kind == .openRound, !token.hasSpace, isApplication(base) { return try application(name) }
        return .symbol(name)
    }

    /// The text of an index: what its tokens say, without spaces, backslashes and text commands.
    mutating func indexName() throws(AnswerProblem) -> String {
        let opening = token
        switch kind {
        case .openGroup: break
        case .word where syntax == .latex:
            let name = Self.letterNames[Int(byte(opening) & 0x7F)]
            if opening.count > 1 {
                tokens[index].start += 1
                tokens[index].hasSpace = false
            } else {
                advance()
            }
            return name
        case .digits, .word, .letter, .constant, .text, .rawName:
            advance()
            return Self.canonicalName(bytes[Int(opening.start)..<Int(opening.end)])
        default: throw malformed("an index")
        }
        var depth = 0
        var name: [UInt8] = []
        while true {
            let token = self.token
            switch token.kind {
            case .end: throw malformed("a closing brace after the index")
            case .openGroup: depth += 1
            case .closeGroup: depth -= 1
            default: break
            }
            advance()
            if depth == 0 {
                guard !name.isEmpty else { throw malformed("an index") }
                return String(decoding: name, as: UTF8.self)
            }
            if depth == 1, token.kind == .openGroup { continue }
            for byte in bytes[Int(token.start)..<Int(token.end)]
            where !AnswerText.isSpace(byte) && byte != UInt8(ascii: "\\") {
                name.append(byte)
            }
        }
    }

    /// `\overline{AB}`, `\vec{v}`: a symbol under its accent; a bar over anything else conjugates it.
    mutating func accented() throws(AnswerProblem) -> MathExpression {
        let accent = MathLexicon.accents[Int(token.detail)]
        advance()
        if kind == .openGroup, kind(ahead: 2) == .closeGroup {
            let inner = tokens[index + 1]
            switch inner.kind {
            case .word, .letter, .rawName, .digits, .text:
                index += 3
                return try symbol(
                    accent + "{" + Self.canonicalName(bytes[Int(inner.start)..<Int(inner.end)]) + "}")
            default: break
            }
        }
        if kind == .word || kind == .letter {
            let inner = token
            if kind == .word, inner.count > 1 {
                tokens[index].start += 1
                tokens[index].hasSpace = false
                return try symbol(accent + "{" + Self.letterNames[Int(byte(inner) & 0x7F)] + "}")
            }
            advance()
            return try symbol(accent + "{" + Self.canonicalName(bytes[Int(inner.start)..<Int(inner.end)]) + "}")
        }
        let argument = try argument()
        if accent == "bar" { return .call(.conjugate, [argument]) }
        return .application(accent, [argument])
    }

    /// `\angle ABC`, `\triangle ABC`.
    mutating func prefixed() throws(AnswerProblem) -> MathExpression {
        let prefix = string(token)
        advance()
        guard kind == .word else {
            try enter()
            defer { leave() }
            return .application(prefix, [try argument()])
        }
        let name = prefix + "{" + string(token) + "}"
        advance()
        return try symbol(name)
    }

    // MARK: Applications

    static func isFunctionName(_ name: String) -> Bool {
        switch name {
        case "f", "g", "h", "F", "G", "H", "P", "Q", "W", "phi", "varphi", "Gamma", "zeta": true
        default: false
        }
    }

    /// `f(…)` and `g(…)` apply; other names of functions do where the bracket holds no sum, because `P(1 + r)` and
    /// `h(a + b)` are products more often.
    private func isApplication(_ name: String) -> Bool {
        if name == "f" || name == "g" { return true }
        guard Self.isFunctionName(name) else { return false }
        var open = 0
        for token in tokens[index...].prefix(64) {
            switch token.kind {
            case .openRound: open += 1
            case .closeRound:
                open -= 1
                if open == 0 { return true }
            case .plus, .minus:
                if open == 1, tokens[index + 1].start != token.start { return false }
            default: break
            }
        }
        return false
    }

    mutating func application(_ name: String) throws(AnswerProblem) -> MathExpression {
        .application(name, try argumentList(allowsBar: true))
    }

    // MARK: Words of a language

    /// Whether the word and those after it read as a phrase: one of the next words is longer than letters side by side.
    private var beginsPhrase: Bool {
        guard token.count > 1 else { return false }
        for token in tokens[(index + 1)...].prefix(6) {
            guard token.kind == .word, token.hasSpace else { return false }
            if token.detail == WordReading.text.rawValue { return true }
        }
        return false
    }

    /// Words after each other, as one text with single spaces.
    private mutating func phrase() throws(AnswerProblem) -> MathExpression {
        let isMonth =
            index == 0 && syntax == .latex
            && MathLexicon.months.find(bytes, Int(token.start), Int(token.end)) != nil
        var text = bytes[Int(token.start)..<Int(token.end)]
        advance()
        if syntax == .plain, kind == .openRound, !token.hasSpace {
            return try application(String(decoding: text, as: UTF8.self))
        }
        while true {
            switch kind {
            case .word: text.append(0x20)
            // `June 20`
            case .digits where isMonth && token.hasSpace && kind(ahead: 1) == .end: text.append(0x20)
            case .function, .letter, .element:
                // The word of a language that happens to be a name: `the sign changes`.
                guard token.start == 0 || bytes[Int(token.start) - 1] != UInt8(ascii: "\\"),
                    kind(ahead: 1) != .openRound
                else { return .text(String(decoding: text, as: UTF8.self)) }
                text.append(0x20)
            case .minus where kind(ahead: 1) == .word && !token.hasSpace && !tokens[index + 1].hasSpace:
                text.append(UInt8(ascii: "-"))
                advance()
            case .prime where kind(ahead: 1) == .word && !token.hasSpace:
                text.append(UInt8(ascii: "'"))
                advance()
            default: return .text(String(decoding: text, as: UTF8.self))
            }
            text += bytes[Int(token.start)..<Int(token.end)]
            advance()
        }
    }

    // MARK: Units and currencies

    /// Whether the word at hand is a unit of the number before it, and no factor.
    func isUnitNext(after value: MathExpression?) -> Bool {
        guard kind == .word || kind == .function, let value, token.count > 1 else { return false }
        if token.detail == WordReading.text.rawValue, kind == .word { return true }
        guard Self.isNumeric(value) else { return false }
        guard token.start == 0 || bytes[Int(token.start) - 1] != UInt8(ascii: "\\"), kind(ahead: 1) != .openRound else {
            return false
        }
        return MathLexicon.shortUnits.find(bytes, Int(token.start), Int(token.end)) != nil
    }

    private static func isNumeric(_ value: MathExpression) -> Bool {
        switch value {
        case .number: true
        case .call(.root, _): true
        case .constant(.pi): true
        case .product(let factors): factors.allSatisfy { isNumeric($0) || isReciprocal($0) }
        default: false
        }
    }

    private static func isReciprocal(_ value: MathExpression) -> Bool {
        if case .power(.number, .number(-1)) = value { return true }
        return false
    }

    /// The unit, percent or degree sign in words after a product; `nil` where none stands there.
    mutating func unit(after value: MathExpression) throws(AnswerProblem) -> MathExpression? {
        switch kind {
        case .percent:
            advance()
            return .percent(value)
        case .degree:
            advance()
            return .degrees(value)
        case .currency:
            let unit = string(token)
            advance()
            return .measured(value, unit: unit)
        case .text: break
        case .word, .function: guard isUnitNext(after: value) else { return nil }
        default: return nil
        }
        var unit = try unitName()
        while kind == .divide || kind == .times, kind(ahead: 1) == .text || kind(ahead: 1) == .word {
            unit += kind == .divide ? "/" : "·"
            advance()
            unit += try unitName()
        }
        return .measured(value, unit: unit)
    }

    private mutating func unitName() throws(AnswerProblem) -> String {
        var unit: String
        if kind == .text || kind == .function {
            unit = string(token)
            advance()
            while kind == .text {
                unit += " " + string(token)
                advance()
            }
        } else if token.detail == WordReading.text.rawValue, case .text(let words) = try phrase() {
            unit = words
        } else {
            unit = string(token)
            advance()
        }
        if kind == .power {
            let isGroup = kind(ahead: 1) == .openGroup
            let offset = isGroup ? 2 : 1
            if kind(ahead: offset) == .digits, !isGroup || kind(ahead: 3) == .closeGroup {
                unit += "^" + string(tokens[index + offset])
                index += isGroup ? 4 : 2
            } else if isGroup, kind(ahead: 2) == .minus, kind(ahead: 3) == .digits, kind(ahead: 4) == .closeGroup {
                unit += "^-" + string(tokens[index + 3])
                index += 5
            }
        }
        return unit
    }

    /// `\$18.90`.
    mutating func currency(isNegative: Bool) throws(AnswerProblem) -> MathExpression {
        let unit = string(token)
        let mark = unit.hasPrefix("\\") ? String(unit.dropFirst()) : unit
        advance()
        guard kind != .currency else { throw malformed("an amount") }
        var factors: [MathExpression] = []
        let isNegative = isNegative != (kind == .minus)
        if kind == .minus { advance() }
        try self.factors(into: &factors)
        if isNegative { Self.negate(&factors) }
        while kind == .divide {
            advance()
            factors.append(.power(try factor(), .number(-1)))
        }
        return .measured(Self.make(factors), unit: mark)
    }
}
