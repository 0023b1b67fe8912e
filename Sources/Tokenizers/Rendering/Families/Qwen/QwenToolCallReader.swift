import Primitives

/// Reads what stands between `<tool_call>` and `</tool_call>`: `{"name": …, "arguments": {…}}`.
enum QwenToolCallReader {
    struct Malformation: Error {
        /// What is wrong, and what was expected.
        var text: String
    }

    static func read(_ payload: ByteText) -> Result<ToolCall, Malformation> {
        func failure(_ text: String) -> Result<ToolCall, Malformation> { .failure(Malformation(text: text)) }
        let value: JSONValue
        do {
            value = try JSONValue.parse(Array(payload))
        } catch {
            return failure("the tool call is no JSON (\(error)); expected {\"name\": …, \"arguments\": {…}}")
        }
        guard value.objectValue != nil else {
            return failure("the tool call is \(value.kind); expected an object with \"name\" and \"arguments\"")
        }
        guard let name = value["name"]?.stringValue, !name.isEmpty else {
            return failure("the tool call has no \"name\"; expected the name of a tool")
        }
        guard let arguments = value["arguments"] else {
            return failure("the tool call to \(name) has no \"arguments\"; expected a JSON object")
        }
        guard arguments.objectValue != nil else {
            return failure("the \"arguments\" of the tool call to \(name) are \(arguments.kind); expected an object")
        }
        return .success(ToolCall(name: name, arguments: arguments))
    }
}
