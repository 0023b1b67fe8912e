/// Reads a unit as people and models write it: `mg/dL`, `kg/m²`, `mL/min/1.73m²`, `milligrams per decilitre`, `cubic
/// centimetres`, `km cubed`, `inverse femtobarn`, and the codes of UCUM.
///
/// Everyday symbols win over UCUM's codes where both exist (`ft` is a foot). After a slash or `per`, what a space or a
/// multiplication sign joins stays below the line, as in `J/kg·K`; after a full stop UCUM's order from left to right
/// holds.
struct UnitReader {
    private let text: UnitText
    private var position = 0
    private var depth = 0
    private var factors = 0

    init(_ text: UnitText) { self.text = text }

    /// The unit that `bytes[range]` is.
    static func read(
        _ bytes: [UInt8], _ range: Range<Int>, work: inout Work
    ) throws(AnswerProblem) -> UnitMeaning {
        try work.spend(range.count * 2)
        if let common = CommonUnits.table.find(bytes, range) { return common }
        return try readAny(bytes, range, work: &work)
    }

    /// The same for any unit.
    static func readAny(
        _ bytes: [UInt8], _ range: Range<Int>, work: inout Work
    ) throws(AnswerProblem) -> UnitMeaning {
        if let simple = simple(bytes, range) { return simple }
        let text = UnitText(bytes, range)
        if let simple = simple(text.symbols, 0..<text.symbols.count) { return simple }
        var reader = UnitReader(text)
        let unit = try reader.product(&work)
        guard reader.position == text.symbols.count else {
            throw reader.unexpected("an operator or the end of the unit")
        }
        return unit
    }

    /// A single symbol, with a prefix perhaps.
    private static func simple(_ bytes: [UInt8], _ range: Range<Int>) -> UnitMeaning? {
        if let entry = UnitWords.symbols.find(bytes, range) { return entry.meaning }
        if let atom = UCUMAtoms.table.find(bytes, range) { return atom.meaning }
        return UCUMPrefix.first(of: bytes, range) { prefix, rest in
            if let entry = UnitWords.symbols.find(bytes, rest), entry.isMetric {
                return entry.meaning.scaled(by: UCUMPrefix.all[prefix].factor)
            }
            guard let atom = UCUMAtoms.table.find(bytes, rest), atom.isMetric else { return nil }
            return atom.meaning.scaled(by: UCUMPrefix.all[prefix].factor)
        }
    }

    private var symbols: [UInt8] { text.symbols }
    private var peek: UInt8? { position < text.symbols.count ? text.symbols[position] : nil }

    private mutating func skipSpace() { if peek == 0x20 { position += 1 } }

    private mutating func product(_ work: inout Work) throws(AnswerProblem) -> UnitMeaning {
        var result = UnitMeaning.one
        var isBelow = false
        var isOperatorOpen = false
        var isFirst = true
        /// Whether a slash, `per` or multiplication sign allows a number here: `per 100 mL`, `/1.73 m²`.
        var allowsNumber = true
        /// A unit may follow a number directly: `1.73m²`.
        var isAfterNumber = false
        while true {
            skipSpace()
            guard let byte = peek, byte != UInt8(ascii: ")") else { break }
            switch byte {
            case UInt8(ascii: "/"):
                guard !isOperatorOpen else { throw unexpected("a unit") }
                position += 1
                (isBelow, isOperatorOpen, allowsNumber) = (true, true, true)
                continue
            case UInt8(ascii: "*"), UInt8(ascii: "."):
                guard !isOperatorOpen, !isFirst || byte == UInt8(ascii: "*") else { throw unexpected("a unit") }
                position += 1
                if byte == UInt8(ascii: ".") { isBelow = false }
                (isOperatorOpen, allowsNumber) = (true, isFirst || byte == UInt8(ascii: "."))
                continue
            case UInt8(ascii: "-"):
                guard !isFirst, !isOperatorOpen else { throw unexpected("a unit") }
                position += 1
                isOperatorOpen = true
                continue
            default: break
            }
            if byte | 0x20 == UInt8(ascii: "p"), !isHere("per cent"), !isHere("per mille"), take("per") {
                guard !isOperatorOpen else { throw unexpected("a unit") }
                (isBelow, isOperatorOpen, allowsNumber) = (true, true, true)
                continue
            }
            if !isFirst, !isOperatorOpen, let period = takePeriod() {
                guard let product = result.times(period, power: -1) else {
                    throw .overBudget("the unit's factor or exponent is too large")
                }
                result = product
                continue
            }
            factors += 1
            guard factors <= 64 else { throw .overBudget("a unit has more than 64 factors") }
            guard isFirst || isOperatorOpen || isAfterNumber || symbols[position - 1] == 0x20 else {
                throw unexpected("an operator or a space between units")
            }
            try work.spend(16)
            isAfterNumber = (0x30...0x39).contains(byte)
            let factor = try factor(allowsNumber: allowsNumber, isFirst: isFirst && !isOperatorOpen, &work)
            guard let product = result.times(factor, power: isBelow ? -1 : 1) else {
                throw .overBudget("the unit's factor or exponent is too large")
            }
            result = product
            (isOperatorOpen, allowsNumber, isFirst) = (false, false, false)
        }
        guard !isOperatorOpen, !isFirst else { throw unexpected("a unit") }
        return result
    }

