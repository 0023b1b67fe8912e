extension Message {
    /// The chat-messages form: `role`, `content`, and where present `reasoning_content`, `tool_calls`, `name` and
    /// `tool_call_id`.
    public var json: JSONValue {
        var object: JSONObject = ["role": .string(role.rawValue), "content": isContentNull ? .null : .string(content)]
        if let thinking { object["reasoning_content"] = .string(thinking) }
        if !toolCalls.isEmpty { object["tool_calls"] = .array(toolCalls.map(\.json)) }
        if let name { object["name"] = .string(name) }
        if let toolCallID { object["tool_call_id"] = .string(toolCallID) }
        return .object(object)
    }

    /// Reads the chat-messages form. Unknown members are ignored; `content` may be null only beside tool calls, and may be
    /// a list of parts, `{"type":"text","text":…}` and `{"type":"thinking","thinking":…}`.
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
        self.init(
            role: role, content: "", thinking: try Self.optionalString("reasoning_content", of: json),
            toolCalls: toolCalls, name: try Self.optionalString("name", of: json),
            toolCallID: try Self.optionalString("tool_call_id", of: json))
        if json["content"]?.arrayValue != nil {
            try readParts(of: json)
        } else if json["content"].map(\.isNull) == false || toolCalls.isEmpty {
            content = try json.string(at: "content")
        }
    }

    private mutating func readParts(of json: JSONValue) throws(JSONError) {
        for (index, part) in try json.array(at: "content").enumerated() {
            do throws(JSONError) {
                switch try part.string(at: "type") {
                case "text": content += try part.string(at: "text")
                case "thinking": thinking = (thinking ?? "") + (try part.string(at: "thinking"))
                case let type:
                    throw .unexpected(path: "type", expected: "text or thinking", found: "`\(type)`")
                }
            } catch {
                throw error.within("content[\(index)]")
            }
        }
    }

    private static func optionalString(_ key: String, of json: JSONValue) throws(JSONError) -> String? {
        guard let value = json[key], !value.isNull else { return nil }
        return try json.string(at: key)
    }
}

extension ToolCall {
    /// `{"type":"function","function":{"name":…,"arguments":{…}}}`, after an `id` if there is one.
    public var json: JSONValue {
        var object: JSONObject = id.map { ["id": .string($0)] } ?? [:]
        object["type"] = "function"
        object["function"] = ["name": .string(name), "arguments": arguments]
        return .object(object)
    }

    /// Reads the form of ``json``; the arguments must be an object or a string.
    public init(json: JSONValue) throws(JSONError) {
        let function = JSONValue.object(try json.object(at: "function"))
        do throws(JSONError) {
            let text = function["arguments"]?.stringValue
            name = try function.string(at: "name")
            if let text {
                arguments = .string(text)
            } else {
                arguments = .object(try function.object(at: "arguments"))
            }
        } catch {
            throw error.within("function")
        }
        if let id = json["id"], !id.isNull { self.id = try json.string(at: "id") }
    }
}
