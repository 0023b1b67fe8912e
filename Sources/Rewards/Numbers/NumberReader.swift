/// Reads ``AnswerType/number``, ``AnswerType/integer``, ``AnswerType/decimal`` and ``AnswerType/percent``: one exact
/// rational number, spelled in any way that the policy allows, and nothing beside it.
struct NumberReader: AnswerReader {
    let type: AnswerType
    let policy: NumberPolicy
    private let readsPlainIntegers: Bool

    init(type: AnswerType = .number, policy: NumberPolicy = NumberPolicy()) {
        self.type = type
        self.policy = policy
        readsPlainIntegers =
            policy.base == nil && policy.percent != .required && policy.currency != .required
            && !(policy.textAround == .ignore && policy.style.separators == .guess)
    }

    func read(_ text: AnswerText, side: AnswerSide, work: inout Work) throws(AnswerProblem) -> CanonicalValue {
        CanonicalValue(number: try value(Self.withoutMathematics(text.withoutEmphasis(&work)), work: &work))
    }

    /// The number that the whole text is.
    func value(_ text: AnswerText, work: inout Work) throws(AnswerProblem) -> Rational {
        guard !text.isEmpty else { throw .malformed("expected a number, found nothing") }
        guard text.bytes.count <= work.limits.bytes else {
            throw .overBudget("the answer is longer than \(work.limits.bytes) bytes")
        }
        if readsPlainIntegers, let integer = NumberScanner.machineInteger(text.bytes, from: 0) {
            try work.spend(text.bytes.count)
            return integer.value
        }
        let bytes = text.isASCII ? text.bytes : try visible(text.bytes, &work)
        let value = try policy.textAround == .ignore ? first(bytes, &work) : whole(bytes, &work)
        guard type != .integer || value.isInteger else {
            throw .malformed("expected an integer, found \(Self.excerpt(bytes, from: 0))")
        }
        return value
    }

    /// `$42$` without the signs of LaTeX's mathematics.
    private static func withoutMathematics(_ text: AnswerText) -> AnswerText {
        let (bytes, sign) = (text.bytes, UInt8(ascii: "$"))
        guard bytes.count > 2, bytes[0] == sign, bytes[bytes.count - 1] == sign else { return text }
        let inner = bytes.dropFirst().dropLast()
        return inner.contains(sign) ? text : AnswerText(inner)
    }

    func compare(
        gold: CanonicalValue, prediction: CanonicalValue, work: inout Work
    ) throws(AnswerProblem) -> Comparison {
        if gold == prediction { return Comparison(isEqual: true, guarantee: .exact) }
        guard case .number(let right) = gold.payload, case .number(let given) = prediction.payload else {
            return Comparison(isEqual: false, guarantee: .exact)
        }
        if let rounding = policy.rounding {
            let isEqual = try NumberRounding.isRounding(given, of: right, to: rounding, work: &work)
            if isEqual { work.apply("rounding of the gold") }
            return Comparison(isEqual: isEqual, guarantee: .tolerance)
        }
        guard policy.tolerance != nil || policy.relativeTolerance != nil else {
            return Comparison(isEqual: false, guarantee: .exact)
        }
        try work.spend((right.bitWidth + given.bitWidth) / 64 + 1)
        let difference = (right - given).magnitude
        let isNear = policy.tolerance.map { difference <= $0 } ?? false
        let isRelativelyNear = policy.relativeTolerance.map { difference <= $0 * right.magnitude } ?? false
        if isNear || isRelativelyNear { work.apply("tolerance") }
        return Comparison(isEqual: isNear || isRelativelyNear, guarantee: .tolerance)
    }

    // MARK: The whole text

