/// Takes the text of a range apart: brackets, comparison signs and words, two ends with their units.
struct RangeScanner {
    /// A range as it is written.
    enum Range {
        case between(Measurement, Measurement, isLowerOpen: Bool, isUpperOpen: Bool)
        case above(Measurement, isOpen: Bool)
        case below(Measurement, isOpen: Bool)
    }

    private let bytes: [UInt8]
    private let rules: QuantityRules
    /// Separators that were tried: a text has few that could divide it.
    private var attempts = 0

    init(_ bytes: [UInt8], rules: QuantityRules) {
        self.bytes = bytes
        self.rules = rules
    }

    private static let mostAttempts = 12

    /// The whole text as one range.
    mutating func range(_ work: inout Work) throws(AnswerProblem) -> Range {
        if let range = try bracketed(&work) { return range }
        if let (mark, end) = Self.leadingMark(bytes) { return try marked(mark, bytes[end...], &work) }
        if let plain = Self.withoutPlus(bytes) { return try marked(.greaterOrEqual, plain[...], &work) }
        if let (mark, start) = Self.trailingMark(bytes) { return try marked(mark, bytes[..<start], &work) }
        let isBetween = Self.starts(bytes, with: "between ")
        let start = isBetween ? 8 : Self.starts(bytes, with: "from ") ? 5 : 0
        return try twoEnds(from: start, to: bytes.count, isBetween: isBetween, &work)
    }

    // MARK: One end

    private enum Mark: Sendable {
        case greater, greaterOrEqual, less, lessOrEqual
    }

    private func marked(
        _ mark: Mark, _ rest: ArraySlice<UInt8>, _ work: inout Work
    ) throws(AnswerProblem) -> Range {
        let text = AnswerText(rest)
        guard !text.isEmpty else { throw .malformed("expected a quantity beside a comparison, found nothing") }
        var scanner = QuantityScanner(text.bytes, rules: rules)
        let measurement = try scanner.measurement(&work)
        switch mark {
        case .greater: return .above(measurement, isOpen: true)
        case .greaterOrEqual: return .above(measurement, isOpen: false)
        case .less: return .below(measurement, isOpen: true)
        case .lessOrEqual: return .below(measurement, isOpen: false)
        }
    }

    /// A comparison before a quantity, longest first.
    private static let leading = encoded([
        ("greater than or equal to ", .greaterOrEqual), ("more than or equal to ", .greaterOrEqual),
        ("equal to or greater than ", .greaterOrEqual), ("less than or equal to ", .lessOrEqual),
        ("equal to or less than ", .lessOrEqual), ("not less than ", .greaterOrEqual),
        ("no less than ", .greaterOrEqual), ("no fewer than ", .greaterOrEqual), ("not fewer than ", .greaterOrEqual),
        ("not more than ", .lessOrEqual), ("no more than ", .lessOrEqual), ("not greater than ", .lessOrEqual),
        ("no greater than ", .lessOrEqual), ("not exceeding ", .lessOrEqual), ("a minimum of ", .greaterOrEqual),
        ("minimum of ", .greaterOrEqual), ("minimum ", .greaterOrEqual), ("a maximum of ", .lessOrEqual),
        ("maximum of ", .lessOrEqual), ("maximum ", .lessOrEqual), ("at least ", .greaterOrEqual),
        ("at most ", .lessOrEqual), ("up to ", .lessOrEqual), ("more than ", .greater), ("greater than ", .greater),
        ("higher than ", .greater), ("larger than ", .greater), ("exceeding ", .greater), ("less than ", .less),
        ("fewer than ", .less), ("lower than ", .less), ("smaller than ", .less), ("above ", .greater),
        ("over ", .greater), ("below ", .less), ("under ", .less), ("\\geqslant", .greaterOrEqual),
        ("\\leqslant", .lessOrEqual), ("\\geq", .greaterOrEqual), ("\\leq", .lessOrEqual), ("\\ge", .greaterOrEqual),
        ("\\le", .lessOrEqual), ("\\gt", .greater), ("\\lt", .less), (">=", .greaterOrEqual), ("<=", .lessOrEqual),
        ("≥", .greaterOrEqual), ("≤", .lessOrEqual), ("⩾", .greaterOrEqual), ("⩽", .lessOrEqual),
        ("≧", .greaterOrEqual), ("≦", .lessOrEqual), (">", .greater), ("<", .less), ("＞", .greater), ("＜", .less),
    ])

