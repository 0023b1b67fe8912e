extension Message {
    /// The chat-messages form: `role`, `content`, and where present `reasoning_content`, `tool_calls` and `name`.
    public var json: JSONValue {
        var object: JSONObject = ["role": .string(role.rawValue), "content": .string(content)]
        if let thinking { object["reasoning_content"] = .string(thinking) }
        if !toolCalls.isEmpty { object["tool_calls"] = .array(toolCalls.map(\.json)) }
        if let name { object["name"] = .string(name) }
        return .object(object)
    }

    /// Reads the chat-messages form. Unknown members are ignored; `content` may be null only beside tool calls.
    public init(json: JSONValue) throws(JSONError) {
        let roleName = try json.string(at: "role")
        guard let role = Role(rawValue: roleName) else {
            let names = Role.allCases.map(\.rawValue).joined(separator: ", ")
            throw .unexpected(path: "role", expected: "one of \(names)", found: "`\(roleName)`")
        }
        var toolCalls: [ToolCall] = []
        if let calls = json["tool_calls"], !calls.isNull {
            for (index, call) in try json.array(at: "tool_calls").enumerated() {
                do { toolCalls.append(try ToolCall(json: call)) } catch { throw error.within("tool_calls[\(index)]") }
            }
        }
        let hasNoContent = json["content"].map(\.isNull) ?? true
        self.init(
            role: role, content: hasNoContent && !toolCalls.isEmpty ? "" : try json.string(at: "content"),
            thinking: try Self.optionalString("reasoning_content", of: json), toolCalls: toolCalls,
            name: try Self.optionalString("name", of: json))
    }

    private static func optionalString(_ key: String, of json: JSONValue) throws(JSONError) -> String? {
        guard let value = json[key], !value.isNull else { return nil }
        return try json.string(at: key)
    }
}

extension ToolCall {
    /// `{"type":"function","function":{"name":…,"arguments":{…}}}`
    public var json: JSONValue {
        ["type": "function", "function": ["name": .string(name), "arguments": arguments]]
    }

    /// Reads the form of ``json``; the arguments must be an object.
    public init(json: JSONValue) throws(JSONError) {
        let function = JSONValue.object(try json.object(at: "function"))
        do {
            self.init(
                name: try function.string(at: "name"), arguments: .object(try function.object(at: "arguments")))
        } catch {
            throw error.within("function")
        }
    }
}
