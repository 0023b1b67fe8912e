import BigInt

/// Gives expressions their canonical values.
struct ValueBuilder {
    var algebra: Algebra
    let policy: MathematicsPolicy
    let side: AnswerSide
    /// Bound variables around the expression that is built.
    var depth = 0
    /// `±` occurs in the answer.
    private var hasPlusMinus = false
    /// An operation was kept by its form, or a special function whose values are not known occurs.
    var isUnfinished = false
    /// Within a trigonometric function a degree sign means π/180.
    var isAngle = false

    init(work: Work, policy: MathematicsPolicy, side: AnswerSide) {
        algebra = Algebra(work: work)
        self.policy = policy
        self.side = side
    }

    /// The value of a whole answer.
    mutating func answer(_ expression: MathExpression) throws(AnswerProblem) -> MathematicalValue {
        let traits = ExpressionTraits(expression)
        hasPlusMinus = traits.hasPlusMinus
        var value = try value(expression)
        value.operators = traits.operators
        value.isUnfinished = isUnfinished
        return value
    }

    mutating func value(_ expression: MathExpression) throws(AnswerProblem) -> MathematicalValue {
        var value = try unmarked(expression)
        if case .text = value.node {} else { value.letters = expression.letters }
        return value
    }

    private mutating func unmarked(_ expression: MathExpression) throws(AnswerProblem) -> MathematicalValue {
        try algebra.work.spend(1)
        switch expression {
        case .number(let number): return MathematicalValue(.scalar(.rational(number)), text: number.description)
        case .tuple(let parts):
            if hasPlusMinus, expression.hasPlusMinus { break }
            return Self.group(try values(parts), "(", ")") { .tuple($0) }
        case .set(let parts): return Self.finiteSet(try elements(parts))
        case .list(let parts):
            let all = try elements(Self.withNumberedParameter(parts))
            return all.count == 1 ? all[0] : Self.list(all)
        case .text(let words):
            let word = Self.word(words)
            return Self.areReals(word) ? try region(.reals) : word
        case .application("set builder", let parts):
            if let set = try described(parts) { return set }
        case .symbol(let name)
        where name.utf8.count > 1 && name.utf8.allSatisfy(Self.isLetter) && policy.syntax != .latex:
            return try scalarValue(expression)
        default: break
        }
        if hasPlusMinus, expression.hasPlusMinus {
            let both = [expression.choosing(plus: true), expression.choosing(plus: false)]
            return Self.list(Self.distinct(try values(both)))
        }
        switch expression {
        case .percent(let inner) where policy.percent == .bare: return try value(inner)
        case .percent(let inner) where inner.isInfinite: return try value(inner)
        case .degrees(let inner):
            return policy.degrees == .optional ? try value(inner) : Self.measured(try value(inner), "degree")
        case .measured(let inner, let unit): return try measured(inner, unit)
        case .numeral(let digits, let base):
            let scalar = try numeral(digits, base)
            return MathematicalValue(.numeral(scalar, base: base), text: "\(scalar.text)_\(base)")
        case .relation(let first, let links): return try relation(first, links)
        case .membership(let element, let set, let isNegated):
            let (left, right) = (try value(element), try value(set))
            return MathematicalValue(
                .membership(left, right, isNegated: isNegated),
                text: "\(left.text)\(isNegated ? "∉" : "∈")\(right.text)")
        case .interval, .setOperation, .namedSet: return try set(expression)
        case .matrix(let rows):
            var entries: [[MathematicalValue]] = []
            for row in rows { entries.append(try values(row)) }
            return Self.matrix(entries)
        case .ratio(let parts): return try ratio(parts)
        default: break
        }
        if let sign = expression.infinitySign { return Self.infinity(sign) }
        if let product = try matrixValue(expression) { return product }
        return try scalarValue(expression)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }

    private mutating func scalarValue(_ expression: MathExpression) throws(AnswerProblem) -> MathematicalValue {
        try wrap(scalar(expression))
    }

    mutating func wrap(_ scalar: Scalar) throws(AnswerProblem) -> MathematicalValue {
        MathematicalValue(.scalar(scalar), text: try algebra.canonicalText(scalar))
    }

    mutating func values(_ expressions: [MathExpression]) throws(AnswerProblem) -> [MathematicalValue] {
        var values: [MathematicalValue] = []
        values.reserveCapacity(expressions.count)
        for expression in expressions { values.append(try value(expression)) }
        return values
    }

    /// Values of elements, with both readings of `±` as two elements.
    private mutating func elements(_ expressions: [MathExpression]) throws(AnswerProblem) -> [MathematicalValue] {
        var all: [MathematicalValue] = []
        for expression in expressions {
            let value = try value(expression)
            if hasPlusMinus, expression.hasPlusMinus, case .list(let parts) = value.node {
                all += parts
            } else {
                all.append(value)
            }
        }
        return Self.distinct(all)
    }

    private static func areReals(_ word: MathematicalValue) -> Bool {
        switch word.text {
        case "\"all real numbers\"", "\"all reals\"", "\"the real numbers\"", "\"real numbers\"": true
        default: false
        }
    }

    /// In `…, k ∈ ℤ` the name of the parameter is free.
    private static func withNumberedParameter(_ parts: [MathExpression]) -> [MathExpression] {
        guard parts.count > 1, case .membership(.symbol(let name), .namedSet, false)? = parts.last,
            parts.dropLast().allSatisfy({ part in
                if case .membership = part { return false }
                return part != .symbol(name)
            }), parts.dropLast().contains(where: { $0.substituting(name, .number(0)) != $0 })
        else { return parts }
        return parts.map { $0.substituting(name, .symbol("#1")) }
    }

    // MARK: Shapes