    /// A comparison after a quantity.
    private static let trailing = encoded([
        (" or more", .greaterOrEqual), (" or greater", .greaterOrEqual), (" or higher", .greaterOrEqual),
        (" or above", .greaterOrEqual), (" or over", .greaterOrEqual), (" or older", .greaterOrEqual),
        (" or longer", .greaterOrEqual), (" and above", .greaterOrEqual), (" and over", .greaterOrEqual),
        (" and up", .greaterOrEqual), (" and older", .greaterOrEqual), (" or less", .lessOrEqual),
        (" or fewer", .lessOrEqual), (" or lower", .lessOrEqual), (" or below", .lessOrEqual),
        (" or under", .lessOrEqual), (" or younger", .lessOrEqual), (" or shorter", .lessOrEqual),
        (" and below", .lessOrEqual), (" and under", .lessOrEqual), (" minimum", .greaterOrEqual),
        (" maximum", .lessOrEqual), ("+", .greaterOrEqual),
    ])

    private static func encoded(_ marks: [(String, Mark)]) -> [(words: [UInt8], mark: Mark)] {
        marks.map { (words: Array($0.0.utf8), mark: $0.1) }
    }

    private static func leadingMark(_ bytes: [UInt8]) -> (Mark, end: Int)? {
        guard let first = bytes.first, !(0x30...0x39).contains(first) else { return nil }
        for (words, mark) in leading where isSame(bytes[...].prefix(words.count), words) { return (mark, words.count) }
        return nil
    }

    private static func trailingMark(_ bytes: [UInt8]) -> (Mark, start: Int)? {
        for (words, mark) in trailing where isSame(bytes[...].suffix(words.count), words) {
            return (mark, bytes.count - words.count)
        }
        return nil
    }

    /// `65+ years` without its plus sign.
    private static func withoutPlus(_ bytes: [UInt8]) -> [UInt8]? {
        guard let plus = bytes.firstIndex(where: { !(0x30...0x39).contains($0) && $0 != UInt8(ascii: ".") }), plus > 0,
            bytes[plus] == UInt8(ascii: "+"), plus + 2 < bytes.count,
            bytes[plus + 1] == 0x20 && UnitText.isLetter(bytes[plus + 2]) || UnitText.isLetter(bytes[plus + 1])
        else { return nil }
        return Array(bytes[..<plus] + bytes[(plus + 1)...])
    }

    private static func isSame(_ slice: ArraySlice<UInt8>, _ words: [UInt8]) -> Bool {
        guard slice.count == words.count else { return false }
        return zip(slice, words).allSatisfy { byte, word in
            byte == word || UnitText.isLetter(word) && byte | 0x20 == word
        }
    }

    private static func starts(_ bytes: [UInt8], with word: StaticString) -> Bool {
        guard bytes.count >= word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { isSame(bytes[..<$0.count], Array($0)) }
    }

    // MARK: Two ends

