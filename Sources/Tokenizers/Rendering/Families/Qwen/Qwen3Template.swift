import Primitives

/// The chat templates of the Qwen3 models, written out in Swift.
///
/// Rules that are easy to miss: thinking stays only after the last user message that is no tool response, and there in
/// every assistant message that has some and in the last message of the conversation; consecutive tool messages share
/// one user turn; a system message that is not the first is an ordinary turn. The template of the instruct models knows
/// no thinking: it leaves out what is kept apart, and takes what stands in the content for content.
struct Qwen3Template {
    private let format: Qwen3Renderer
    private let messages: [Message]
    private let lastQuery: Int
    private var writer: ChatMLWriter

    init(_ format: Qwen3Renderer, _ messages: [Message]) {
        self.format = format
        self.messages = messages
        lastQuery = messages.lastIndex(where: Self.isQuery) ?? messages.count - 1
        writer = ChatMLWriter(format.tokenizer, format.tokens.chatML, format.options)
    }

    /// The whole conversation.
    mutating func render(tools: [JSONValue], addsGenerationPrompt: Bool) -> RenderedConversation {
        let hasSystem = messages.first?.role == .system
        writer.qwenSystemTurn(hasSystem ? messages[0].content : nil, isMessage: hasSystem, tools: tools)
        for (index, message) in messages.enumerated() where index > 0 || !hasSystem {
            switch message.role {
            case .system, .developer, .user: writer.turn(message.role.rawValue, message.content, index)
            case .assistant: renderAssistant(message, index)
            case .tool: writer.qwenToolResponse(messages, index)
            }
        }
        writer.finish(addsGenerationPrompt: addsGenerationPrompt, beginning: format.suppliedBeginning)
        return writer.output
    }

    /// A user message, other than a tool response that was written as one.
    private static func isQuery(_ message: Message) -> Bool {
        guard message.role == .user else { return false }
        let content = ByteText(message.content)
        return !(content.starts(with: ByteText("<tool_response>")) && content.hasSuffix(ByteText("</tool_response>")))
    }

    private mutating func renderAssistant(_ message: Message, _ index: Int) {
        writer.open("assistant", .header(index))
        var content = ByteText(message.content)
        if format.variant == .instruct {
            writer.append(written: message.content, .output(index))
        } else {
            let parts = QwenThinking(message)
            content = parts.content
            if showsThinking(parts, index) {
                renderThinking(parts.thinking.trimmingNewlines().string, index)
                writer.append(written: content.trimmingLeadingNewlines().string, .output(index))
            } else {
                writer.append(written: content.string, .output(index))
            }
        }
        for (position, call) in message.toolCalls.enumerated() {
            if position > 0 || !content.isEmpty { writer.append("\n", .output(index)) }
            writer.qwenToolCall(name: call.name, arguments: call.argumentsText, .output(index))
        }
        writer.close(.output(index))
    }

    /// A model that keeps its thinking has every message of its own look alike, wherever it stands.
    private func showsThinking(_ parts: QwenThinking, _ index: Int) -> Bool {
        if format.options.keepsThinking { return true }
        return index > lastQuery && (index == messages.count - 1 || !parts.thinking.isEmpty)
    }

    private mutating func renderThinking(_ thinking: String, _ index: Int) {
        let block = ("<think>\n", thinking, "\n</think>\n\n")
        let isSupplied = format.thinksNot && thinking.isEmpty
        let opening: RenderedPlace =
            isSupplied || format.variant == .thinking ? .supplied(index) : .output(index)
        writer.append(template: block.0, opening)
        writer.append(content: block.1, .output(index))
        writer.append(template: block.2, isSupplied ? .supplied(index) : .output(index))
    }
}
