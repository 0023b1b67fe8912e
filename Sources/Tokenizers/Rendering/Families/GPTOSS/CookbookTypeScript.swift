import Primitives

/// Tool schemas as tinker-cookbook declares them for gpt-oss: like the template's ``HarmonyTypeScript``, but with other
/// rules about comments, unions and nested objects.
enum CookbookTypeScript {
    static func namespace(_ name: String, of tools: [JSONValue]) throws(TokenizerError) -> String {
        var declarations: [String] = []
        for (index, tool) in tools.enumerated() {
            // The cookbook's own tool descriptions lack the wrapping object.
            declarations.append(try declaration(tool["function"] ?? tool, "tools[\(index)].function"))
        }
        return "## \(name)\n\nnamespace \(name) {\n\n" + declarations.joined(separator: "\n\n")
            + "\n\n} // namespace \(name)"
    }

    private static func declaration(_ function: JSONValue, _ place: String) throws(TokenizerError) -> String {
        guard let name = function["name"]?.stringValue else {
            throw GPTOSSRenderer.refusal(
                "\(place).name", found: function["name"]?.kind ?? "nothing", expected: "a string")
        }
        let description = function["description"]?.stringValue ?? ""
        return (description.isEmpty ? "" : "// \(description)\n") + "type \(name) = "
            + parameters(function["parameters"]) + " => any;"
    }

    private static func parameters(_ schema: JSONValue?) -> String {
        guard schema?["type"]?.stringValue == "object", let properties = schema?["properties"]?.objectValue,
            !properties.isEmpty
        else { return "()" }
        var lines = ["(_:", "{"]
        if let description = schema?["description"]?.stringValue, !description.isEmpty {
            lines[0] += " // \(description)"
        }
        for (name, property) in properties.members {
            lines += comments(of: property).map { "// \($0)" }
            let value = property["default"].map { " // default: \($0.asciiPythonText)" } ?? ""
            lines.append("\(name)\(mark(name, schema)): \(type(of: property)),\(value)")
        }
        return (lines + ["})"]).joined(separator: "\n")
    }

    private static func comments(of schema: JSONValue) -> [String] {
        var comments: [String] = []
        if let title = schema["title"]?.stringValue, !title.isEmpty { comments += [title, ""] }
        if let description = schema["description"]?.stringValue, !description.isEmpty { comments.append(description) }
        if let examples = schema["examples"]?.arrayValue, !examples.isEmpty {
            comments.append("Examples:")
            comments += examples.map { "- \($0.asciiPythonText)" }
        }
        return comments
    }

    /// A question mark after the name of a property that is not required.
    private static func mark(_ name: String, _ schema: JSONValue?) -> String {
        let isRequired = schema?["required"]?.arrayValue?.contains { element in
            element.stringValue?.utf8.elementsEqual(name.utf8) ?? false
        }
        return isRequired == true ? "" : "?"
    }

    private static func type(of schema: JSONValue) -> String {
        for key in ["oneOf", "anyOf"] {
            if let variants = schema[key]?.arrayValue { return variants.map(type).joined(separator: " | ") }
        }
        if let names = schema["type"]?.arrayValue {
            return names.map { type(of: ["type": $0]) }.joined(separator: " | ")
        }
        var text = "any"
        switch schema["type"]?.stringValue {
        case "string":
            // The cookbook leaves `nullable` out beside `enum`.
            if let values = schema["enum"]?.arrayValue { return values.map(\.asciiPythonText).joined(separator: " | ") }
            text = "string"
        case "number", "integer": text = "number"
        case "boolean": text = "boolean"
        case "array": text = schema["items"].map(type) ?? "any"; text += "[]"
        case "object": text = objectType(of: schema)
        default: break
        }
        switch schema["nullable"] {
        case nil, .null, false, 0, "": return text
        default: return "\(text) | null"
        }
    }

    private static func objectType(of schema: JSONValue) -> String {
        let properties = schema["properties"]?.objectValue?.members ?? []
        let parts = properties.map { "\($0.key)\(mark($0.key, schema)): \(type(of: $0.value))" }
        return "{ " + parts.joined(separator: ", ") + " }"
    }
}