    /// `[5, 10)`, `(5; ∞)`, `]5, 10]`, with a unit inside or after the bracket.
    private mutating func bracketed(_ work: inout Work) throws(AnswerProblem) -> Range? {
        guard let first = bytes.first else { return nil }
        guard first == UInt8(ascii: "[") || first == UInt8(ascii: "(") || first == UInt8(ascii: "]") else { return nil }
        let closers: [UInt8] = [UInt8(ascii: "]"), UInt8(ascii: ")"), UInt8(ascii: "[")]
        guard let close = bytes.dropFirst().firstIndex(where: { closers.contains($0) }) else { return nil }
        let isLowerOpen = first != UInt8(ascii: "[")
        let isUpperOpen = bytes[close] != UInt8(ascii: "]")
        let separator =
            bytes[..<close].contains(UInt8(ascii: ";")) ? UInt8(ascii: ";") : UInt8(ascii: ",")
        var last = AnswerProblem.malformed("expected two ends of an interval, found no separator")
        for index in 1..<close where bytes[index] == separator {
            attempts += 1
            guard attempts <= Self.mostAttempts else { break }
            do {
                let lower = AnswerText(bytes[1..<index])
                let upper = AnswerText(bytes[(index + 1)..<close] + bytes[(close + 1)...])
                guard let range = try interval(lower, upper, isLowerOpen, isUpperOpen, &work) else { continue }
                return range
            } catch {
                guard case .malformed = error else { throw error }
                last = error
            }
        }
        throw last
    }

    private func interval(
        _ lower: AnswerText, _ upper: AnswerText, _ isLowerOpen: Bool, _ isUpperOpen: Bool, _ work: inout Work
    ) throws(AnswerProblem) -> Range? {
        if Self.isInfinity(upper.bytes, isNegative: false) {
            guard isUpperOpen else { throw .malformed("an infinite end of an interval must be open") }
            var scanner = QuantityScanner(lower.bytes, rules: rules)
            return .above(try scanner.measurement(&work), isOpen: isLowerOpen)
        }
        if Self.isInfinity(lower.bytes, isNegative: true) {
            guard isLowerOpen else { throw .malformed("an infinite end of an interval must be open") }
            var scanner = QuantityScanner(upper.bytes, rules: rules)
            return .below(try scanner.measurement(&work), isOpen: isUpperOpen)
        }
        guard !lower.isEmpty, !upper.isEmpty else { return nil }
        let (from, to) = try ends(lower.bytes, upper.bytes, &work)
        return .between(from, to, isLowerOpen: isLowerOpen, isUpperOpen: isUpperOpen)
    }

