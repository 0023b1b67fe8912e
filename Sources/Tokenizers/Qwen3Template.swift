import Primitives

/// The chat template of the hybrid Qwen3 models, written out in Swift.
///
/// Rules that are easy to miss: thinking stays only after the last user message that is no tool response, and there in
/// every assistant message that has some and in the last message of the conversation; consecutive tool messages share
/// one user turn; a system message that is not the first is an ordinary turn.
struct Qwen3Template: Sendable {
    let control: Qwen3ControlTokens

    /// The whole conversation, without the generation suffix.
    /// - Parameter tools: each in the form of ``ToolDescription/json``.
    func render(_ messages: [Message], tools: [JSONValue]) -> RenderedConversation {
        var output = RenderedConversation()
        let hasSystem = messages.first?.role == .system
        if !tools.isEmpty {
            openTurn("system", &output)
            if hasSystem { output.append(messages[0].content + "\n\n") }
            renderTools(tools, &output)
            closeTurn(&output)
        } else if hasSystem {
            renderTurn("system", messages[0].content, &output)
        }
        renderTurns(messages, from: hasSystem ? 1 : 0, &output)
        return output
    }

    /// Messages that follow an assistant's turn; the framing starts with the line end that closes that turn's line.
    func renderContinuation(_ messages: [Message]) -> RenderedConversation {
        var output = RenderedConversation()
        output.append("\n")
        renderTurns(messages, from: 0, &output)
        return output
    }

    func appendGenerationSuffix(_ output: inout RenderedConversation) { openTurn("assistant", &output) }

    private func renderTurns(_ messages: [Message], from start: Int, _ output: inout RenderedConversation) {
        let lastQuery = messages.lastIndex(where: isQuery) ?? messages.count - 1
        for index in messages.indices.dropFirst(start) {
            let message = messages[index]
            switch message.role {
            case .system, .user:
                renderTurn(message.role.rawValue, message.content, &output)
            case .assistant:
                renderAssistant(
                    message, isAfterQuery: index > lastQuery, isLast: index == messages.count - 1, &output)
            case .tool:
                if index == 0 || messages[index - 1].role != .tool {
                    output.append(control: control.turnStart)
                    output.append("user")
                }
                output.append("\n")
                output.append(control: control.responseStart)
                output.append("\n" + message.content + "\n")
                output.append(control: control.responseEnd)
                if index == messages.count - 1 || messages[index + 1].role != .tool { closeTurn(&output) }
            }
        }
    }

    /// A user message, other than a tool response that was written as one.
    private func isQuery(_ message: Message) -> Bool {
        guard message.role == .user else { return false }
        let content = ByteText(message.content)
        return
            !(content.starts(with: ByteText(control.responseStart.content))
            && content.hasSuffix(ByteText(control.responseEnd.content)))
    }

    private func renderAssistant(
        _ message: Message, isAfterQuery: Bool, isLast: Bool, _ output: inout RenderedConversation
    ) {
        openTurn("assistant", &output)
        let (thinking, content) = thinkingAndContent(of: message)
        if isAfterQuery, isLast || !thinking.isEmpty {
            output.append(control: control.thinkStart, isWritten: true)
            output.append("\n" + thinking.trimmingNewlines().string + "\n", isWritten: true)
            output.append(control: control.thinkEnd, isWritten: true)
            output.append("\n\n" + content.trimmingLeadingNewlines().string, isWritten: true)
        } else {
            output.append(content.string, isWritten: true)
        }
        for (index, call) in message.toolCalls.enumerated() {
            if index > 0 || !content.isEmpty { output.append("\n", isWritten: true) }
            output.append(control: control.callStart, isWritten: true)
            let arguments = call.arguments.stringValue ?? call.arguments.pythonText
            output.append("\n{\"name\": \"\(call.name)\", \"arguments\": \(arguments)}\n", isWritten: true)
            output.append(control: control.callEnd, isWritten: true)
        }
        output.append(control: control.turnEnd, isWritten: true)
        output.append("\n")
    }

    /// An assistant's message without a thinking of its own may carry one in its content.
    private func thinkingAndContent(of message: Message) -> (thinking: ByteText, content: ByteText) {
        let content = ByteText(message.content)
        if let thinking = message.thinking { return (ByteText(thinking), content) }
        let end = ByteText(control.thinkEnd.content)
        guard let first = content.firstRange(of: end), let last = content.lastRange(of: end) else {
            return ([], content)
        }
        var thinking = content[..<first.lowerBound].trimmingTrailingNewlines()
        if let start = thinking.lastRange(of: ByteText(control.thinkStart.content)) {
            thinking = thinking[start.upperBound...]
        }
        return (thinking.trimmingLeadingNewlines(), content[last.upperBound...].trimmingLeadingNewlines())
    }

    private func renderTools(_ tools: [JSONValue], _ output: inout RenderedConversation) {
        output.append(
            """
            # Tools

            You may call one or more functions to assist with the user query.

            You are provided with function signatures within <tools></tools> XML tags:
            <tools>

            """)
        for tool in tools { output.append(tool.pythonText + "\n") }
        output.append(
            "</tools>\n\nFor each function call, return a json object with function name and arguments within ")
        output.append(control: control.callStart)
        output.append(control: control.callEnd)
        output.append(" XML tags:\n")
        output.append(control: control.callStart)
        output.append("\n{\"name\": <function-name>, \"arguments\": <args-json-object>}\n")
        output.append(control: control.callEnd)
    }

    private func renderTurn(_ role: String, _ content: String, _ output: inout RenderedConversation) {
        openTurn(role, &output)
        output.append(content)
        closeTurn(&output)
    }

    private func openTurn(_ role: String, _ output: inout RenderedConversation) {
        output.append(control: control.turnStart)
        output.append(role + "\n")
    }

    private func closeTurn(_ output: inout RenderedConversation) {
        output.append(control: control.turnEnd)
        output.append("\n")
    }
}
