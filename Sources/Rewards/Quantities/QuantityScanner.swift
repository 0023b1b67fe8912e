/// Takes the text of a quantity apart: signs, currency, number, power words, uncertainty, units.
struct QuantityScanner {
    let bytes: [UInt8]
    let rules: QuantityRules
    private(set) var position = 0

    init(_ bytes: [UInt8], rules: QuantityRules, from position: Int = 0) {
        self.bytes = bytes
        self.rules = rules
        self.position = position
    }

    /// One amount as it is written: `unit` is what stands before it (`$5`) or nothing yet.
    struct Amount {
        var value: Rational
        var unit: UnitMeaning?
        var isSigned: Bool
        /// A word for a million or more follows the number.
        var isScaled: Bool
    }

    /// The whole text as one quantity, which may have parts (`5 ft 10 in`).
    mutating func measurement(_ work: inout Work) throws(AnswerProblem) -> Measurement {
        if rules.policy.number.style.parentheses, let inner = parenthesised {
            var scanner = QuantityScanner(inner, rules: rules)
            var measurement = try scanner.measurement(&work)
            work.apply("parentheses as a minus sign")
            measurement.value = -measurement.value
            return measurement
        }
        let amount = try amount(&work)
        try skipUncertainty(&work)
        let rest = position..<bytes.count
        do {
            return Measurement(value: amount.value, unit: try unit(rest, after: amount, &work))
        } catch {
            guard case .malformed = error, let split = partStart(rest) else { throw error }
            let unit = try unit(position..<partEnd(before: split), after: amount, &work)
            return try compound(Measurement(value: amount.value, unit: unit), from: split, &work)
        }
    }

    /// `($99.99)` without its parentheses.
    private var parenthesised: [UInt8]? {
        guard bytes.count > 2, bytes.first == UInt8(ascii: "("), bytes.last == UInt8(ascii: ")") else { return nil }
        let inner = Array(bytes[1..<bytes.count - 1])
        return inner.contains(UInt8(ascii: "(")) ? nil : inner
    }

    // MARK: Amounts

    /// A number at the position, with a currency sign before it and a power word after it.
    mutating func amount(_ work: inout Work) throws(AnswerProblem) -> Amount {
        let start = position
        var isNegative = false
        let symbol = NumberSymbol(bytes, at: position)
        if symbol.code == UInt8(ascii: "-") {
            isNegative = true
            position += symbol.length
            skipSpace()
        }
        var unit = leadingUnit()
        if unit == nil {
            position = start
            isNegative = false
        }
        skipSpace()
        guard var number = try number(&work) else {
            throw .malformed("expected a number, found " + excerpt(position), offset: position)
        }
        position = number.end
        guard !isNegative || !number.isSigned else { throw .malformed("a number has two signs", offset: start) }
        if isNegative { number.value = -number.value }
        let isMoney = unit.map { $0.dimension.rare.contains { $0.unit >= RareUnits.firstCurrency } } ?? false
        var isScaled = number.isWrittenInWords && number.value.magnitude >= 1_000_000
        if let factor = powerWord(isMoney: isMoney) {
            isScaled = factor >= 1_000_000
            number.value = number.value * factor
            work.apply("power words")
        }
        if let leading = unit, leading == UnitMeaning.one { unit = nil }
        return Amount(
            value: number.value, unit: unit, isSigned: number.isSigned || isNegative,
            isScaled: isScaled)
    }

    private func number(_ work: inout Work) throws(AnswerProblem) -> ScannedNumber? {
        if let number = try NumberScanner.scan(bytes, from: position, style: rules.policy.number.style, work: &work) {
            guard rules.policy.number.words, isHere("and", after: number.end) else { return number }
            return try NumberWords.scan(bytes, from: position, policy: rules.policy.number, work: &work) ?? number
        }
        guard rules.policy.number.words else { return nil }
        if var number = try NumberWords.scan(bytes, from: position, policy: rules.policy.number, work: &work) {
            // `half an hour`, `half a mile`
            if number.value < 1, isHere("an", after: number.end) { number.end += 3 }
            if number.value < 1, isHere("a", after: number.end) { number.end += 2 }
            return number
        }
        for word: StaticString in ["a", "an"] where isHere(word, after: position) {
            work.apply("article as one")
            return ScannedNumber(value: .one, end: position + word.utf8CodeUnitCount, form: .words)
        }
        return nil
    }

    /// Whether a word in any case and a space stand here, perhaps after a space.
    private func isHere(_ word: StaticString, after start: Int) -> Bool {
        var index = start
        if index < bytes.count, bytes[index] == 0x20 { index += 1 }
        let count = word.utf8CodeUnitCount
        guard index + count < bytes.count, bytes[index + count] == 0x20 else { return false }
        return word.withUTF8Buffer { buffer in
            for offset in 0..<count where bytes[index + offset] | 0x20 != buffer[offset] { return false }
            return true
        }
    }