    private mutating func factor(
        allowsNumber: Bool, isFirst: Bool, _ work: inout Work
    ) throws(AnswerProblem) -> UnitMeaning {
        guard let byte = peek else { throw unexpected("a unit") }
        var unit: UnitMeaning
        switch byte {
        case UInt8(ascii: "("):
            guard depth < 16 else { throw .overBudget("parentheses are nested more than 16 deep") }
            position += 1
            depth += 1
            unit = try product(&work)
            guard peek == UInt8(ascii: ")") else { throw unexpected("a closing parenthesis") }
            position += 1
            depth -= 1
        case UInt8(ascii: "{"):
            while let byte = peek, byte != UInt8(ascii: "}") { position += 1 }
            guard peek != nil else { throw unexpected("a closing brace") }
            position += 1
            return .one
        case 0x30...0x39:
            guard allowsNumber else { throw unexpected("a unit") }
            return try number(isFirst: isFirst, &work)
        default:
            if let exponent = powerWord() { return try power(exponent, &work) }
            if isFirst, let count = thousands() { return count }
            unit = try word()
        }
        unit = try raised(unit, to: try exponent())
        skipAnnotation()
        while true {
            let start = position
            skipSpace()
            if peek == UInt8(ascii: "-") { position += 1 }
            if take("squared") {
                unit = try raised(unit, to: 2)
            } else if take("cubed") {
                unit = try raised(unit, to: 3)
            } else {
                position = start
                return unit
            }
        }
    }

    /// `square`, `cubic`, `inverse` before a unit.
    private mutating func powerWord() -> Int? {
        switch text.words[position] {
        case UInt8(ascii: "s"): take("square") || take("sq.") || take("sq") ? 2 : nil
        case UInt8(ascii: "c"): take("cubic") || take("cu.") || take("cu") ? 3 : nil
        case UInt8(ascii: "i"): take("inverse") ? -1 : nil
        case UInt8(ascii: "r"): take("reciprocal") ? -1 : nil
        default: nil
        }
    }

    private mutating func power(_ exponent: Int, _ work: inout Work) throws(AnswerProblem) -> UnitMeaning {
        skipSpace()
        if peek == UInt8(ascii: "-") { position += 1 }
        factors += 1
        guard peek != nil, factors <= 64 else { throw unexpected("a unit after a word of power") }
        return try raised(try factor(allowsNumber: false, isFirst: false, &work), to: exponent)
    }

    private func raised(_ unit: UnitMeaning, to exponent: Int) throws(AnswerProblem) -> UnitMeaning {
        if exponent == 1 { return unit }
        guard abs(exponent) <= 30, let power = UnitMeaning.one.times(unit, power: exponent) else {
            throw .overBudget("the unit's factor or exponent is too large")
        }
        return power
    }

