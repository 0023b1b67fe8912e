import Primitives

/// Tool schemas as the gpt-oss template declares them, in TypeScript of a sort.
///
/// Follows the template's macros with Jinja's notions of truth (zero and anything empty are false) and its stray line
/// ends and indentation. Schemas over which Jinja fails are refused, and so are those in which it would print a list or
/// an object in Python's notation, or take a string or an object for a list.
enum HarmonyTypeScript {
    static func namespace(_ name: String, of tools: [JSONValue]) throws(TokenizerError) -> String {
        var text = "## \(name)\n\nnamespace \(name) {\n\n"
        for (index, tool) in tools.enumerated() {
            text += try declaration(tool["function"], "tools[\(index)].function")
        }
        return text + "} // namespace \(name)"
    }

    private static func declaration(_ function: JSONValue?, _ place: String) throws(TokenizerError) -> String {
        var text = "// " + (try string(function?["description"], "\(place).description")) + "\n"
        text += "type " + (try string(function?["name"], "\(place).name")) + " = "
        let parameters = function?["parameters"]
        guard let properties = try self.properties(of: parameters, "\(place).parameters") else {
            return text + "() => any;\n\n"
        }
        text += "(_: {\n"
        for (name, schema) in properties.members {
            let place = "\(place).parameters.properties.\(name)"
            if isTrue(schema["description"]) {
                text += "// " + (try string(schema["description"], "\(place).description")) + "\n"
            }
            text += name + (try isRequired(name, parameters?["required"], place) ? "" : "?") + ": "
            text += try type(of: schema, place) + (try parameterDefault(of: schema, place)) + ",\n"
        }
        return text + "}) => any;\n\n"
    }

    private static func parameterDefault(of schema: JSONValue, _ place: String) throws(TokenizerError) -> String {
        guard let value = schema["default"] else { return "" }
        if isTrue(schema["enum"]) { return ", // default: " + (try string(value, "\(place).default")) }
        if isTrue(schema["oneOf"]) { return "// default: " + (try string(value, "\(place).default")) }
        return ", // default: " + value.pythonText
    }

    private static func type(of schema: JSONValue, _ place: String) throws(TokenizerError) -> String {
        if let alternatives = schema["type"]?.arrayValue, !alternatives.isEmpty {
            return try joined(alternatives, " | ", "\(place).type")
        }
        let name = schema["type"]?.stringValue
        if name == "array" {
            return try arrayType(items: schema["items"], "\(place).items") + nullability(of: schema)
        }
        if isTrue(schema["oneOf"]) { return try unionType(schema["oneOf"], "\(place).oneOf") }
        switch name {
        case "string":
            guard let values = schema["enum"], isTrue(values) else { return "string" + nullability(of: schema) }
            return "\"" + (try joined(array(values, "\(place).enum"), "\" | \"", "\(place).enum")) + "\""
        case "number", "integer": return "number"
        case "boolean": return "boolean"
        case "object": return try objectType(of: schema, place)
        default: return "any"
        }
    }

    private static func nullability(of schema: JSONValue) -> String { isTrue(schema["nullable"]) ? " | null" : "" }

    private static func arrayType(items: JSONValue?, _ place: String) throws(TokenizerError) -> String {
        guard let items, isTrue(items) else { return "any[]" }
        switch items["type"]?.stringValue {
        case "string": return "string[]"
        case "number", "integer": return "number[]"
        case "boolean": return "boolean[]"
        default:
            let inner = try type(of: items, place)
            let isTooLong = inner == "object | object" || inner.unicodeScalars.count > 50
            return isTooLong ? "any[]" : inner + "[]"
        }
    }

    /// The template means to write `any` for a union with objects, but the scope of Jinja's loops keeps it from noticing.
    private static func unionType(_ variants: JSONValue?, _ place: String) throws(TokenizerError) -> String {
        let variants = try array(variants, place)
        var text = ""
        for (index, variant) in variants.enumerated() {
            text += try type(of: variant, "\(place)[\(index)]")
            if isTrue(variant["description"]) {
                text += "// " + (try string(variant["description"], "\(place)[\(index)].description"))
            }
            if let value = variant["default"] {
                text += String(repeating: " ", count: 20) + "// default: " + value.pythonText
            }
            if index < variants.count - 1 { text += " | \n" }
        }
        return text
    }

    private static func objectType(of schema: JSONValue, _ place: String) throws(TokenizerError) -> String {
        guard let properties = try properties(of: schema, place) else { return "object" }
        var text = "{\n"
        for (index, (name, property)) in properties.members.enumerated() {
            text += name + (try isRequired(name, schema["required"], place) ? "" : "?") + ": \n"
            text += String(repeating: " ", count: 16)
            text += try type(of: property, "\(place).properties.\(name)")
            if index < properties.count - 1 { text += ", " }
        }
        return text + "}"
    }
}

/// Jinja's and Python's notions of values.
extension HarmonyTypeScript {
    private static func isTrue(_ value: JSONValue?) -> Bool {
        switch value {
        case nil, .null: false
        case .bool(let value): value
        case .integer(let value): value != 0
        case .bigInteger: true
        case .number(let value): value != 0
        case .string(let value): !value.isEmpty
        case .array(let elements): !elements.isEmpty
        case .object(let object): !object.isEmpty
        }
    }

    private static func string(_ value: JSONValue?, _ place: String) throws(TokenizerError) -> String {
        guard let text = value?.stringValue else {
            throw GPTOSSRenderer.refusal(place, found: value?.kind ?? "nothing", expected: "a string")
        }
        return text
    }

    private static func array(_ value: JSONValue?, _ place: String) throws(TokenizerError) -> [JSONValue] {
        guard let elements = value?.arrayValue else {
            throw GPTOSSRenderer.refusal(place, found: value?.kind ?? "nothing", expected: "an array")
        }
        return elements
    }

    /// The properties of a schema that has any.
    private static func properties(of schema: JSONValue?, _ place: String) throws(TokenizerError) -> JSONObject? {
        guard let properties = schema?["properties"], isTrue(properties) else { return nil }
        guard let object = properties.objectValue else {
            throw GPTOSSRenderer.refusal("\(place).properties", found: properties.kind, expected: "an object")
        }
        return object
    }

    private static func isRequired(
        _ name: String, _ required: JSONValue?, _ place: String
    ) throws(TokenizerError) -> Bool {
        guard isTrue(required) else { return false }
        return try array(required, "the `required` beside \(place)").contains { element in
            element.stringValue?.utf8.elementsEqual(name.utf8) ?? false
        }
    }

    private static func joined(
        _ elements: [JSONValue], _ separator: String, _ place: String
    ) throws(TokenizerError) -> String {
        var texts: [String] = []
        for element in elements {
            switch element {
            case .string(let text): texts.append(text)
            case .null: texts.append("None")
            case .bool(let value): texts.append(value ? "True" : "False")
            case .integer, .bigInteger, .number: texts.append(element.pythonText)
            case .array, .object: throw GPTOSSRenderer.refusal(place, found: element.kind, expected: "plain values")
            }
        }
        return texts.joined(separator: separator)
    }
}
