import BigInt

/// Scans one number at a position of a text, exactly.
///
/// A number is a sign, digits that may stand in groups of three, decimals, an exponent (`e-5`, `×10^-5`, `x 10⁵`,
/// `×10−5`), a fraction (`3/4`), a vulgar fraction (`½`), or a mixed number (`1 1/2`, `2½`). Digits of every script
/// count, one script to a number. The longest number wins; what cannot continue a number ends it, so that `1,23` ends
/// before the comma and a caller that wants the whole text sees that something is left.
struct NumberScanner {
    private let bytes: [UInt8]
    private let style: NumberStyle
    private var position: Int
    private var significand = Significand()
    private var zero: UInt32 = 0
    /// The character that grouped the digits before the decimal separator; zero if none did.
    private var group: UInt8 = 0

    private init(_ bytes: [UInt8], from position: Int, style: NumberStyle) {
        self.bytes = bytes
        self.position = position
        self.style = style
    }

    /// The number that begins at `from`, or `nil` if none does. Percent signs, units and words are the caller's.
    static func scan(
        _ bytes: [UInt8], from: Int, policy: NumberPolicy, work: inout Work
    ) throws(AnswerProblem) -> ScannedNumber? {
        try scan(bytes, from: from, style: policy.style, work: &work)
    }

    static func scan(
        _ bytes: [UInt8], from: Int, style: NumberStyle, work: inout Work
    ) throws(AnswerProblem) -> ScannedNumber? {
        if let short = machineInteger(bytes, from: from) {
            try work.spend(short.end - from)
            return short
        }
        var scanner = NumberScanner(bytes, from: from, style: style)
        let number = try scanner.number(&work)
        try work.spend(max(scanner.position, from) - from + 1)
        return number
    }