    private func whole(_ bytes: [UInt8], _ work: inout Work) throws(AnswerProblem) -> Rational {
        var bytes = bytes
        if bytes.count > 1, bytes[bytes.count - 1] == UInt8(ascii: ".") {
            bytes.removeLast()
            while let last = bytes.last, AnswerText.isSpace(last) { bytes.removeLast() }
        }
        if let base = policy.base { return try digits(bytes, base: base, &work) }
        var position = 0
        let sign = NumberSymbol(bytes, at: 0)
        var isNegative = false
        var hasCurrency = false
        if policy.currency != .forbidden {
            // A sign may stand before the currency: `-$5`.
            let isSign = sign.code == UInt8(ascii: "-") || sign.code == UInt8(ascii: "+")
            if let end = CurrencyMark.end(bytes, at: isSign ? sign.length : 0) {
                position = skipSpaces(bytes, from: end)
                isNegative = sign.code == UInt8(ascii: "-")
                hasCurrency = true
            }
        }
        guard var number = try number(bytes, from: position, &work) else {
            throw .malformed("expected a number, found \(Self.excerpt(bytes, from: position))", offset: position)
        }
        if isNegative, number.isSigned {
            throw .malformed("expected a number after the sign, found a second sign", offset: position)
        }
        if isNegative { number.value = -number.value }
        number.value = try percent(bytes, number, &position, &work)
        if policy.currency != .forbidden, !hasCurrency,
            let end = CurrencyMark.end(bytes, at: skipSpaces(bytes, from: position))
        {
            (position, hasCurrency) = (end, true)
        }
        if hasCurrency { work.apply("currency") }
        if policy.currency == .required, !hasCurrency {
            throw .malformed("expected a currency beside the number, found none")
        }
        guard position == bytes.count else {
            throw .malformed(
                "expected nothing after the number, found \(Self.excerpt(bytes, from: position))", offset: position)
        }
        return number.value
    }

    /// Digits, words, or digits with a word of scale, with the suffixes that the policy allows.
    private func number(
        _ bytes: [UInt8], from start: Int, _ work: inout Work
    ) throws(AnswerProblem) -> ScannedNumber? {
        guard var number = try NumberScanner.scan(bytes, from: start, policy: policy, work: &work) else {
            return policy.words ? try NumberWords.scan(bytes, from: start, policy: policy, work: &work) : nil
        }
        guard number.end < bytes.count else { return number }
        if policy.words, let scaled = try NumberWords.scan(bytes, from: start, policy: policy, work: &work) {
            return scaled
        }
        if policy.ordinals, let end = ordinalSuffix(bytes, number) {
            work.apply("ordinal")
            number.end = end
        } else if policy.suffixes, let (power, end) = scaleSuffix(bytes, at: number.end) {
            work.apply("scale suffix")
            number.value = number.value * .powerOfTen(power)
            number.end = end
        }
        return number
    }

    /// `1st`, `22nd`, `113th`: the letters must fit the digits.
    private func ordinalSuffix(_ bytes: [UInt8], _ number: ScannedNumber) -> Int? {
        guard number.form == .integer, let value = number.value.machineInteger, value >= 0,
            number.end + 2 <= bytes.count
        else { return nil }
        let letters = (bytes[number.end] | 0x20, bytes[number.end + 1] | 0x20)
        let isTeen = (11...13).contains(value % 100)
        let expected: (Character, Character) =
            switch isTeen ? 0 : value % 10 {
            case 1: ("s", "t")
            case 2: ("n", "d")
            case 3: ("r", "d")
            default: ("t", "h")
            }
        guard letters.0 == expected.0.asciiValue, letters.1 == expected.1.asciiValue else { return nil }
        return number.end + 2
    }

    private func scaleSuffix(_ bytes: [UInt8], at position: Int) -> (power: Int, end: Int)? {
        guard position < bytes.count else { return nil }
        let isPair = position + 1 < bytes.count && bytes[position + 1] == UInt8(ascii: "n")
        switch bytes[position] {
        case UInt8(ascii: "k"), UInt8(ascii: "K"): return (3, position + 1)
        case UInt8(ascii: "M"): return (6, position + 1)
        case UInt8(ascii: "m") where isPair: return (6, position + 2)
        case UInt8(ascii: "b") where isPair: return (9, position + 2)
        case UInt8(ascii: "B"): return (9, position + 1)
        case UInt8(ascii: "t") where isPair: return (12, position + 2)
        case UInt8(ascii: "T"): return (12, position + 1)
        default: return nil
        }
    }

    /// Reads a percent sign or word behind the number, moves the position, and gives the value under the policy.
    private func percent(
        _ bytes: [UInt8], _ number: ScannedNumber, _ position: inout Int, _ work: inout Work
    ) throws(AnswerProblem) -> Rational {
        position = number.end
        guard let end = Self.percentEnd(bytes, at: skipSpaces(bytes, from: number.end)) else {
            guard policy.percent != .required else {
                throw .malformed("expected a percent sign after the number, found none", offset: number.end)
            }
            return number.value
        }
        guard policy.percent != .forbidden else { return number.value }
        position = end
        work.apply("percent")
        return policy.percent == .bare ? number.value : number.value * .powerOfTen(-2)
    }

