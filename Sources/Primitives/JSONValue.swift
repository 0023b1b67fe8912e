/// A JSON value whose objects keep the order of their keys.
public enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// A number written without fraction or exponent that fits 64 bits.
    case integer(Int64)
    /// A number written without fraction or exponent that does not fit 64 bits, as it was written: Python keeps such
    /// integers exact, and chat templates print them.
    case bigInteger(String)
    /// Any other number, rounded correctly to a double.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue {
    /// Reads one JSON text (RFC 8259) from its UTF-8 bytes.
    ///
    /// Strict: refuses invalid UTF-8, lone surrogates, duplicate keys, numbers beyond a double's range, more than 512
    /// nested arrays and objects, and anything but white space around the value.
    public static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in try JSONParser.parse(buffer) }
    }

    /// Reads one JSON text; see ``parse(_:)-([UInt8])``.
    public static func parse(_ text: String) throws(JSONError) -> JSONValue { try parse(Array(text.utf8)) }

    /// The value as compact JSON: keys in their order, doubles with the fewest digits that read back the same.
    ///
    /// A double that is not finite is written as `null`, because JSON has no word for it.
    public func serialized() -> [UInt8] {
        var serializer = JSONSerializer(.compact)
        serializer.write(self)
        return serializer.output
    }

    /// ``serialized()`` as a string.
    public var text: String { String(decoding: serialized(), as: UTF8.self) }

    /// What Python's `json.dumps(value, ensure_ascii=False)` writes, as chat templates do: `, ` and `: ` between items.
    public var pythonText: String {
        var serializer = JSONSerializer(.python)
        serializer.write(self)
        return String(decoding: serializer.output, as: UTF8.self)
    }
}

extension JSONValue: CustomStringConvertible {
    public var description: String { text }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        var object = JSONObject()
        for (key, value) in elements { object[key] = value }
        self = .object(object)
    }
}
