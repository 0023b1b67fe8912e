import Rewards

/// Reads an expression and computes it on the way, by recursive descent.
struct CalculatorParser {
    private static let maximumDepth = 40

    private let characters: [Character]
    private var position = 0
    private var depth: Int
    private(set) var formulas: [MedicalFormula] = []

    init(_ text: some StringProtocol, depth: Int = 0) {
        characters = Array(text)
        self.depth = depth
    }

    /// The value of the whole text.
    mutating func value() throws(CalculatorError) -> CalculatorValue {
        let value = try sum()
        skipSpace()
        guard position == characters.count else {
            let rest = String(characters[position...].prefix(20))
            throw CalculatorError(
                "“\(rest)” is not understood at character \(position + 1); expected an operator or the end"
                    + (characters[position] == "," ? ", and numbers without thousands separators" : ""))
        }
        return value
    }

    // MARK: Operators

    private mutating func sum() throws(CalculatorError) -> CalculatorValue {
        depth += 1
        guard depth <= Self.maximumDepth else {
            throw CalculatorError("brackets are nested more than \(Self.maximumDepth) deep")
        }
        defer { depth -= 1 }
        var result = try product()
        while true {
            skipSpace()
            if take("+") {
                result = try result.adding(product(), isDifference: false)
            } else if take("-") || take("−") || take("–") {
                result = try result.adding(product(), isDifference: true)
            } else {
                return result
            }
        }
    }

    private mutating func product() throws(CalculatorError) -> CalculatorValue {
        var result = try signed()
        while true {
            skipSpace()
            if take("*") || take("×") || take("·") || takeWord("of") {
                result = try result.times(signed(), power: 1)
            } else if take("/") || take("÷") || takeWord("per") {
                result = try result.times(signed(), power: -1)
            } else {
                return result
            }
        }
    }

    private mutating func signed() throws(CalculatorError) -> CalculatorValue {
        skipSpace()
        var isNegative = false
        while true {
            if take("-") || take("−") {
                isNegative.toggle()
            } else if !take("+") {
                break
            }
            skipSpace()
        }
        // The zero of a temperature scale has values below it: −40 °C is a temperature, not the negative of one.
        let start = position
        if isNegative, let literal = try number() {
            if let value = try quantity(-literal), value.temperature == .point { return value }
            position = start
        }
        var value = try power()
        if isNegative {
            guard value.temperature != .point else {
                throw CalculatorError("the negative of a temperature has no meaning")
            }
            value.number = -value.number
        }
        return value
    }

    /// A power, with the unit that follows it.
    private mutating func power() throws(CalculatorError) -> CalculatorValue {
        if var literal = try number() {
            skipSpace()
            if let factor = powerOfTen() { literal = try literal.scaled(by: factor) }
            skipSpace()
            if !isPower, let value = try quantity(literal) { return try percent(value) }
            let plain = CalculatorValue(literal)
            guard isPower else { return try percent(plain) }
            return try withUnit(raised(plain))
        }
        let value = try primary()
        skipSpace()
        return try percent(withUnit(isPower ? raised(value) : value))
    }

    /// `10*9` or `10^9` behind a number, as UCUM and laboratories write counts: `150 10*9/L`.
    private mutating func powerOfTen() -> Rational? {
        guard peek == "1", peek(1) == "0", peek(2) == "*" || peek(2) == "^", peek(3).map(isDigit) ?? false else {
            return nil
        }
        position += 3
        var exponent = 0
        while let digit = peek, isDigit(digit), exponent < 100 {
            exponent = exponent * 10 + (digit.wholeNumberValue ?? 0)
            position += 1
        }
        return .powerOfTen(exponent)
    }

    private var isPower: Bool { peek == "^" || peek == "*" && peek(1) == "*" }

    private mutating func raised(_ base: CalculatorValue) throws(CalculatorError) -> CalculatorValue {
        position += peek == "^" ? 1 : 2
        skipSpace()
        var isNegative = false
        if take("-") || take("−") { isNegative = true } else { _ = take("+") }
        skipSpace()
        var exponent: CalculatorValue
        if let literal = try number() { exponent = CalculatorValue(literal) } else { exponent = try primary() }
        skipSpace()
        if isPower { exponent = try raised(exponent) }
        if isNegative { exponent.number = -exponent.number }
        return try base.power(exponent)
    }

