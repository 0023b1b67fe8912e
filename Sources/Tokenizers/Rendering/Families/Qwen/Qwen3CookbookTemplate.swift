import Primitives

/// The Qwen3 renderers of tinker-cookbook (`renderers/qwen3.py`).
///
/// Header and body of each message are encoded apart. As there, the tokens of the format that are not special
/// (`<think>`, `<tool_call>` and the like) are recognised in every body, so that a message can forge them, but never a
/// turn. It differs from the published template in that JSON is ASCII, every tool message is a turn of its own, and
/// only the last message shows its thinking, unless all do.
struct Qwen3CookbookTemplate {
    private let format: Qwen3Renderer
    private let messages: [Message]
    private let hasUser: Bool
    private var output: RenderedConversation

    init(_ format: Qwen3Renderer, _ messages: [Message]) {
        self.format = format
        self.messages = messages
        hasUser = messages.contains { $0.role == .user }
        output = RenderedConversation(format.tokenizer)
    }

    /// The whole conversation.
    mutating func render(
        tools: [JSONValue], addsGenerationPrompt: Bool
    ) throws(TokenizerError) -> RenderedConversation {
        var toolText: String?
        if !tools.isEmpty {
            toolText =
                QwenToolText.beginning + tools.map { $0.asciiPythonText + "\n" }.joined() + QwenToolText.end
        }
        if let text = toolText, messages.first?.role != .system {
            open("system", .prologue)
            appendBody(text, .prologue)
            output.append(template: "<|im_end|>", .prologue)
            toolText = nil
        }
        for (index, message) in messages.enumerated() {
            open(message.role == .tool ? "user" : message.role.rawValue, .header(index))
            if index == 0, let toolText {
                appendBody(message.content.isEmpty ? toolText : message.content + "\n\n" + toolText, .output(0))
            } else {
                try appendBody(of: message, index)
            }
            output.append(template: "<|im_end|>", .output(index))
        }
        if addsGenerationPrompt {
            open("assistant", .generationPrompt)
            output.append(template: format.suppliedBeginning, .generationPrompt)
        }
        return output
    }

    private mutating func open(_ role: String, _ place: RenderedPlace) {
        output.append(template: (output.segments.isEmpty ? "" : "\n") + "<|im_start|>\(role)\n", place)
        output.cut()
    }

    private mutating func appendBody(of message: Message, _ index: Int) throws(TokenizerError) {
        switch message.role {
        case .tool: appendBody("<tool_response>\n\(message.content)\n</tool_response>", .output(index))
        case .assistant: try appendAssistant(message, index)
        case .system, .developer, .user: appendBody(message.content, .output(index))
        }
    }

    private mutating func appendAssistant(_ message: Message, _ index: Int) throws(TokenizerError) {
        let isLast = index == messages.count - 1
        let isFramed = format.variant != .instruct && hasUser && (isLast || format.options.keepsThinking)
        if format.thinksNot, isLast, !hasUser, !(message.content.isEmpty && message.thinking == nil) {
            throw .unrenderable(
                renderer: format.name, place: "messages[\(index)]",
                found: "an assistant's last message in a conversation without a user, which is rendered without the "
                    + "empty thinking block that the generation prompt has",
                expected: "a user message before it, or a renderer that thinks")
        }
        var body = ByteText(message.content)
        var hasThinking = false
        if let thinking = message.thinking {
            if isLast || format.options.keepsThinking {
                hasThinking = true
                body =
                    isFramed
                    ? Self.framed(ByteText(thinking)) + body.trimmingLeadingNewlines()
                    : ByteText("<think>\(thinking)</think>") + body
            }
        } else {
            hasThinking = body.firstRange(of: ByteText("<think>")) != nil
            if isFramed, let end = body.firstRange(of: ByteText("</think>")) {
                var thinking = body[..<end.lowerBound]
                if let start = thinking.lastRange(of: ByteText("<think>")) { thinking = thinking[start.upperBound...] }
                body = Self.framed(thinking) + body[end.upperBound...].trimmingLeadingNewlines()
            }
        }
        let hasText = !body.isEmpty
        if isFramed, !hasThinking {
            appendBody(Self.framed([]).string, format.thinksNot ? .supplied(index) : .output(index))
            body = body.trimmingLeadingNewlines()
        }
        var text = body.string
        for (position, call) in message.toolCalls.enumerated() {
            if position > 0 || hasText { text += "\n" }
            text += "<tool_call>\n\(try payload(of: call, position, index))\n</tool_call>"
        }
        appendBody(text, .output(index))
    }

    private static func framed(_ thinking: ByteText) -> ByteText {
        ByteText("<think>\n") + thinking.trimmingNewlines() + ByteText("\n</think>\n\n")
    }

    private func payload(of call: ToolCall, _ position: Int, _ index: Int) throws(TokenizerError) -> String {
        var arguments = call.arguments
        if let text = arguments.stringValue {
            do { arguments = try JSONValue.parse(text) } catch {
                throw .unrenderable(
                    renderer: format.name, place: "messages[\(index)].tool_calls[\(position)].function.arguments",
                    found: "a string that is no JSON (\(error))", expected: "a JSON object, or a string that holds one")
            }
        }
        return "{\"name\": \(JSONValue.string(call.name).asciiPythonText), "
            + "\"arguments\": \(arguments.asciiPythonText)}"
    }

    /// Appends text in which the names of special tokens are text, and those of other added tokens stand for these.
    private mutating func appendBody(_ text: String, _ place: RenderedPlace) {
        guard !format.options.recognizesControlTokensInContent else { return output.append(template: text, place) }
        for part in format.tokenizer.partsByAddedTokens(text) {
            switch part {
            case .token(let token) where !token.isSpecial: output.append(control: token, place)
            case .token(let token): output.append(token.content, place)
            case .text(let text): output.append(text, place)
            }
        }
    }
}
