import Primitives

/// What the templates of all Qwen models write alike.
extension ChatMLWriter {
    /// The system turn: the system message, the descriptions of the tools, or both.
    ///
    /// - Parameter isMessage: whether `content` is the first message of the conversation.
    mutating func qwenSystemTurn(_ content: String?, isMessage: Bool, tools: [JSONValue]) {
        guard content != nil || !tools.isEmpty else { return }
        open("system", isMessage ? .header(0) : .prologue)
        let place: RenderedPlace = isMessage ? .output(0) : .prologue
        if let content { append(content: content, place) }
        if !tools.isEmpty {
            if content != nil { append("\n\n", place) }
            append(template: QwenToolText.beginning, place)
            for tool in tools { append(content: tool.pythonText + "\n", place) }
            append(template: QwenToolText.end, place)
        }
        close(place)
    }

    /// A tool message. Those that follow one another share one turn of the user.
    mutating func qwenToolResponse(_ messages: [Message], _ index: Int) {
        if index == 0 || messages[index - 1].role != .tool { open("user", .header(index), lineEnd: "") }
        append(template: "\n<tool_response>\n", .header(index))
        append(content: messages[index].content, .output(index))
        append(template: "\n</tool_response>", .output(index))
        if index == messages.count - 1 || messages[index + 1].role != .tool { close(.output(index)) }
    }

    mutating func qwenToolCall(name: String, arguments: String, _ place: RenderedPlace) {
        append(template: "<tool_call>", place)
        append(content: "\n{\"name\": \"\(name)\", \"arguments\": \(arguments)}\n", place)
        append(template: "</tool_call>", place)
    }
}

/// How the Qwen formats introduce tools in the system turn.
enum QwenToolText {
    static let beginning = """
        # Tools

        You may call one or more functions to assist with the user query.

        You are provided with function signatures within <tools></tools> XML tags:
        <tools>

        """

    static let end = """
        </tools>

        For each function call, return a json object with function name and arguments within \
        <tool_call></tool_call> XML tags:
        <tool_call>
        {"name": <function-name>, "arguments": <args-json-object>}
        </tool_call>
        """
}

/// What the templates of Qwen refuse, or would pass over in silence.
enum QwenConversation {
    static func require(_ messages: [Message], renderer: String) throws(TokenizerError) {
        if messages.isEmpty {
            throw .unrenderable(
                renderer: renderer, place: "messages", found: "an empty list",
                expected: "at least one message, as the template looks at the first one")
        }
        if let index = messages.firstIndex(where: { $0.role == .developer }) {
            throw .unrenderable(
                renderer: renderer, place: "messages[\(index)].role",
                found: "`developer`, for which the template writes nothing",
                expected: "system, user, assistant or tool")
        }
    }
}