    /// A number below the line or a power of ten before a unit: `1.73 m²`, `10*9/L`.
    private mutating func number(isFirst: Bool, _ work: inout Work) throws(AnswerProblem) -> UnitMeaning {
        let start = position
        var style = NumberStyle()
        style.fractions = false
        let isTen =
            position + 2 < symbols.count && symbols[position] == 0x31 && symbols[position + 1] == 0x30
            && (symbols[position + 2] == UInt8(ascii: "*") || symbols[position + 2] == UInt8(ascii: "^"))
        if isTen {
            position += 3
            let start = position
            if let exponent = try signedDigits() {
                return UnitMeaning(scale: .powerOfTen(exponent), dimension: .one)
            }
            position = start - 3
        }
        guard let number = try NumberScanner.scan(symbols, from: position, style: style, work: &work),
            number.value.signum > 0, number.value.bitWidth < 256
        else { throw unexpected("a positive number") }
        position = number.end
        guard !isFirst || number.form == .scientific || isTen || peek == UInt8(ascii: ".") || number.value == 1 else {
            position = start
            throw unexpected("a unit")
        }
        return UnitMeaning(scale: number.value, dimension: .one)
    }

    /// `10 mg/kg daily` is `10 mg/kg/d`.
    private mutating func takePeriod() -> UnitMeaning? {
        switch text.words[position] {
        case UInt8(ascii: "d"): take("daily") ? Self.day : nil
        case UInt8(ascii: "h"): take("hourly") ? Self.hour : nil
        case UInt8(ascii: "w"): take("weekly") ? Self.week : nil
        default: nil
        }
    }

    private static let hour = UnitMeaning(scale: 3600, dimension: Dimension(base: 1))
    private static let day = UnitMeaning(scale: 86400, dimension: Dimension(base: 1))
    private static let week = UnitMeaning(scale: 604_800, dimension: Dimension(base: 1))

    /// `K/µL`, `M/µL`, `G/L`, `T/L`: laboratory shorthand for thousands, millions, 10⁹ and 10¹² in a volume.
    private mutating func thousands() -> UnitMeaning? {
        guard position + 2 < symbols.count, symbols[position + 1] == UInt8(ascii: "/") else { return nil }
        let factor: Rational
        switch symbols[position] {
        case UInt8(ascii: "k"), UInt8(ascii: "K"): factor = 1000
        case UInt8(ascii: "M"): factor = 1_000_000
        case UInt8(ascii: "G"): factor = 1_000_000_000
        case UInt8(ascii: "T"): factor = 1_000_000_000_000
        default: return nil
        }
        let rest = Array(symbols[(position + 2)...])
        if factor > 1_000_000 {
            guard rest == [UInt8(ascii: "L")] || rest == [UInt8(ascii: "l")] else { return nil }
            position += 1
            return UnitMeaning(scale: factor, dimension: .one)
        }
        guard ["uL", "ul", "mcL", "mm3", "mm^3", "cumm", "mL", "ml"].contains(where: { rest == Array($0.utf8) }) else {
            return nil
        }
        position += 1
        return UnitMeaning(scale: factor, dimension: .one)
    }

    // MARK: Words

    /// Takes a word in any case that no letter continues.
    private mutating func take(_ word: StaticString) -> Bool {
        guard isHere(word) else { return false }
        let count = word.utf8CodeUnitCount
        if position + count < symbols.count {
            let next = symbols[position + count]
            guard next == 0x20 || next == UInt8(ascii: "-") || next == UInt8(ascii: "/") || next == UInt8(ascii: ")")
            else { return false }
        }
        position += count
        return true
    }

    private func isHere(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard position + count <= text.words.count else { return false }
        return word.withUTF8Buffer { buffer in
            for offset in 0..<count where text.words[position + offset] != buffer[offset] { return false }
            return true
        }
    }

    private static let mostWords = 5

    /// The longest name of one to five words that stands here.
    private mutating func word() throws(AnswerProblem) -> UnitMeaning {
        let start = position
        let first = runEnd(from: start)
        guard first > start else { throw unexpected("a unit") }
        if isWordContinued(at: first) {
            var ends: [Int] = []
            var index = first
            while ends.count < Self.mostWords - 1, isWordContinued(at: index) {
                index = runEnd(from: index + 1)
                ends.append(index)
            }
            for end in ends.reversed() {
                if let unit = Self.name(text.words, start..<end) {
                    position = end
                    return unit
                }
            }
        }
        position = first
        if let unit = Self.simple(symbols, start..<first) ?? Self.name(text.words, start..<first) { return unit }
        // `TCID50`, `cmH2O`: digits are part of the symbol.
        let extended = extendedEnd(from: first)
        if extended > first, let unit = Self.simple(symbols, start..<extended) {
            position = extended
            return unit
        }
        position = start
        let found = String(decoding: symbols[start..<first], as: UTF8.self)
        throw .malformed("expected a unit, found `\(found.prefix(40))`", offset: nil)
    }

