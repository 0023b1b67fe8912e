import BigInt

/// Numbers as they are written in decimals.
extension MathParser {
    /// A number: digits in groups, a decimal part, a period that repeats, an exponent of ten. `isScript` keeps to the
    /// plain digits of an exponent, an index or a root.
    mutating func number(isScript: Bool = false) throws(AnswerProblem) -> MathExpression {
        let start = index
        var digits = DigitRun()
        if kind == .digits {
            if !isScript, let numeral = try letteredNumeral() { return numeral }
            digits.append(bytes, token)
            advance()
            if !isScript { try groups(&digits, from: start) }
        }
        if !isScript, kind == .subscripted, digits.count > 0 {
            advance()
            return try numeral(digits.text, base: try script())
        }
        var isDecimal = false
        if kind == .dot, !token.hasSpace || digits.count == 0, let repeated = try decimals(&digits) {
            isDecimal = true
            if let repeated { return .number(repeated) }
        }
        guard digits.count > 0 else { throw malformed("a digit") }
        guard digits.count <= limits.digits else {
            throw .overBudget("a number has more than \(limits.digits) digits")
        }
        let exponent = try exponent(digits.count, isScript: isScript)
        let value = try digits.value(shifted: exponent, limits)
        guard !isDecimal, !isScript, exponent == 0, let mixed = try mixedNumber(value) else { return .number(value) }
        return mixed
    }

    /// Groups of three digits after commas or spaces.
    private mutating func groups(_ digits: inout DigitRun, from start: Int) throws(AnswerProblem) {
        if kind == .groupSeparator {
            while kind == .groupSeparator, kind(ahead: 1) == .digits, tokens[index + 1].count == 3 {
                advance()
                digits.append(bytes, token)
                advance()
            }
            if kind == .groupSeparator { throw malformed("three digits after the thousands separator") }
            apply("thousands separators")
            return
        }
        guard kind == .digits else { return }
        if kind(ahead: 1) == .divide, kind(ahead: 2) == .digits { return }
        guard tokens[start].count <= 3, !isInArguments else { throw malformed("one number") }
        while kind == .digits {
            guard token.count == 3, token.hasSpace else { throw malformed("three digits after the space") }
            digits.append(bytes, token)
            advance()
        }
        apply("thousands separators")
    }

    /// Reads a decimal part; `nil` where the dot begins none, `.some(value)` where it repeats.
    private mutating func decimals(_ digits: inout DigitRun) throws(AnswerProblem) -> Rational?? {
        let next = index + 1 < tokens.count ? tokens[index + 1] : token
        if next.kind == .digits, !next.hasSpace {
            advance()
            digits.append(bytes, token)
            digits.decimals += token.count
            advance()
        } else if next.kind == .accent, digits.count > 0 {
            advance()
        } else {
            guard syntax != .latex, digits.count > 0 else { return nil }
            advance()
            return .some(nil)
        }
        guard kind == .accent, MathLexicon.accents[Int(token.detail)] == "bar" || token.detail == 4 else {
            return .some(nil)
        }
        let period: MathToken
        switch (kind(ahead: 1), kind(ahead: 2), kind(ahead: 3)) {
        case (.openGroup, .digits, .closeGroup):
            period = tokens[index + 2]
            index += 4
        case (.digits, _, _) where tokens[index + 1].count == 1:
            period = tokens[index + 1]
            index += 2
        default: throw malformed("the digits of the period under the bar")
        }
        guard digits.count + period.count <= limits.digits else {
            throw .overBudget("a number has more than \(limits.digits) digits")
        }
        apply("repeating decimals")
        // d.dd(ppp) = (ddd·(10^p − 1) + ppp) / (10^d · (10^p − 1))
        var run = DigitRun()
        run.append(bytes, period)
        let head = try digits.value(shifted: 0, limits)
        let nines = Rational.powerOfTen(period.count) - 1
        let tail = try run.value(shifted: 0, limits) * Rational.powerOfTen(-digits.decimals)
        guard let fraction = tail / nines else { throw malformed("the digits of the period under the bar") }
        return .some(head + fraction)
    }

    /// `E-13` right after digits. In LaTeX a small `e` is Euler's number unless the number is all that is written.
    private mutating func exponent(_ count: Int, isScript: Bool) throws(AnswerProblem) -> Int {
        guard kind == .word, !isScript, !token.hasSpace, token.start == tokens[index - 1].end else { return 0 }
        let letter = byte(token)
        guard letter | 0x20 == UInt8(ascii: "e") else { return 0 }
        var end = index + 1
        var isNegative = false
        var digits = ArraySlice<UInt8>()
        if token.count == 1 {
            if kind(ahead: 1) == .minus || kind(ahead: 1) == .plus {
                guard !tokens[end].hasSpace else { return 0 }
                isNegative = kind(ahead: 1) == .minus
                end += 1
            }
            guard end < tokens.count, tokens[end].kind == .digits, !tokens[end].hasSpace else { return 0 }
            digits = bytes[Int(tokens[end].start)..<Int(tokens[end].end)]
            end += 1
        } else {
            // In plain notation `e21` is one token.
            digits = bytes[(Int(token.start) + 1)..<Int(token.end)]
            guard !digits.isEmpty, digits.allSatisfy(MathTokenizer.isDigit) else { return 0 }
        }
        if syntax == .latex, letter == UInt8(ascii: "e") {
            guard tokens[end].kind == .end else { return 0 }
            for token in tokens[..<(index - 1)] {
                switch token.kind {
                case .digits, .dot, .minus, .plus: break
                default: return 0
                }
            }
        }
        var magnitude = 0
        for digit in digits {
            magnitude = magnitude * 10 + Int(digit) - 0x30
            if magnitude + count > limits.digits {
                throw .overBudget("a number has more than \(limits.digits) digits")
            }
        }
        index = end
        return isNegative ? -magnitude : magnitude
    }