    /// The offset after `%`, `percent`, `per cent` or `pct` at a position.
    static func percentEnd(_ bytes: [UInt8], at position: Int) -> Int? {
        let symbol = NumberSymbol(bytes, at: position)
        if symbol.code == UInt8(ascii: "%") { return position + symbol.length }
        for word in percentWords where bytes.count - position >= word.count {
            guard word.indices.allSatisfy({ bytes[position + $0] | 0x20 == word[$0] }) else { continue }
            let end = position + word.count
            if end == bytes.count || (bytes[end] | 0x20) &- 0x61 >= 26 { return end }
        }
        return nil
    }

    private static let percentWords = ["percent", "per cent", "pct"].map { Array($0.utf8) }

    private func digits(_ bytes: [UInt8], base: Int, _ work: inout Work) throws(AnswerProblem) -> Rational {
        var position = 0
        let sign = NumberSymbol(bytes, at: 0)
        let isNegative = sign.code == UInt8(ascii: "-")
        if isNegative || sign.code == UInt8(ascii: "+") { position += sign.length }
        let mark: UInt8? =
            switch base {
            case 2: UInt8(ascii: "b")
            case 8: UInt8(ascii: "o")
            case 16: UInt8(ascii: "x")
            default: nil
            }
        if let mark, bytes.count > position + 2, bytes[position] == 0x30, bytes[position + 1] | 0x20 == mark {
            position += 2
        }
        guard let (value, end) = try NumberScanner.digits(bytes, from: position, base: base, &work), end == bytes.count
        else {
            throw .malformed(
                "expected digits in base \(base), found \(Self.excerpt(bytes, from: position))", offset: position)
        }
        return isNegative ? -value : value
    }

    // MARK: A number within a text

    private func first(_ bytes: [UInt8], _ work: inout Work) throws(AnswerProblem) -> Rational {
        if policy.style.separators == .guess {
            if let amount = try AmountScanner.first(bytes, work: &work) { return amount }
        } else {
            var position = 0
            while position < bytes.count {
                let symbol = NumberSymbol(bytes, at: position)
                if mayBegin(symbol, bytes, at: position),
                    let number = try NumberScanner.scan(bytes, from: position, policy: policy, work: &work)
                {
                    work.apply("first number of the text")
                    return try percent(bytes, number, &position, &work)
                }
                position += max(symbol.length, 1)
            }
        }
        throw .malformed("expected a number in the text, found none")
    }

    /// Whether a character within a text may begin a number: a dash does so only directly before a digit and not
    /// after a letter or digit.
    private func mayBegin(_ symbol: NumberSymbol, _ bytes: [UInt8], at position: Int) -> Bool {
        guard symbol.code == UInt8(ascii: "-") || symbol.code == UInt8(ascii: "+") else { return true }
        let next = NumberSymbol(bytes, at: position + symbol.length)
        guard next.isDigit || next.code == UInt8(ascii: ".") else { return false }
        guard position > 0 else { return true }
        let before = bytes[position - 1]
        return AnswerText.isSpace(before) || "([{:=$,;\"".utf8.contains(before)
    }

    // MARK: Characters

    private func skipSpaces(_ bytes: [UInt8], from start: Int) -> Int {
        var position = start
        while true {
            let symbol = NumberSymbol(bytes, at: position)
            guard symbol.isSpace else { return position }
            position += symbol.length
        }
    }

    /// The bytes without characters that are not seen; marks that turn the direction of reading are refused, because
    /// the eye would read another number.
    private func visible(_ bytes: [UInt8], _ work: inout Work) throws(AnswerProblem) -> [UInt8] {
        var visible: [UInt8] = []
        visible.reserveCapacity(bytes.count)
        try work.spend(bytes.count)
        var position = 0
        while position < bytes.count {
            let (scalar, length) = NumberSymbol.scalar(bytes, at: position)
            switch scalar?.value ?? 0 {
            case 0xAD, 0x200B...0x200F, 0x2060...0x2064, 0xFEFF, 0xFE0E, 0xFE0F: work.apply("hidden characters")
            case 0x202A...0x202E, 0x2066...0x2069:
                throw .refused(
                    "expected a number, found a mark that changes the direction of reading", offset: position)
            default: visible.append(contentsOf: bytes[position..<position + length])
            }
            position += length
        }
        return visible
    }

    private static func excerpt(_ bytes: [UInt8], from start: Int) -> String {
        guard start < bytes.count else { return "the end" }
        let text = String(decoding: bytes[start..<min(bytes.count, start + 40)], as: UTF8.self)
        return "\u{201C}" + text + (bytes.count > start + 40 ? "…\u{201D}" : "\u{201D}")
    }
}
