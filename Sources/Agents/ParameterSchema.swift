import Primitives

/// The part of a tool's JSON schema that calls are checked against: `properties` with their `type`, `required`, and
/// `additionalProperties` (extra arguments are refused unless it is `true`).
struct ParameterSchema {
    private let properties: JSONObject
    private let required: [String]
    private let allowsMore: Bool

    init(_ schema: JSONValue) {
        properties = schema["properties"]?.objectValue ?? [:]
        required = schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
        allowsMore = schema["additionalProperties"]?.boolValue ?? false
    }

    /// What is wrong with the arguments and what was expected, or `nil`.
    func problem(of arguments: JSONValue) -> String? {
        guard let object = arguments.objectValue else {
            return "the arguments must be a JSON object with \(expectation)"
        }
        for name in required where object[name] == nil {
            return "the parameter \"\(name)\" is missing; expected \(expectation)"
        }
        for (name, value) in object.members {
            guard let property = properties[name] else {
                if allowsMore { continue }
                return "there is no parameter \"\(name)\"; expected \(expectation)"
            }
            let types = Self.types(of: property)
            if !types.isEmpty, !types.contains(where: { Self.matches(value, type: $0) }) {
                return "the parameter \"\(name)\" must be of type \(types.joined(separator: " or "))"
            }
        }
        return nil
    }

    private var expectation: String {
        guard !properties.members.isEmpty else { return "no parameters" }
        return properties.members.map { name, property in
            let notes = Self.types(of: property) + (required.contains(name) ? [] : ["optional"])
            return "\"\(name)\"" + (notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))")
        }.joined(separator: ", ")
    }

    private static func types(of property: JSONValue) -> [String] {
        property["type"]?.stringValue.map { [$0] } ?? property["type"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    private static func matches(_ value: JSONValue, type: String) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("integer", .integer), ("integer", .bigInteger),
            ("number", .integer), ("number", .bigInteger), ("number", .number),
            ("string", .string), ("array", .array), ("object", .object):
            true
        // JSON Schema counts 3.0 as an integer.
        case ("integer", .number(let number)): number == number.rounded()
        default: false
        }
    }
}