    /// A currency sign or code, or `pH`.
    private mutating func leadingUnit() -> UnitMeaning? {
        guard position < bytes.count else { return nil }
        let first = bytes[position]
        guard !(0x30...0x39).contains(first), first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { return nil }
        if first == UInt8(ascii: "p"), position + 2 < bytes.count, bytes[position + 1] == UInt8(ascii: "H"),
            bytes[position + 2] == 0x20
        {
            position += 3
            return UCUMAtoms.table.find("[pH]")?.meaning
        }
        if first == UInt8(ascii: "\\"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "$") {
            position += 1
        }
        for (sign, meaning) in UnitWords.currencySigns where bytes[position] == sign[0] {
            guard bytes.count - position > sign.count,
                bytes[position..<position + sign.count].elementsEqual(sign)
            else { continue }
            let next = bytes[position + sign.count]
            if UnitText.isLetter(sign[sign.count - 1]), UnitText.isLetter(next) { continue }
            position += sign.count
            return meaning
        }
        return nil
    }

    /// `million` after any number; `k`, `M`, `B`, `T` after an amount of money; `k` before a unit by policy.
    private mutating func powerWord(isMoney: Bool) -> Rational? {
        let start = position
        let isAdjacent = position < bytes.count && bytes[position] != 0x20
        if !isAdjacent { skipSpace() }
        var end = position
        while end < bytes.count, UnitText.isLetter(bytes[end]) { end += 1 }
        let isEnded = end == bytes.count || bytes[end] == 0x20 || bytes[end] == UInt8(ascii: "/")
        if isEnded, end > position {
            if rules.policy.number.words, let factor = Self.powerWords.find(bytes, position..<end) {
                position = end
                return factor
            }
            if isMoney, let factor = Self.moneySuffixes.find(bytes, position..<end) {
                position = end
                return factor
            }
            if rules.policy.number.suffixes, isAdjacent, end - position == 1, bytes[position] == UInt8(ascii: "k") {
                position = end
                return 1000
            }
        }
        position = start
        return nil
    }

    private static let powerWords = ByteTable<Rational>([
        ("thousand", 1000), ("million", .powerOfTen(6)), ("billion", .powerOfTen(9)), ("trillion", .powerOfTen(12)),
        ("Million", .powerOfTen(6)), ("Billion", .powerOfTen(9)), ("Trillion", .powerOfTen(12)), ("bn", .powerOfTen(9)),
        ("mn", .powerOfTen(6)), ("mln", .powerOfTen(6)), ("bln", .powerOfTen(9)), ("hundred", 100),
    ])

    /// The factor of the word for a thousand or more that ends at a place.
    static func scale(endingAt end: Int, in bytes: [UInt8]) -> Rational? {
        var start = end
        while start > 0, UnitText.isLetter(bytes[start - 1]) { start -= 1 }
        guard start > 0, end - start > 3, let factor = powerWords.find(bytes, start..<end), factor >= 1000 else {
            return nil
        }
        return factor
    }

    private static let moneySuffixes = ByteTable<Rational>([
        ("k", 1000), ("K", 1000), ("M", .powerOfTen(6)), ("m", .powerOfTen(6)), ("MM", .powerOfTen(6)),
        ("B", .powerOfTen(9)), ("b", .powerOfTen(9)), ("T", .powerOfTen(12)), ("t", .powerOfTen(12)),
    ])

    /// `± 0.01`, `+/- 0.01` after a number, where the policy ignores it.
    mutating func skipUncertainty(_ work: inout Work) throws(AnswerProblem) {
        guard let after = plusMinusEnd else { return }
        guard rules.policy.uncertainty == .ignore else {
            throw .malformed("expected one number, found an uncertainty", offset: position)
        }
        position = after
        skipSpace()
        guard let number = try NumberScanner.scan(bytes, from: position, style: rules.policy.number.style, work: &work)
        else {
            throw .malformed("expected a number after a plus-minus sign, found " + excerpt(position), offset: position)
        }
        position = number.end
        work.apply("uncertainty ignored")
    }

    /// The offset after a plus-minus sign that stands here.
    var plusMinusEnd: Int? {
        var index = position
        while index < bytes.count, bytes[index] == 0x20 { index += 1 }
        guard index + 1 < bytes.count else { return nil }
        switch (bytes[index], bytes[index + 1]) {
        case (0xC2, 0xB1), (UInt8(ascii: "+"), UInt8(ascii: "-")): return index + 2
        case (UInt8(ascii: "+"), UInt8(ascii: "/")):
            let isMinus = index + 2 < bytes.count && bytes[index + 2] == UInt8(ascii: "-")
            return isMinus ? index + 3 : nil
        default: return nil
        }
    }

    // MARK: Units

