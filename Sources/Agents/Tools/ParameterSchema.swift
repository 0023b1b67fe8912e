import Primitives

/// The part of a tool's JSON schema that calls are checked against: `properties` with their `type`, `enum`, `minimum`,
/// `maximum`, `minLength`, `maxLength`, `minItems`, `maxItems` and the `type` of `items`; `required`; and
/// `additionalProperties` (extra arguments are refused unless it is `true`).
struct ParameterSchema: Sendable {
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
            if let problem = Self.problem(of: value, in: property) { return "the parameter \"\(name)\" \(problem)" }
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

    private static func problem(of value: JSONValue, in property: JSONValue) -> String? {
        let types = types(of: property)
        if !types.isEmpty, !types.contains(where: { matches(value, type: $0) }) {
            return "must be of type \(types.joined(separator: " or "))"
        }
        if let choices = property["enum"]?.arrayValue, !choices.contains(value) {
            return "must be one of \(choices.map(\.text).joined(separator: ", "))"
        }
        if let number = value.doubleValue {
            if let least = property["minimum"]?.doubleValue, number < least {
                return "is \(value.text); it must be at least \(property["minimum"]?.text ?? "")"
            }
            if let most = property["maximum"]?.doubleValue, number > most {
                return "is \(value.text); it must be at most \(property["maximum"]?.text ?? "")"
            }
        }
        if let text = value.stringValue {
            return problem(of: text.unicodeScalars.count, "Length", "characters", in: property)
        }
        if let elements = value.arrayValue {
            if let problem = problem(of: elements.count, "Items", "elements", in: property) { return problem }
            guard let items = property["items"] else { return nil }
            for (index, element) in elements.enumerated() {
                if let problem = Self.problem(of: element, in: items) {
                    return "has an element (number \(index + 1)) that \(problem)"
                }
            }
        }
        return nil
    }

    private static func problem(of count: Int, _ bound: String, _ unit: String, in property: JSONValue) -> String? {
        if let least = property["min\(bound)"]?.integerValue, count < least {
            return "has \(count) \(unit); it must have at least \(least)"
        }
        if let most = property["max\(bound)"]?.integerValue, count > most {
            return "has \(count) \(unit); it must have at most \(most)"
        }
        return nil
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