    /// `1 \frac{1}{2}`, `3 1/2`: a whole number with a proper fraction of whole numbers.
    private mutating func mixedNumber(_ whole: Rational) throws(AnswerProblem) -> MathExpression? {
        let numerator: MathToken
        let denominator: MathToken
        let length: Int
        switch (kind, kind(ahead: 1), kind(ahead: 2)) {
        case (.fraction, .openGroup, .digits):
            numerator = tokens[index + 2]
            guard kind(ahead: 3) == .closeGroup, kind(ahead: 4) == .openGroup, kind(ahead: 5) == .digits,
                kind(ahead: 6) == .closeGroup
            else { return nil }
            denominator = tokens[index + 5]
            length = 7
        case (.fraction, .digits, let third) where tokens[index + 1].count == 2 && third != .openGroup:
            numerator = MathToken(kind: .digits, start: tokens[index + 1].start, end: tokens[index + 1].start + 1)
            denominator = MathToken(kind: .digits, start: tokens[index + 1].start + 1, end: tokens[index + 1].end)
            length = 2
        case (.digits, .divide, .digits) where token.hasSpace:
            numerator = token
            denominator = tokens[index + 2]
            length = 3
        default: return nil
        }
        guard numerator.count + denominator.count <= limits.digits else {
            throw .overBudget("a number has more than \(limits.digits) digits")
        }
        var upper = DigitRun()
        upper.append(bytes, numerator)
        var lower = DigitRun()
        lower.append(bytes, denominator)
        let (above, below) = (try upper.value(shifted: 0, limits), try lower.value(shifted: 0, limits))
        guard above < below, let fraction = above / below else {
            if kind == .digits { throw malformed("one number") }
            return nil
        }
        index += length
        apply("mixed numbers")
        return .number(whole + fraction)
    }

    /// `1A3_{16}`: digits and letters together, with a base after them.
    private mutating func letteredNumeral() throws(AnswerProblem) -> MathExpression? {
        guard kind(ahead: 1) == .word, !tokens[index + 1].hasSpace, syntax == .latex else { return nil }
        var end = index
        while end < tokens.count, tokens[end].kind == .digits || tokens[end].kind == .word,
            end == index || !tokens[end].hasSpace, end - index < 16
        { end += 1 }
        guard end < tokens.count, tokens[end].kind == .subscripted else { return nil }
        var digits: [UInt8] = []
        for token in tokens[index..<end] { digits += bytes[Int(token.start)..<Int(token.end)] }
        guard digits.count <= 128, digits.allSatisfy({ MathTokenizer.isDigit($0) || (0x41...0x5A).contains($0) }) else {
            return nil
        }
        guard
            kind(ahead: end - index + 1) == .digits
                || (kind(ahead: end - index + 1) == .openGroup && kind(ahead: end - index + 2) == .digits)
        else { return nil }
        index = end + 1
        return try numeral(String(decoding: digits, as: UTF8.self), base: try script())
    }
}

/// Decimal digits gathered from several tokens.
struct DigitRun {
    private var small: UInt64 = 0
    private var long: [UInt8] = []
    private(set) var count = 0
    /// How many of them stand behind the decimal point.
    var decimals = 0

    mutating func append(_ bytes: [UInt8], _ token: MathToken) {
        let (start, end) = (Int(token.start), Int(token.end))
        if count + end - start <= 18 {
            for index in start..<end { small = small * 10 + UInt64(bytes[index] &- 0x30) }
        } else {
            if long.isEmpty, count > 0 { long = Self.padded(small, count) }
            long += bytes[start..<end]
        }
        count += end - start
    }

    private static func padded(_ value: UInt64, _ count: Int) -> [UInt8] {
        let digits = Array(String(value).utf8)
        return [UInt8](repeating: 0x30, count: max(0, count - digits.count)) + digits
    }

    var text: String {
        long.isEmpty
            ? String(decoding: Self.padded(small, count), as: UTF8.self) : String(decoding: long, as: UTF8.self)
    }

    func value(shifted exponent: Int, _ limits: WorkLimits) throws(AnswerProblem) -> Rational {
        guard count <= limits.digits else { throw .overBudget("a number has more than \(limits.digits) digits") }
        let power = exponent - decimals
        if long.isEmpty, power <= 0, power >= -18 {
            var scale: Int64 = 1
            for _ in 0..<(-power) { scale *= 10 }
            if scale == 1 { return Rational(Int(small)) }
            if let value = Rational(Int(small), Int(scale)) { return value }
        }
        guard let digits = BigIntText.integer(text) else { throw .malformed("decimal digits expected") }
        guard let whole = Rational(digits, 1) else { throw .malformed("decimal digits expected") }
        return power == 0 ? whole : whole * Rational.powerOfTen(power)
    }
}
