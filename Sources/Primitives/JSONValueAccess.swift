extension JSONValue {
    /// A member of an object; `nil` when this is no object or has no such key.
    public subscript(key: String) -> JSONValue? { objectValue?[key] }

    /// `nil` when this is no string; likewise below.
    public var stringValue: String? { if case .string(let value) = self { value } else { nil } }

    public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// A number that was written without fraction or exponent.
    public var integerValue: Int? { if case .integer(let value) = self { Int(value) } else { nil } }

    /// Any number.
    public var doubleValue: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .bigInteger(let digits): Double(digits)
        case .number(let value): value
        default: nil
        }
    }

    public var arrayValue: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

    public var objectValue: JSONObject? { if case .object(let value) = self { value } else { nil } }

    public var isNull: Bool { self == .null }

    /// What kind of value this is, for messages.
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .bigInteger: "an integer beyond 64 bits"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// Required members: each throws an error that names the member, what it should be and what it is.
extension JSONValue {
    public func string(at key: String) throws(JSONError) -> String {
        try required(key, "a string") { $0.stringValue }
    }

    public func bool(at key: String) throws(JSONError) -> Bool { try required(key, "a boolean") { $0.boolValue } }

    public func integer(at key: String) throws(JSONError) -> Int {
        try required(key, "an integer") { $0.integerValue }
    }

    /// Any number, an integer included.
    public func double(at key: String) throws(JSONError) -> Double {
        try required(key, "a number") { $0.doubleValue }
    }

    public func array(at key: String) throws(JSONError) -> [JSONValue] {
        try required(key, "an array") { $0.arrayValue }
    }

    public func object(at key: String) throws(JSONError) -> JSONObject {
        try required(key, "an object") { $0.objectValue }
    }

    public func tokens(at key: String) throws(JSONError) -> [TokenID] {
        try required(key, "an array of 32-bit integers") { $0.tokensValue }
    }

    public func floats(at key: String) throws(JSONError) -> [Float] {
        try required(key, "an array of numbers") { $0.floatsValue }
    }

    private func required<Value>(
        _ key: String, _ expected: String, _ read: (JSONValue) -> Value?
    ) throws(JSONError) -> Value {
        guard case .object(let object) = self else {
            throw .unexpected(path: "", expected: "an object with the key `\(key)`", found: kind)
        }
        guard let member = object[key] else { throw .unexpected(path: key, expected: expected, found: "missing") }
        guard let value = read(member) else { throw .unexpected(path: key, expected: expected, found: member.kind) }
        return value
    }
}

/// Token ids and single-precision numbers.
extension JSONValue {
    /// A number written with the fewest digits that name this `Float`, and that reads back (as `Double`, then `Float`)
    /// to exactly it. A value that is not finite keeps its meaning here and is serialised as `null`.
    public static func float(_ value: Float) -> JSONValue {
        let exact = Double(value)
        if value.magnitude < 0x1p24, value == value.rounded(.towardZero) { return .number(exact) }
        // Reading the short text as a double can land on the midpoint of two floats; the exact double never does.
        guard value.isFinite, let short = shortDouble(value), Float(short) == value else { return .number(exact) }
        return .number(short)
    }

    /// The double nearest to the shortest text of a finite float.
    private static func shortDouble(_ value: Float) -> Double? {
        var text = value.description
        return text.withUTF8 { exactly($0) } ?? Double(text)
    }

    /// Powers of ten that doubles hold exactly.
    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ]

    /// The nearest double of a decimal text whose digits and power of ten are exact doubles, so that one division or
    /// product rounds once (Clinger, "How to Read Floating Point Numbers Accurately", 1990); `nil` for other texts.
    private static func exactly(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        var (mantissa, scale, exponent) = (UInt64(0), 0, 0)
        var position = text.first == UInt8(ascii: "-") ? 1 : 0
        var hasPoint = false
        while position < text.count, text[position] != UInt8(ascii: "e") {
            let byte = text[position]
            position += 1
            if byte == UInt8(ascii: ".") {
                hasPoint = true
                continue
            }
            guard byte >= 0x30, byte <= 0x39, mantissa < 1 << 49 else { return nil }
            mantissa = mantissa * 10 + UInt64(byte - 0x30)
            if hasPoint { scale -= 1 }
        }
        if position < text.count {
            position += 1
            let isNegative = position < text.count && text[position] == UInt8(ascii: "-")
            if position < text.count, text[position] < 0x30 { position += 1 }
            while position < text.count {
                guard text[position] >= 0x30, text[position] <= 0x39, exponent < 1000 else { return nil }
                exponent = exponent * 10 + Int(text[position] - 0x30)
                position += 1
            }
            if isNegative { exponent = -exponent }
        }
        scale += exponent
        guard scale.magnitude <= 22 else { return nil }
        let power = powersOfTen[Int(scale.magnitude)]
        let magnitude = scale < 0 ? Double(mantissa) / power : Double(mantissa) * power
        return text.first == UInt8(ascii: "-") ? -magnitude : magnitude
    }

    public static func floats(_ values: [Float]) -> JSONValue { .array(values.map(float)) }

    public static func tokens(_ values: [TokenID]) -> JSONValue { .array(values.map { .integer(Int64($0)) }) }

    /// Spares callers the conversion; the case itself is preferred where both fit.
    @_disfavoredOverload
    public static func integer(_ value: Int) -> JSONValue { .integer(Int64(value)) }

    /// The elements of an array of integers that all fit 32 bits.
    public var tokensValue: [TokenID]? {
        guard case .array(let elements) = self else { return nil }
        var tokens: [TokenID] = []
        tokens.reserveCapacity(elements.count)
        for element in elements {
            guard case .integer(let value) = element, let token = TokenID(exactly: value) else { return nil }
            tokens.append(token)
        }
        return tokens
    }

    /// The elements of an array of numbers, each rounded to the nearest `Float`.
    public var floatsValue: [Float]? {
        guard case .array(let elements) = self else { return nil }
        var floats: [Float] = []
        floats.reserveCapacity(elements.count)
        for element in elements {
            guard let value = element.doubleValue else { return nil }
            floats.append(Float(value))
        }
        return floats
    }
}