    private mutating func percent(_ value: CalculatorValue) throws(CalculatorError) -> CalculatorValue {
        skipSpace()
        guard peek == "%" else { return value }
        guard value.isPlain else { throw CalculatorError("a percent sign follows a quantity that has a unit") }
        position += 1
        var value = value
        value.number = try value.number.scaled(by: Rational(1, 100) ?? .one)
        return value
    }

    // MARK: Operands

    private mutating func primary() throws(CalculatorError) -> CalculatorValue {
        skipSpace()
        guard let character = peek else { throw CalculatorError("the expression ends where a number was expected") }
        if take("(") {
            let value = try sum()
            skipSpace()
            guard take(")") else { throw CalculatorError("a closing bracket is missing") }
            return value
        }
        if character == "π" {
            position += 1
            return CalculatorValue(try BoundedNumber(RealBounds.pi))
        }
        let start = position
        if let name = word() {
            skipSpace()
            if peek == "(" { return try call(name) }
            if name == "pi" { return CalculatorValue(try BoundedNumber(RealBounds.pi)) }
            position = start
        }
        if let unit = try unit() { return unit }
        throw CalculatorError(
            "“\(String(characters[start...].prefix(20)))” is not understood at character \(start + 1); expected a number, a "
                + "unit, a bracket or one of \(CalculatorFunction.names)")
    }

    /// A number without sign: digits, a decimal point, a power of ten.
    private mutating func number() throws(CalculatorError) -> BoundedNumber? {
        let start = position
        while let digit = peek, isDigit(digit) { position += 1 }
        if peek == ".", start < position || peek(1).map(isDigit) ?? false {
            position += 1
            while let digit = peek, isDigit(digit) { position += 1 }
        }
        guard position > start else { return nil }
        if peek == "e" || peek == "E" {
            let sign = peek(1) == "-" || peek(1) == "+" ? 1 : 0
            if peek(1 + sign).map(isDigit) ?? false {
                position += 1 + sign
                while let digit = peek, isDigit(digit) { position += 1 }
            }
        }
        let text = String(characters[start..<position])
        guard let value = Rational(plainDecimal: text) else {
            throw CalculatorError("the number \(text.prefix(20)) is too large")
        }
        return try BoundedNumber((value, value))
    }

    /// A number with the unit that follows it; `nil` where none follows.
    private mutating func quantity(_ number: BoundedNumber) throws(CalculatorError) -> CalculatorValue? {
        skipSpace()
        guard let unit = try writtenUnit() else { return nil }
        return try raisedUnit(unit, number)
    }

    /// A value times the unit that follows it, where it has none itself.
    private mutating func withUnit(_ value: CalculatorValue) throws(CalculatorError) -> CalculatorValue {
        guard value.isPlain else { return value }
        let start = position
        guard let unit = try quantity(value.number) else {
            position = start
            return value
        }
        return unit
    }

    /// One of a unit that stands alone.
    private mutating func unit() throws(CalculatorError) -> CalculatorValue? {
        guard let unit = try writtenUnit() else { return nil }
        return try raisedUnit(unit, .one)
    }

    private mutating func raisedUnit(
        _ written: (text: String, unit: UnitOfMeasure), _ number: BoundedNumber
    ) throws(CalculatorError) -> CalculatorValue {
        guard isPower else { return try CalculatorValue(number, written.unit, text: written.text) }
        guard !written.unit.hasZeroPoint else { throw CalculatorError("\(written.text) cannot be raised to a power") }
        let unit = try raised(CalculatorValue(.one, written.unit, text: written.text))
        return try CalculatorValue(number).times(unit, power: 1)
    }