    /// A sign and up to 18 ASCII digits that the text ends with: the usual answer, without any allocation.
    @inline(__always)
    static func machineInteger(_ bytes: [UInt8], from: Int) -> ScannedNumber? {
        let count = bytes.count
        guard from < count, count - from <= 19 else { return nil }
        var position = from
        let isNegative = bytes[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        guard position < count, count - position <= 18 else { return nil }
        let start = position
        var value = 0
        while position < count {
            let digit = bytes[position] &- 0x30
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int(digit)
            position += 1
        }
        var zeros = start
        while zeros < count - 1, bytes[zeros] == 0x30 { zeros += 1 }
        return ScannedNumber(
            value: Rational(isNegative ? -value : value), end: count, significantFigures: count - zeros,
            isSigned: isNegative)
    }

    private var symbol: NumberSymbol { NumberSymbol(bytes, at: position) }

    private func symbol(at position: Int) -> NumberSymbol { NumberSymbol(bytes, at: position) }

    private mutating func number(_ work: inout Work) throws(AnswerProblem) -> ScannedNumber? {
        if style.parentheses, symbol.code == UInt8(ascii: "("), var inner = try parenthesised(&work) {
            inner.value = -inner.value
            work.apply("parentheses as a minus sign")
            return inner
        }
        let sign = symbol.code
        let isSigned = sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+")
        if isSigned {
            position += symbol.length
            if symbol.isSpace { position += symbol.length }
        }
        guard var number = try magnitude(&work) else { return nil }
        if sign == UInt8(ascii: "-") { number.value = -number.value }
        number.isSigned = isSigned
        return number
    }

    private mutating func parenthesised(_ work: inout Work) throws(AnswerProblem) -> ScannedNumber? {
        let start = position
        position += symbol.length
        if var number = try magnitude(&work) {
            position = number.end
            if symbol.code == UInt8(ascii: ")") {
                position += symbol.length
                number.end = position
                return number
            }
        }
        position = start
        significand = Significand()
        return nil
    }

    private mutating func magnitude(_ work: inout Work) throws(AnswerProblem) -> ScannedNumber? {
        if style.literals, let literal = try literal(&work) { return literal }
        if symbol.code == NumberSymbol.vulgar { return vulgar(addedTo: 0) }
        let isGrouped = try integerPart(&work)
        let hasInteger = significand.written > 0
        let decimals = try decimalPart(&work)
        guard significand.written > 0 else { return nil }
        if hasInteger, decimals == 0, let ratio = try fractionalPart(isGrouped: isGrouped, &work) { return ratio }

        let isTen = decimals == 0 && !isGrouped && significand.isTen
        let end = position
        var exponent = try letterExponent(work.limits)
        if exponent == nil, isTen { exponent = try power(isTenWritten: true, work.limits) }
        if let exponent, isTen, exponent.isPowerOfTen {
            let value = try Self.scaled(Significand.one, by: exponent.value, &work)
            return ScannedNumber(value: value, end: position, significantFigures: 1, form: .scientific)
        }
        if exponent == nil { exponent = try timesTen(work.limits) }
        if exponent == nil { position = end }
        let value = try Self.scaled(significand, by: (exponent?.value ?? 0) - decimals, &work)
        return ScannedNumber(
            value: value, end: position, significantFigures: significand.figures,
            decimals: max(0, decimals - (exponent?.value ?? 0)),
            form: exponent != nil ? .scientific : decimals > 0 ? .decimal : .integer, isGrouped: isGrouped)
    }

    // MARK: Digits

    /// Reads digits up to the next other character; all must be of one script.
    private mutating func digits(_ limits: WorkLimits) throws(AnswerProblem) -> Int {
        var count = 0
        while true {
            let symbol = symbol
            guard symbol.isDigit, zero == 0 || symbol.zero == zero else { return count }
            zero = symbol.zero
            guard significand.append(symbol.digit, limit: limits.digits) else {
                throw .overBudget("the number has more than \(limits.digits) digits")
            }
            position += symbol.length
            count += 1
        }
    }

    /// Reads the digits before the decimal separator and tells whether they are grouped.
    private mutating func integerPart(_ work: inout Work) throws(AnswerProblem) -> Bool {
        let first = symbol
        let count = try digits(work.limits)
        guard (1...3).contains(count), first.code != 0x30 else { return false }
        let separator = symbol
        guard groups(separator), hasGroup(after: separator, at: position) else { return false }
        if isDecimalSeparator(separator), !isGroupRatherThanDecimal(separator) { return false }
        if style.separators == .either, separator.code == UInt8(ascii: ",") || separator.code == UInt8(ascii: ".") {
            try refuseAmbiguity(separator)
        }
        while symbol.code == separator.code, hasGroup(after: separator, at: position) {
            position += symbol.length
            _ = try digits(work.limits)
        }
        group = separator.code
        work.apply("thousands separators")
        return true
    }

    private func groups(_ separator: NumberSymbol) -> Bool {
        switch separator.code {
        case UInt8(ascii: ","): style.separators != .european
        case UInt8(ascii: "."): style.separators != .english
        case UInt8(ascii: "'"), NumberSymbol.noBreakSpace, NumberSymbol.thinSpace, NumberSymbol.arabicThousands: true
        case UInt8(ascii: " "): style.spaceGroups
        default: false
        }
    }

    /// Whether exactly three digits follow the separator that stands at a position.
    private func hasGroup(after separator: NumberSymbol, at start: Int) -> Bool {
        var position = start + separator.length
        for _ in 0..<3 {
            let symbol = symbol(at: position)
            guard symbol.isDigit else { return false }
            position += symbol.length
        }
        return !symbol(at: position).isDigit
    }

    private func isDecimalSeparator(_ separator: NumberSymbol) -> Bool {
        switch separator.code {
        case UInt8(ascii: "."): style.separators != .european
        case UInt8(ascii: ","): style.separators != .english
        case NumberSymbol.arabicDecimal: true
        default: false
        }
    }

    /// For styles in which one character has both uses: it groups if shops would mean so (`guess`), or if it stands
    /// again or another separator follows the group (`either`); else the caller refuses the ambiguity.
    private func isGroupRatherThanDecimal(_ separator: NumberSymbol) -> Bool {
        style.separators == .guess || style.separators == .either
    }

    private func refuseAmbiguity(_ separator: NumberSymbol) throws(AnswerProblem) {
        var after = position + separator.length
        for _ in 0..<3 { after += symbol(at: after).length }
        let next = symbol(at: after)
        let other: UInt8 = separator.code == UInt8(ascii: ",") ? UInt8(ascii: ".") : UInt8(ascii: ",")
        if next.code == other, symbol(at: after + next.length).isDigit { return }
        if next.code == separator.code, hasGroup(after: separator, at: after) { return }
        throw .malformed(
            "expected a number of one meaning, found a separator before three digits that may group or divide",
            offset: position)
    }

    /// Reads the decimal separator and the digits after it; returns how many.
    private mutating func decimalPart(_ work: inout Work) throws(AnswerProblem) -> Int {
        let separator = symbol
        guard isDecimalSeparator(separator), separator.code != group else { return 0 }
        let next = symbol(at: position + separator.length)
        guard next.isDigit, zero == 0 || next.zero == zero else { return 0 }
        position += separator.length
        return try digits(work.limits)
    }

    // MARK: Fractions

    /// `/4` after an integer, ` 1/2` or `½` after the integer of a mixed number.
    private mutating func fractionalPart(
        isGrouped: Bool, _ work: inout Work
    ) throws(AnswerProblem) -> ScannedNumber? {
        guard style.fractions else { return nil }
        let (start, whole) = (position, significand)
        if let denominator = try slashAndDenominator(&work) {
            return try ratio(whole, over: denominator, addedTo: 0, &work)
        }
        position = start
        if symbol.isSpace { position += symbol.length }
        if symbol.code == NumberSymbol.vulgar {
            return vulgar(addedTo: try Self.scaled(whole, by: 0, &work))
        }
        if position > start, symbol.isDigit {
            significand = Significand()
            _ = try digits(work.limits)
            let numerator = significand
            if let denominator = try slashAndDenominator(&work), numerator.isLess(than: denominator) {
                work.apply("mixed number")
                return try ratio(numerator, over: denominator, addedTo: try Self.scaled(whole, by: 0, &work), &work)
            }
        }
        (position, significand) = (start, whole)
        return nil
    }

    /// A slash, perhaps with a space on each side, and digits that no other part of a date or decimal follows.
    private mutating func slashAndDenominator(_ work: inout Work) throws(AnswerProblem) -> Significand? {
        if symbol.isSpace { position += symbol.length }
        guard symbol.code == UInt8(ascii: "/") else { return nil }
        position += symbol.length
        if symbol.isSpace { position += symbol.length }
        guard symbol.isDigit else { return nil }
        significand = Significand()
        _ = try integerPart(&work)
        guard significand.written > 0 else { return nil }
        let next = symbol
        let isContinued = isDecimalSeparator(next) || next.code == UInt8(ascii: "/") || next.code == UInt8(ascii: "-")
        if isContinued, symbol(at: position + next.length).isDigit { return nil }
        return significand
    }

    private func ratio(
        _ numerator: Significand, over denominator: Significand, addedTo whole: Rational, _ work: inout Work
    ) throws(AnswerProblem) -> ScannedNumber? {
        let top = try Self.scaled(numerator, by: 0, &work)
        guard let value = top / (try Self.scaled(denominator, by: 0, &work)) else {
            throw .malformed("expected a fraction, found a zero denominator", offset: position)
        }
        return ScannedNumber(value: whole + value, end: position, form: .fraction)
    }

    private mutating func vulgar(addedTo whole: Rational) -> ScannedNumber? {
        guard style.fractions, let scalar = NumberSymbol.scalar(bytes, at: position).scalar,
            let (numerator, denominator) = NumberSymbol.vulgarFraction(of: scalar),
            let value = Rational(numerator, denominator)
        else { return nil }
        position += symbol.length
        return ScannedNumber(value: whole + value, end: position, form: .fraction)
    }

    // MARK: Exponents

    private struct Exponent {
        var value: Int
        var isPowerOfTen: Bool
    }

    /// `e-5`, `E5` directly after the digits.
    private mutating func letterExponent(_ limits: WorkLimits) throws(AnswerProblem) -> Exponent? {
        guard symbol.code | 0x20 == UInt8(ascii: "e") else { return nil }
        let start = position
        position += symbol.length
        if let value = try signedExponent(limits) { return Exponent(value: value, isPowerOfTen: false) }
        position = start
        return nil
    }

    /// `× 10^-5` after the digits.
    private mutating func timesTen(_ limits: WorkLimits) throws(AnswerProblem) -> Exponent? {
        if symbol.isSpace { position += symbol.length }
        switch symbol.code {
        case NumberSymbol.times, UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "*"): position += symbol.length
        default: return nil
        }
        if symbol.isSpace { position += symbol.length }
        guard symbol.code == UInt8(ascii: "1") else { return nil }
        position += symbol.length
        guard symbol.code == UInt8(ascii: "0") else { return nil }
        position += symbol.length
        return try power(isTenWritten: false, limits)
    }

