import Primitives
import Tokenizers

/// Thinking and tool calls as tags in text: `<think>…</think>`, `<tool_call>{"name":…,"arguments":{…}}</tool_call>`, and
/// observations as `<tool_response>…</tool_response>` in a user message.
enum TaggedCalls {
    static let responseOpening = "<tool_response>"

    static func instructions(_ tools: [ToolDescription]) -> String {
        let list = tools.map { $0.json.text }.joined(separator: "\n")
        return """
            Tools:
            \(list)
            Think between <think> and </think>. Call a tool by a JSON object between tags:
            <tool_call>{"name": "a tool's name", "arguments": {}}</tool_call>
            Several calls may follow each other. The results come between <tool_response> and </tool_response>.
            """
    }

    /// A conversation for a model that knows no tool messages.
    static func rendered(_ messages: [Message]) -> [Message] {
        var result: [Message] = []
        for message in messages {
            switch message.role {
            case .assistant:
                let thinking = message.thinking.map { "<think>\n\($0)\n</think>\n" } ?? ""
                let calls = message.toolCalls.map { call in
                    let body: JSONValue = ["name": .string(call.name), "arguments": call.arguments]
                    return "<tool_call>\n\(body.text)\n</tool_call>"
                }
                let parts = (message.content.isEmpty ? [] : [message.content]) + calls
                result.append(Message(role: .assistant, content: thinking + parts.joined(separator: "\n")))
            case .tool:
                let text = "\(responseOpening)\n\(message.content)\n</tool_response>"
                if result.last?.role == .user {
                    result[result.count - 1].content += "\n" + text
                } else {
                    result.append(Message(role: .user, content: text))
                }
            default: result.append(message)
            }
        }
        return result
    }

    /// Takes thinking, and calls where they are expected, out of the visible text. A call that is no JSON object stays in the
    /// text, where the format filter finds it.
    static func read(_ message: Message, readsCalls: Bool) -> Message {
        var message = message
        var text = message.content[...]
        var visible = ""
        let names = readsCalls ? ["think", "tool_call"] : ["think"]
        while let (before, name, inside, after) = nextElement(in: text, names) {
            visible += before
            if name == "think" {
                let thought = trimmed(inside)
                message.thinking = message.thinking.map { $0 + "\n" + thought } ?? thought
            } else if let call = call(inside) {
                message.toolCalls.append(call)
            } else {
                visible += "<tool_call>" + inside + "</tool_call>"
            }
            text = after
        }
        visible += text
        message.content = trimmed(visible[...])
        return message
    }

    private static func nextElement(
        in text: Substring, _ names: [String]
    ) -> (before: Substring, name: String, inside: Substring, after: Substring)? {
        let found = names.compactMap { name -> (Range<Substring.Index>, Range<Substring.Index>, String)? in
            guard let opening = text.firstRange(of: "<\(name)>"),
                let closing = text[opening.upperBound...].firstRange(of: "</\(name)>")
            else { return nil }
            return (opening, closing, name)
        }
        guard let (opening, closing, name) = found.min(by: { $0.0.lowerBound < $1.0.lowerBound }) else { return nil }
        return (
            text[..<opening.lowerBound], name, text[opening.upperBound..<closing.lowerBound],
            text[closing.upperBound...]
        )
    }

    private static func call(_ text: Substring) -> ToolCall? {
        guard let json = try? JSONValue.parse(trimmed(text)), let name = json["name"]?.stringValue,
            json["arguments"]?.objectValue != nil, let arguments = json["arguments"]
        else { return nil }
        return ToolCall(name: name, arguments: arguments)
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