    /// The unit in `range`, joined with the currency before the number and completed by the policy.
    func unit(
        _ range: Range<Int>, after amount: Amount, _ work: inout Work
    ) throws(AnswerProblem) -> UnitMeaning {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, bytes[lower] == 0x20 { lower += 1 }
        while upper > lower, bytes[upper - 1] == 0x20 { upper -= 1 }
        if lower == upper {
            if let unit = amount.unit ?? rules.policy.unit { return unit }
            return .one
        }
        if isPounds(lower..<upper),
            rules.policy.pounds == .sterling || rules.policy.pounds == .byScale && amount.isScaled
        {
            work.apply("pounds as money")
            return Self.sterling ?? .one
        }
        guard let leading = amount.unit else { return try rules.policy.meaning(of: bytes, lower..<upper, &work) }
        var rest = lower
        if bytes[lower] == UInt8(ascii: "/") || bytes[lower] == UInt8(ascii: "p") {
            // `$5/kg`, `$5 per kilogram`
            let denominator = try rules.policy.meaning(of: bytes, lower..<upper, &work)
            guard let unit = leading.times(denominator) else {
                throw .overBudget("the unit's factor or exponent is too large")
            }
            return unit
        }
        // `$5 USD`, `$10 dollars`: said twice.
        while rest < upper, bytes[rest] == 0x20 { rest += 1 }
        let again = try rules.policy.meaning(of: bytes, rest..<upper, &work)
        guard again == leading else {
            throw .malformed("expected one unit, found one before and another after the number", offset: rest)
        }
        return leading
    }

    private func isPounds(_ range: Range<Int>) -> Bool {
        guard rules.policy.pounds != .mass, (5...6).contains(range.count) else { return false }
        return bytes[range].elementsEqual("pounds".utf8.prefix(range.count))
    }

    private static let sterling = UnitWords.symbols.find("£")?.meaning

    /// Where the next part of `5 ft 10 in`, `2h30min` or `5'10"` begins: at digits after a letter or quote.
    private func partStart(_ range: Range<Int>) -> Int? {
        var index = range.lowerBound + 1
        while index < range.upperBound {
            if (0x30...0x39).contains(bytes[index]) {
                var before = index - 1
                while before > range.lowerBound, bytes[before] == 0x20 || bytes[before] == UInt8(ascii: ",") {
                    before -= 1
                }
                let byte = bytes[before]
                if UnitText.isLetter(byte) || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") || byte >= 0x80 {
                    return index
                }
            }
            index += 1
        }
        return nil
    }

    /// The end of a part's unit: before spaces, a comma and the word `and`.
    private func partEnd(before split: Int) -> Int {
        var end = split
        func skip() {
            while end > position, bytes[end - 1] == 0x20 || bytes[end - 1] == UInt8(ascii: ",") { end -= 1 }
        }
        skip()
        if end - position > 4, bytes[(end - 4)..<end].elementsEqual(" and".utf8) {
            end -= 4
            skip()
        }
        return end
    }

    /// Adds the parts that follow: each of the same dimension, in a smaller unit, and less than one of the unit before.
    private mutating func compound(
        _ first: Measurement, from start: Int, _ work: inout Work
    ) throws(AnswerProblem) -> Measurement {
        var total = first
        var previous = first.unit
        position = start
        while position < bytes.count {
            guard
                let number = try NumberScanner.scan(
                    bytes, from: position, style: rules.policy.number.style, work: &work),
                !number.isSigned
            else {
                throw .malformed("expected the number of a smaller unit, found " + excerpt(position), offset: position)
            }
            position = number.end
            let end = partStart(position..<bytes.count) ?? bytes.count
            let unitEnd = partEnd(before: end)
            guard unitEnd > position else {
                throw .malformed("expected a unit after each number, found the end", offset: position)
            }
            let unit = try rules.policy.meaning(of: bytes, trimmed(position..<unitEnd), &work)
            let part = number.value * unit.scale
            guard unit.dimension == first.unit.dimension, unit.piPower == first.unit.piPower, unit.zeroPoint == .none,
                first.unit.zeroPoint == .none, unit.scale < previous.scale, part < previous.scale
            else {
                throw .malformed("expected parts of one quantity in ever smaller units", offset: position)
            }
            guard let change = part / first.unit.scale else { throw .undecided("a unit of size zero") }
            total.value = first.value.signum < 0 ? total.value - change : total.value + change
            previous = unit
            position = end
        }
        work.apply("parts of one quantity")
        return total
    }

    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, bytes[lower] == 0x20 { lower += 1 }
        while upper > lower, bytes[upper - 1] == 0x20 { upper -= 1 }
        return lower..<upper
    }

    mutating func skipSpace() {
        while position < bytes.count {
            let symbol = NumberSymbol(bytes, at: position)
            guard symbol.isSpace else { return }
            position += symbol.length
        }
    }

    func excerpt(_ start: Int) -> String {
        guard start < bytes.count else { return "the end" }
        return "`" + String(decoding: bytes[start...].prefix(40), as: UTF8.self) + "`"
    }
}