    /// What stands after the base ten. Without a caret an exponent needs a sign, and a significand before the ten.
    private mutating func power(isTenWritten: Bool, _ limits: WorkLimits) throws(AnswerProblem) -> Exponent? {
        let start = position
        var value: Int?
        switch symbol.code {
        case UInt8(ascii: "^"):
            position += symbol.length
            value = try bracedExponent(limits)
        case UInt8(ascii: "*") where symbol(at: position + symbol.length).code == UInt8(ascii: "*"):
            position += symbol.length
            position += symbol.length
            value = try bracedExponent(limits)
        case UInt8(ascii: "-"), UInt8(ascii: "+"):
            if !isTenWritten { value = try signedExponent(limits) }
        default:
            value = try superscriptExponent(limits)
        }
        guard let value else {
            position = start
            return nil
        }
        return Exponent(value: value, isPowerOfTen: true)
    }

    /// An exponent that may stand in braces or parentheses.
    private mutating func bracedExponent(_ limits: WorkLimits) throws(AnswerProblem) -> Int? {
        let close: UInt8
        switch symbol.code {
        case UInt8(ascii: "{"): close = UInt8(ascii: "}")
        case UInt8(ascii: "("): close = UInt8(ascii: ")")
        default: return try signedExponent(limits)
        }
        position += symbol.length
        guard let value = try signedExponent(limits), symbol.code == close else { return nil }
        position += symbol.length
        return value
    }

