import Primitives

/// Reads the fields of a policy object one by one, and then tells which were not read.
///
/// Every room of answer types owns its part of the policy as a struct with `init(_ fields: inout PolicyFields)`; all
/// parts share one flat object, so that a user writes `{"significant_figures": 3, "day_month": "day_first"}`.
public struct PolicyFields {
    private let object: JSONObject
    private var known: [String] = []

    public init(_ object: JSONObject = JSONObject()) { self.object = object }

    private mutating func value(_ key: String) -> JSONValue? {
        known.append(key)
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    private func wrong(_ key: String, _ value: JSONValue, _ expected: String) -> RewardError {
        .invalidPolicy(field: key, found: value.text, expected: expected)
    }

    public mutating func bool(_ key: String, default standard: Bool = false) throws(RewardError) -> Bool {
        guard let value = value(key) else { return standard }
        guard case .bool(let flag) = value else { throw wrong(key, value, "true or false") }
        return flag
    }

    public mutating func string(_ key: String) throws(RewardError) -> String? {
        guard let value = value(key) else { return nil }
        guard let text = value.stringValue else { throw wrong(key, value, "a string") }
        return text
    }

    public mutating func integer(_ key: String, in range: ClosedRange<Int>) throws(RewardError) -> Int? {
        guard let value = value(key) else { return nil }
        guard case .integer(let number) = value, range.contains(Int(number)) else {
            throw wrong(key, value, "an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return Int(number)
    }

    /// A number, exactly as the decimal it is written as.
    public mutating func rational(_ key: String) throws(RewardError) -> Rational? {
        guard let value = value(key) else { return nil }
        switch value {
        case .integer(let number): return Rational(Int(number))
        case .bigInteger(let digits):
            if let exact = Rational(plainDecimal: digits) { return exact }
        case .number(let number):
            if let exact = Rational(shortestDecimalOf: number) { return exact }
        case .string(let text):
            if let exact = Rational(plainDecimal: text) { return exact }
        default: break
        }
        throw wrong(key, value, "a number")
    }

    /// One of the cases of a string enumeration.
    public mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, default standard: Choice
    ) throws(RewardError) -> Choice {
        guard let value = value(key) else { return standard }
        guard let text = value.stringValue, let choice = Choice(rawValue: text) else {
            throw wrong(key, value, "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return choice
    }

    public mutating func strings(_ key: String) throws(RewardError) -> [String] {
        guard let value = value(key) else { return [] }
        guard case .array(let elements) = value else { throw wrong(key, value, "an array of strings") }
        let strings = elements.compactMap(\.stringValue)
        guard strings.count == elements.count else { throw wrong(key, value, "an array of strings") }
        return strings
    }

    /// An object whose values are strings: a table.
    public mutating func table(_ key: String) throws(RewardError) -> [String: String] {
        guard let value = value(key) else { return [:] }
        guard case .object(let object) = value else { throw wrong(key, value, "an object of strings") }
        var table: [String: String] = [:]
        for (name, entry) in object.members {
            guard let text = entry.stringValue else { throw wrong(key, value, "an object of strings") }
            table[name] = text
        }
        return table
    }

    /// Any JSON value, for a nested policy or a schema.
    public mutating func json(_ key: String) -> JSONValue? { value(key) }

    /// Throws for the first field that nobody read, and names the nearest one that exists.
    public func finish() throws(RewardError) {
        for (key, value) in object.members where !known.contains(key) {
            throw .unknownPolicyField(field: key, found: value.text, known: known.sorted())
        }
    }
}

extension Rational {
    /// The decimal that `description` of a finite double writes: `0.1` is a tenth.
    public init?(shortestDecimalOf value: Double) {
        guard value.isFinite else { return nil }
        self.init(plainDecimal: value.description)
    }

    /// A decimal such as `-12.5e-3`, in ASCII and nothing else.
    public init?(plainDecimal text: String) {
        var digits = ""
        var exponent = 0
        let parts = text.lowercased().split(separator: "e", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count) else { return nil }
        if parts.count == 2 {
            guard let power = Int(parts[1]), abs(power) <= 4000 else { return nil }
            exponent = power
        }
        let sides = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(sides.count), parts[0].utf8.count <= 4000 else { return nil }
        digits += sides[0]
        if sides.count == 2 {
            digits += sides[1]
            exponent -= sides[1].utf8.count
        }
        guard let whole = BigIntText.integer(digits) else { return nil }
        self = Rational(whole) * .powerOfTen(exponent)
    }
}