    /// The text of a unit without operators but the dots of UCUM, and its meaning.
    private mutating func writtenUnit() throws(CalculatorError) -> (text: String, unit: UnitOfMeasure)? {
        let start = position
        guard let first = peek, first.isLetter || "[°µ".contains(first) else { return nil }
        while let character = peek {
            if character == "[" {
                while let inner = peek, inner != "]" { position += 1 }
                guard peek == "]" else { throw CalculatorError("a closing square bracket is missing") }
                position += 1
            } else if character.isLetter || isDigit(character) || "°µ_'²³".contains(character) {
                position += 1
            } else if character == ".", peek(1)?.isLetter ?? false {
                position += 1
            } else {
                break
            }
        }
        let text = String(characters[start..<position])
        if peek == "(" || ["of", "per"].contains(text) {
            position = start
            return nil
        }
        do throws(AnswerProblem) { return (text, try UnitOfMeasure(text)) } catch {
            throw CalculatorError(
                "“\(text.prefix(30))” is no unit or function; expected a unit such as mg, mL or mm[Hg], or one of "
                    + CalculatorFunction.names)
        }
    }

    // MARK: Calls

    private mutating func call(_ name: String) throws(CalculatorError) -> CalculatorValue {
        let arguments = try self.arguments()
        if let function = CalculatorFunction(rawValue: name) {
            var values: [CalculatorValue] = []
            for argument in arguments { values.append(try evaluate(argument)) }
            return try function.value(of: values)
        }
        guard let formula = MedicalFormula.named(name) else {
            throw CalculatorError(
                "there is no function “\(name)”; available are \(CalculatorFunction.names), "
                    + MedicalFormula.all.map(\.name).joined(separator: ", "))
        }
        var inputs: [(name: String?, text: String, value: CalculatorValue?)] = []
        for argument in arguments {
            let (label, text) = Self.labelled(argument)
            let isWord = MedicalFormula.words.contains(text.lowercased())
            inputs.append((label, text, isWord ? nil : try evaluate(text)))
        }
        let value = try formula.value(of: inputs)
        if !formulas.contains(formula) { formulas.append(formula) }
        return value
    }

    private mutating func evaluate(_ text: String) throws(CalculatorError) -> CalculatorValue {
        depth += 1
        guard depth <= Self.maximumDepth else {
            throw CalculatorError("brackets are nested more than \(Self.maximumDepth) deep")
        }
        defer { depth -= 1 }
        var parser = CalculatorParser(text, depth: depth)
        let value = try parser.value()
        for formula in parser.formulas where !formulas.contains(formula) { formulas.append(formula) }
        return value
    }

    /// The texts between the brackets that follow, separated by commas.
    private mutating func arguments() throws(CalculatorError) -> [String] {
        position += 1
        var (texts, text, depth) = ([String](), "", 0)
        while let character = peek {
            position += 1
            if character == ")", depth == 0 {
                let last = text.split(separator: " ").joined(separator: " ")
                if !(texts.isEmpty && last.isEmpty) { texts.append(last) }
                return texts
            }
            if character == ",", depth == 0 {
                texts.append(text.split(separator: " ").joined(separator: " "))
                text = ""
                continue
            }
            if "([".contains(character) { depth += 1 } else if ")]".contains(character) { depth -= 1 }
            text.append(character)
        }
        throw CalculatorError("a closing bracket is missing")
    }

    /// `age=40` or `age: 40` apart.
    private static func labelled(_ text: String) -> (String?, String) {
        guard let mark = text.firstIndex(where: { $0 == "=" || $0 == ":" }) else { return (nil, text) }
        let label = text[..<mark].split(separator: " ").joined(separator: "_").lowercased()
        return (label, text[text.index(after: mark)...].split(separator: " ").joined(separator: " "))
    }

    // MARK: Characters

    private var peek: Character? { position < characters.count ? characters[position] : nil }

    private func peek(_ offset: Int) -> Character? {
        position + offset < characters.count ? characters[position + offset] : nil
    }

    private mutating func skipSpace() { while let character = peek, character.isWhitespace { position += 1 } }

    private mutating func take(_ character: Character) -> Bool {
        guard peek == character, !(character == "*" && peek(1) == "*") else { return false }
        position += 1
        return true
    }

    private mutating func takeWord(_ text: String) -> Bool {
        let start = position
        if word() == text { return true }
        position = start
        return false
    }

    /// A name: letters, digits and underscores, a letter first; in lower case.
    private mutating func word() -> String? {
        guard let first = peek, first.isASCII, first.isLetter else { return nil }
        let start = position
        while let character = peek, character.isASCII, character.isLetter || character.isNumber || character == "_" {
            position += 1
        }
        return String(characters[start..<position]).lowercased()
    }

    private func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
}