    private mutating func signedExponent(_ limits: WorkLimits) throws(AnswerProblem) -> Int? {
        let isNegative = symbol.code == UInt8(ascii: "-")
        if isNegative || symbol.code == UInt8(ascii: "+") { position += symbol.length }
        guard symbol.isDigit else { return nil }
        var value = 0
        while symbol.isDigit {
            value = min(value * 10 + symbol.digit, 1_000_000_000)
            position += symbol.length
        }
        return try Self.checked(isNegative ? -value : value, limits)
    }

    private mutating func superscriptExponent(_ limits: WorkLimits) throws(AnswerProblem) -> Int? {
        let isNegative = symbol.code == NumberSymbol.superscriptMinus
        if isNegative || symbol.code == NumberSymbol.superscriptPlus { position += symbol.length }
        guard symbol.superscriptDigit != nil else { return nil }
        var value = 0
        while let digit = symbol.superscriptDigit {
            value = min(value * 10 + digit, 1_000_000_000)
            position += symbol.length
        }
        return try Self.checked(isNegative ? -value : value, limits)
    }

    private static func checked(_ exponent: Int, _ limits: WorkLimits) throws(AnswerProblem) -> Int {
        guard abs(exponent) <= limits.digits else {
            throw .overBudget("the exponent stands for more than \(limits.digits) digits")
        }
        return exponent
    }

    // MARK: Values

    /// `significand · 10^exponent`.
    static func scaled(
        _ significand: Significand, by exponent: Int, _ work: inout Work
    ) throws(AnswerProblem) -> Rational {
        if let machine = significand.machine {
            if exponent == 0 { return Rational(machine) }
            if (-18...18).contains(exponent) {
                var power = 1
                for _ in 0..<abs(exponent) { power *= 10 }
                if exponent < 0, let value = Rational(machine, power) { return value }
                let (product, overflow) = machine.multipliedReportingOverflow(by: power)
                if !overflow { return Rational(product) }
            }
        }
        let words = (significand.written + abs(exponent)) / 19 + 1
        try work.spend(words * words)
        let value = Rational(significand.integer)
        return exponent == 0 ? value : value * .powerOfTen(exponent)
    }

    /// `0x`, `0b` or `0o` and digits in that base.
    private mutating func literal(_ work: inout Work) throws(AnswerProblem) -> ScannedNumber? {
        guard symbol.code == 0x30 else { return nil }
        let base: Int
        let mark = symbol(at: position + symbol.length)
        switch mark.code | 0x20 {
        case UInt8(ascii: "x"): base = 16
        case UInt8(ascii: "b"): base = 2
        case UInt8(ascii: "o"): base = 8
        default: return nil
        }
        let start = position + symbol.length + mark.length
        guard let (value, end) = try Self.digits(bytes, from: start, base: base, &work) else { return nil }
        position = end
        work.apply("number literal")
        return ScannedNumber(value: value, end: end, form: .literal)
    }

    /// Digits in a base up to 36, letters in either case.
    static func digits(
        _ bytes: [UInt8], from start: Int, base: Int, _ work: inout Work
    ) throws(AnswerProblem) -> (value: Rational, end: Int)? {
        var end = start
        var (value, chunk, scale) = (BigInt(0), 0, 1)
        while end < bytes.count, let digit = digitValue(bytes[end]), digit < base {
            guard end - start < work.limits.digits else {
                throw .overBudget("the number has more than \(work.limits.digits) digits")
            }
            chunk = chunk * base + digit
            scale *= base
            end += 1
            if scale > Int.max / 36 / 36 {
                value = value * BigInt(scale) + BigInt(chunk)
                (chunk, scale) = (0, 1)
            }
        }
        guard end > start else { return nil }
        let words = (end - start) / 10 + 1
        try work.spend(words * words)
        return (Rational(value * BigInt(scale) + BigInt(chunk)), end)
    }

    private static func digitValue(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte) - 0x30
        case 0x41...0x5A: Int(byte) - 0x41 + 10
        case 0x61...0x7A: Int(byte) - 0x61 + 10
        default: nil
        }
    }
}