    /// A spelled name, with a spelled prefix perhaps.
    private static func name(_ words: [UInt8], _ range: Range<Int>) -> UnitMeaning? {
        if let entry = UnitWords.names.find(words, range) { return entry.meaning }
        let first = words[range.lowerBound]
        for index in UnitWords.prefixInitials.indices where UnitWords.prefixInitials[index] == first {
            let word = UnitWords.prefixes[index].word
            guard word.count < range.count else { continue }
            var offset = 1
            while offset < word.count, words[range.lowerBound + offset] == word[offset] { offset += 1 }
            guard offset == word.count else { continue }
            let rest = range.lowerBound + offset..<range.upperBound
            if let entry = UnitWords.names.find(words, rest), entry.isMetric {
                return entry.meaning.scaled(by: UnitWords.prefixes[index].factor)
            }
        }
        return nil
    }

    /// Whether a space or hyphen and another word stand at the end of a word.
    private func isWordContinued(at end: Int) -> Bool {
        end + 1 < symbols.count && text.words[end] == 0x20 && Self.isNameByte(symbols[end + 1])
    }

    private func runEnd(from start: Int) -> Int {
        var index = start
        while index < symbols.count, Self.isNameByte(symbols[index]) {
            if symbols[index] == UInt8(ascii: "[") {
                guard let close = symbols[index...].firstIndex(of: UInt8(ascii: "]")) else { return index }
                index = close
            }
            index += 1
            // `H2O` is one name.
            if index + 1 < symbols.count, symbols[index - 1] | 0x20 == UInt8(ascii: "h"),
                symbols[index] == UInt8(ascii: "2"), symbols[index + 1] | 0x20 == UInt8(ascii: "o")
            {
                index += 2
            }
        }
        return index
    }

    private func extendedEnd(from start: Int) -> Int {
        var index = start
        while index < symbols.count, Self.isNameByte(symbols[index]) || (0x30...0x39).contains(symbols[index]) {
            index += 1
        }
        return index
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), 0x80..., UInt8(ascii: "_"),
            UInt8(ascii: "%"), UInt8(ascii: "$"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "["):
            true
        default: false
        }
    }

    // MARK: Exponents

    /// `2`, `-1`, `^2`, `^-1`, `**2`, `^(-1)` directly after a unit; 1 where none stands.
    private mutating func exponent() throws(AnswerProblem) -> Int {
        guard let byte = peek else { return 1 }
        switch byte {
        case UInt8(ascii: "^"): position += 1
        case UInt8(ascii: "*") where position + 1 < symbols.count && symbols[position + 1] == UInt8(ascii: "*"):
            position += 2
        case 0x30...0x39: break
        case UInt8(ascii: "-"), UInt8(ascii: "+"):
            guard position + 1 < symbols.count, (0x30...0x39).contains(symbols[position + 1]) else { return 1 }
        default: return 1
        }
        let isParenthesised = peek == UInt8(ascii: "(")
        if isParenthesised { position += 1 }
        guard let value = try signedDigits() else { throw unexpected("an exponent") }
        if isParenthesised {
            guard peek == UInt8(ascii: ")") else { throw unexpected("a closing parenthesis") }
            position += 1
        }
        return value
    }

    private mutating func signedDigits() throws(AnswerProblem) -> Int? {
        let isNegative = peek == UInt8(ascii: "-")
        if isNegative || peek == UInt8(ascii: "+") { position += 1 }
        let start = position
        var value = 0
        while let byte = peek, (0x30...0x39).contains(byte) {
            guard position - start < 3 else { throw .overBudget("a unit's exponent has more than three digits") }
            value = value * 10 + Int(byte - 0x30)
            position += 1
        }
        guard position > start else { return nil }
        return isNegative ? -value : value
    }

    private mutating func skipAnnotation() {
        guard peek == UInt8(ascii: "{"), let end = symbols[position...].firstIndex(of: UInt8(ascii: "}")) else {
            return
        }
        position = end + 1
    }

    private func unexpected(_ expected: String) -> AnswerProblem {
        let rest = String(decoding: symbols[min(position, symbols.count)...].prefix(40), as: UTF8.self)
        return .malformed("expected \(expected), found " + (rest.isEmpty ? "the end" : "`\(rest)`"))
    }
}
