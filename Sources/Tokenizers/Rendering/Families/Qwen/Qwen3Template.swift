import Primitives

/// The chat template of the hybrid Qwen3 models, written out in Swift.
///
/// Rules that are easy to miss: thinking stays only after the last user message that is no tool response, and there in
/// every assistant message that has some and in the last message of the conversation; consecutive tool messages share
/// one user turn; a system message that is not the first is an ordinary turn.
struct Qwen3Template {
    let messages: [Message]
    let options: RendererOptions
    var output: RenderedConversation

    /// The whole conversation.
    mutating func render(tools: [JSONValue], addsGenerationPrompt: Bool) {
        let hasSystem = messages.first?.role == .system
        if !tools.isEmpty {
            let place: RenderedPlace = hasSystem ? .header(0) : .prologue
            output.append(template: "<|im_start|>system\n", place)
            if hasSystem { output.append(content: messages[0].content + "\n\n", .output(0), options) }
            renderTools(tools, hasSystem ? .output(0) : .prologue)
        }
        let lastQuery = messages.lastIndex(where: isQuery) ?? messages.count - 1
        for (index, message) in messages.enumerated() where index > 0 || !hasSystem || tools.isEmpty {
            switch message.role {
            case .system, .developer, .user: renderTurn(message, index)
            case .assistant: renderAssistant(message, index, isAfterQuery: index > lastQuery)
            case .tool: renderToolResponse(message, index)
            }
        }
        output.append("\n", addsGenerationPrompt ? .generationPrompt : .trailer)
        if addsGenerationPrompt { output.append(template: "<|im_start|>assistant\n", .generationPrompt) }
    }

    private mutating func open(_ role: String, _ index: Int) {
        output.append(template: (output.segments.isEmpty ? "" : "\n") + "<|im_start|>\(role)\n", .header(index))
    }

    private mutating func renderTurn(_ message: Message, _ index: Int) {
        open(message.role.rawValue, index)
        output.append(content: message.content, .output(index), options)
        output.append(template: "<|im_end|>", .output(index))
    }

    private mutating func renderToolResponse(_ message: Message, _ index: Int) {
        if index == 0 || messages[index - 1].role != .tool {
            output.append(template: (output.segments.isEmpty ? "" : "\n") + "<|im_start|>user", .header(index))
        }
        output.append(template: "\n<tool_response>\n", .header(index))
        output.append(content: message.content, .output(index), options)
        output.append(template: "\n</tool_response>", .output(index))
        if index == messages.count - 1 || messages[index + 1].role != .tool {
            output.append(template: "<|im_end|>", .output(index))
        }
    }

    /// A user message, other than a tool response that was written as one.
    private func isQuery(_ message: Message) -> Bool {
        guard message.role == .user else { return false }
        let content = ByteText(message.content)
        return !(content.starts(with: ByteText("<tool_response>")) && content.hasSuffix(ByteText("</tool_response>")))
    }

    private mutating func renderAssistant(_ message: Message, _ index: Int, isAfterQuery: Bool) {
        open("assistant", index)
        let (thinking, content) = thinkingAndContent(of: message)
        if isAfterQuery, index == messages.count - 1 || !thinking.isEmpty {
            output.append(template: "<think>\n", .output(index))
            output.append(content: thinking.trimmingNewlines().string, .output(index), options)
            output.append(template: "\n</think>\n\n", .output(index))
            output.append(content: content.trimmingLeadingNewlines().string, .output(index), options)
        } else {
            output.append(content: content.string, .output(index), options)
        }
        for (position, call) in message.toolCalls.enumerated() {
            if position > 0 || !content.isEmpty { output.append("\n", .output(index)) }
            output.append(template: "<tool_call>", .output(index))
            output.append(
                content: "\n{\"name\": \"\(call.name)\", \"arguments\": \(call.argumentsText)}\n", .output(index),
                options)
            output.append(template: "</tool_call>", .output(index))
        }
        output.append(template: "<|im_end|>", .output(index))
    }

    /// An assistant's message without a thinking of its own may carry one in its content.
    private func thinkingAndContent(of message: Message) -> (thinking: ByteText, content: ByteText) {
        let content = ByteText(message.content)
        if let thinking = message.thinking { return (ByteText(thinking), content) }
        let end = ByteText("</think>")
        guard let first = content.firstRange(of: end), let last = content.lastRange(of: end) else {
            return ([], content)
        }
        var thinking = content[..<first.lowerBound].trimmingTrailingNewlines()
        if let start = thinking.lastRange(of: ByteText("<think>")) { thinking = thinking[start.upperBound...] }
        return (thinking.trimmingLeadingNewlines(), content[last.upperBound...].trimmingLeadingNewlines())
    }

    private mutating func renderTools(_ tools: [JSONValue], _ place: RenderedPlace) {
        output.append(
            """
            # Tools

            You may call one or more functions to assist with the user query.

            You are provided with function signatures within <tools></tools> XML tags:
            <tools>

            """, place)
        for tool in tools { output.append(tool.pythonText + "\n", place) }
        output.append(
            template: """
                </tools>

                For each function call, return a json object with function name and arguments within \
                <tool_call></tool_call> XML tags:
                <tool_call>
                {"name": <function-name>, "arguments": <args-json-object>}
                </tool_call><|im_end|>
                """, place)
    }
}