    private static func isInfinity(_ bytes: [UInt8], isNegative: Bool) -> Bool {
        var text = bytes[...]
        if text.starts(with: "−".utf8) {
            guard isNegative else { return false }
            text = text.dropFirst(3)
        } else if let first = text.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            guard isNegative == (first == UInt8(ascii: "-")) else { return false }
            text = text.dropFirst()
        } else if isNegative {
            return false
        }
        return ["∞", "inf", "infinity", "\\infty"].contains { isSame(text, Array($0.utf8)) }
    }

    /// `5 to 10 mg`, `5–10 mg`, `8- to 16-metre`, `between 5 and 10`, `7.5 ± 2.5` by policy.
    private mutating func twoEnds(
        from start: Int, to end: Int, isBetween: Bool, _ work: inout Work
    ) throws(AnswerProblem) -> Range {
        var scanner = QuantityScanner(bytes, rules: rules, from: start)
        let first = try scanner.amount(&work)
        if rules.policy.uncertainty == .range, let after = scanner.plusMinusEnd {
            return try around(first, from: after, &work)
        }
        var last = AnswerProblem.malformed(
            "expected two ends of a range, found " + scanner.excerpt(scanner.position), offset: scanner.position)
        var index = scanner.position
        while index < end {
            guard let after = separatorEnd(at: index, isBetween: isBetween), isAmountStart(after) else {
                index += 1
                continue
            }
            attempts += 1
            guard attempts <= Self.mostAttempts else { break }
            do {
                let (lower, upper) = try ends(Array(bytes[start..<index]), Array(bytes[after..<end]), &work)
                return .between(lower, upper, isLowerOpen: false, isUpperOpen: false)
            } catch {
                guard case .malformed = error else { throw error }
                last = error
            }
            index += 1
        }
        throw last
    }

    /// One end as it is written.
    private struct End {
        var value: Rational
        var unit: UnitMeaning?
        /// What a word of scale behind the number multiplies it with.
        var factor: Rational?
        /// Whether nothing follows the number.
        var isBare: Bool
    }

    /// The two ends; a unit or word of scale that stands at one end only holds for both: `5 to 10 million`. It does not
    /// where the first number is then the greater one: `500,000 to 1 million`.
    private func ends(
        _ lower: [UInt8], _ upper: [UInt8], _ work: inout Work
    ) throws(AnswerProblem) -> (Measurement, Measurement) {
        var low = try end(lower, &work)
        let high = try end(upper, &work)
        if low.factor == nil, low.isBare, let factor = high.factor, low.value * factor < high.value {
            low.value = low.value * factor
            work.apply("word of scale for both ends")
        }
        let fallback = rules.policy.unit ?? .one
        return (
            Measurement(value: low.value, unit: low.unit ?? high.unit ?? fallback),
            Measurement(value: high.value, unit: high.unit ?? low.unit ?? fallback)
        )
    }

    private func end(_ text: [UInt8], _ work: inout Work) throws(AnswerProblem) -> End {
        var text = AnswerText(text[...]).bytes
        // The hanging hyphen of `8- to 16-metre`.
        if text.last == UInt8(ascii: "-") { text.removeLast() }
        var scanner = QuantityScanner(text, rules: rules)
        let amount = try scanner.amount(&work)
        let factor = QuantityScanner.scale(endingAt: scanner.position, in: text)
        guard !AnswerText(text[scanner.position...]).isEmpty else {
            return End(value: amount.value, unit: amount.unit, factor: factor, isBare: true)
        }
        let unit = try scanner.unit(scanner.position..<text.count, after: amount, &work)
        return End(value: amount.value, unit: unit, factor: factor, isBare: false)
    }

    private func around(
        _ middle: QuantityScanner.Amount, from start: Int, _ work: inout Work
    ) throws(AnswerProblem) -> Range {
        var scanner = QuantityScanner(bytes, rules: rules, from: start)
        scanner.skipSpace()
        let half = try scanner.amount(&work)
        guard half.value.signum >= 0, !half.isSigned, half.unit == nil else {
            throw .malformed("expected a number without a sign after a plus-minus sign", offset: start)
        }
        let unit = try scanner.unit(scanner.position..<bytes.count, after: middle, &work)
        work.apply("plus-minus as a range")
        return .between(
            Measurement(value: middle.value - half.value, unit: unit),
            Measurement(value: middle.value + half.value, unit: unit), isLowerOpen: false, isUpperOpen: false)
    }

    /// The offset after a separator of two ends that begins at `index`.
    private func separatorEnd(at index: Int, isBetween: Bool) -> Int? {
        let rest = bytes[index...]
        if isBetween {
            return rest.starts(with: " and ".utf8) ? index + 5 : nil
        }
        for word in Self.separators where rest.starts(with: word) {
            var after = index + word.count
            while after < bytes.count, bytes[after] == 0x20 { after += 1 }
            return after
        }
        return nil
    }

    private static let separators: [[UInt8]] = [
        "- to ", " to ", " through ", "–", "—", "‒", "−", "‐", "‑", "-", "~", "～", "..", " and up to ",
    ].map { Array($0.utf8) }

    private func isAmountStart(_ index: Int) -> Bool {
        guard index < bytes.count else { return false }
        let symbol = NumberSymbol(bytes, at: index)
        if symbol.isDigit || symbol.code == NumberSymbol.vulgar { return true }
        switch bytes[index] {
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "$"), 0x80...: return true
        case let byte: return rules.policy.number.words && UnitText.isLetter(byte)
        }
    }
}
