import Primitives

/// Reads the JSON of tool calls that a policy wrote.
enum ToolCallReader {
    struct Malformation: Error {
        /// What is wrong, and what was expected.
        var text: String

        /// For a call that begins with `<tool_call>`.
        static let unclosed = Malformation(
            text: "<tool_call> is not closed; expected </tool_call> after the JSON object")
    }

    /// Reads `{"name": …, "arguments": {…}}`, which stands between `<tool_call>` and `</tool_call>`.
    static func call(_ payload: ByteText) throws(Malformation) -> ToolCall {
        let value: JSONValue
        do {
            value = try JSONValue.parse(Array(payload))
        } catch {
            throw Malformation(text: "the tool call is no JSON (\(error)); expected {\"name\": …, \"arguments\": {…}}")
        }
        guard value.objectValue != nil else {
            throw Malformation(
                text: "the tool call is \(value.kind); expected an object with \"name\" and \"arguments\"")
        }
        guard let name = value["name"]?.stringValue, !name.isEmpty else {
            throw Malformation(text: "the tool call has no \"name\"; expected the name of a tool")
        }
        guard let arguments = value["arguments"] else {
            throw Malformation(text: "the tool call to \(name) has no \"arguments\"; expected a JSON object")
        }
        guard arguments.objectValue != nil else {
            throw Malformation(
                text: "the \"arguments\" of the tool call to \(name) are \(arguments.kind); expected an object")
        }
        return ToolCall(name: name, arguments: arguments)
    }

    /// Reads the arguments of a call in formats that write the name beside the JSON.
    static func call(to name: String, arguments: String) throws(Malformation) -> ToolCall {
        let value: JSONValue
        do {
            value = try JSONValue.parse(arguments)
        } catch {
            throw Malformation(
                text: "the arguments of the tool call to \(name) are no JSON (\(error)); expected an object")
        }
        guard value.objectValue != nil else {
            throw Malformation(
                text: "the arguments of the tool call to \(name) are \(value.kind); expected an object")
        }
        return ToolCall(name: name, arguments: value)
    }
}