    static func infinity(_ sign: Int) -> MathematicalValue {
        MathematicalValue(.infinity(sign), text: sign == 0 ? "~∞" : sign > 0 ? "∞" : "-∞")
    }

    static func distinct(_ values: [MathematicalValue]) -> [MathematicalValue] {
        var seen = Set<String>()
        return values.filter { seen.insert($0.text).inserted }
    }

    private static func group(
        _ values: [MathematicalValue], _ open: String, _ close: String,
        _ node: ([MathematicalValue]) -> MathematicalValue.Node
    ) -> MathematicalValue {
        MathematicalValue(node(values), text: open + values.map(\.text).joined(separator: ",") + close)
    }

    static func list(_ values: [MathematicalValue]) -> MathematicalValue {
        if values.count == 1 { return values[0] }
        let text = "{" + values.map(\.text).sorted().joined(separator: ",") + "}"
        return MathematicalValue(.list(values), text: text)
    }

    static func finiteSet(_ values: [MathematicalValue]) -> MathematicalValue {
        let sorted = distinct(values).sorted { $0.text < $1.text }
        return group(sorted, "{", "}") { .set($0) }
    }

    static func matrix(_ rows: [[MathematicalValue]]) -> MathematicalValue {
        let text = rows.map { "[" + $0.map(\.text).joined(separator: ",") + "]" }.joined(separator: ",")
        return MathematicalValue(.matrix(rows), text: "[" + text + "]")
    }

    static func measured(_ value: MathematicalValue, _ unit: String) -> MathematicalValue {
        MathematicalValue(.measured(value, unit: unit), text: value.text + " " + unit)
    }

    /// Words without case, punctuation around them and runs of spaces.
    static func word(_ text: String) -> MathematicalValue {
        var words: [Substring] = []
        for word in text.lowercased().split(whereSeparator: { $0.isWhitespace || $0 == "~" }) { words.append(word) }
        var joined = words.joined(separator: " ")[...]
        let around: Set<Character> = ["(", ")", "[", "]", ".", ",", ";", ":", "!", "\"", "'", " ", "$"]
        while let last = joined.last, around.contains(last) { joined.removeLast() }
        while let first = joined.first, around.contains(first) { joined.removeFirst() }
        let word = joined.isEmpty ? text : String(joined)
        return MathematicalValue(.text(word), text: "\"\(word)\"")
    }

    private mutating func measured(_ inner: MathExpression, _ unit: String) throws(AnswerProblem) -> MathematicalValue {
        let unit = Self.unit(unit)
        if unit == "degree" || unit == "°" { return try value(.degrees(inner)) }
        if inner.isInfinite { return try value(inner) }
        return unit.isEmpty ? try value(inner) : Self.measured(try value(inner), unit)
    }

    /// The unit's letters, digits and signs; English plurals of four letters or more lose their s.
    static func unit(_ text: String) -> String {
        var words: [String] = []
        for word in text.split(whereSeparator: { " \\{}~.".contains($0) }) {
            var word = String(word)
            if word == "text" || word == "mathrm" || word == "mbox" { continue }
            if word.utf8.count > 3 {
                word = word.lowercased()
                if word.hasSuffix("s"), !word.hasSuffix("ss") { word.removeLast() }
            }
            switch word {
            case "dollar", "Dollar", "USD", "usd": word = "$"
            case "euro", "Euro", "EUR": word = "€"
            case "cdot": word = "·"
            default: break
            }
            words.append(word)
        }
        return words.joined(separator: " ")
    }

    private mutating func numeral(_ digits: String, _ base: Int) throws(AnswerProblem) -> Scalar {
        var value = BigInt(0)
        for byte in digits.utf8 {
            let digit: Int
            switch byte {
            case 0x30...0x39: digit = Int(byte) - 0x30
            case 0x41...0x5A: digit = Int(byte) - 0x41 + 10
            case 0x61...0x7A: digit = Int(byte) - 0x61 + 10
            default: throw .malformed("expected digits of base \(base), found `\(digits)`")
            }
            guard digit < base else { throw .malformed("expected digits of base \(base), found `\(digits)`") }
            try algebra.work.spend(1 + value.bitWidth / 64)
            value = value * BigInt(base) + BigInt(digit)
        }
        return .rational(Rational(value))
    }

    private mutating func ratio(_ parts: [MathExpression]) throws(AnswerProblem) -> MathematicalValue {
        var terms: [Scalar] = []
        for part in parts { terms.append(try scalar(part)) }
        if terms.count == 2, !terms[1].isZero { return try wrap(algebra.divide(terms[0], terms[1])) }
        if let first = terms.first, !first.isZero, terms.allSatisfy({ !$0.isZero }) {
            for index in terms.indices.reversed() { terms[index] = try algebra.divide(terms[index], first) }
        }
        var texts: [String] = []
        for term in terms { texts.append(try algebra.canonicalText(term)) }
        return MathematicalValue(.ratio(terms), text: texts.joined(separator: ":"))
    }
}

extension MathExpression {
    var isInfinite: Bool { infinitySign != nil }

    /// The sign of an infinity with numbers as its factors.
    var infinitySign: Int? {
        switch self {
        case .constant(.infinity): return 1
        case .constant(.complexInfinity): return 0
        case .product(let parts):
            var (sign, isInfinite) = (1, false)
            for part in parts {
                if let inner = part.infinitySign {
                    isInfinite = true
                    sign *= inner
                } else if case .number(let number) = part, !number.isZero {
                    sign *= number.signum
                } else {
                    return nil
                }
            }
            return isInfinite ? sign : nil
        case .percent(let inner), .measured(let inner, _): return inner.infinitySign
        default: return nil
        }
    }
}
