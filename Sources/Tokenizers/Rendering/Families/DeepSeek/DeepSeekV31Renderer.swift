import Primitives

/// The chat format of DeepSeek-V3.1.
///
/// Renders the same text as the model's own template: all system messages come first, joined by an empty line; thinking
/// is never written, and one that stands in the content, up to the first `</think>`, is taken out, except after a tool
/// message; an answer to tool messages has no header. Tool descriptions are not written: the format expects them in the
/// system message.
public struct DeepSeekV31Renderer: ChatRenderer {
    public let name = "deepseek-v3.1"
    public let tokenizer: Tokenizer
    private let options: RendererOptions
    private let controls: DeepSeekControls
    /// The template's variable `thinking`.
    private let isThinking: Bool

    /// Fails when the tokenizer lacks one of the format's control tokens, and for the cookbook's dialect.
    ///
    /// The template's variable `thinking` is ``RendererOptions/enablesThinking``, unless
    /// ``RendererOptions/templateVariables`` name it. The template knows no `enable_thinking`.
    public init(tokenizer: Tokenizer, options: RendererOptions = RendererOptions()) throws(TokenizerError) {
        try options.requireHuggingFace(renderer: name, cookbookName: "deepseekv3")
        self.tokenizer = tokenizer
        self.options = options
        controls = try DeepSeekControls(tokenizer: tokenizer, renderer: "deepseek-v3.1")
        isThinking = options.thinks(variable: "thinking") ?? false
    }

    /// `<｜end▁of▁sentence｜>`
    public var stop: StopSequences { StopSequences(tokens: [controls.endToken.id]) }

    public func render(
        _ messages: [Message], tools: [JSONValue], addsGenerationPrompt: Bool
    ) throws(TokenizerError) -> RenderedConversation {
        let messages = try messages.replacingNullContent(renderer: name) { message, _ in
            message.role == .assistant && !message.toolCalls.isEmpty ? .empty : .refused
        }
        var output = RenderedConversation(tokenizer)
        output.append(template: DeepSeekControls.beginning, .prologue)
        renderSystem(messages, &output)
        for (index, message) in messages.enumerated() {
            let previous = messages[..<index].last { $0.role != .system }?.role
            switch message.role {
            case .system: break
            case .developer:
                throw .unrenderable(
                    renderer: name, place: "messages[\(index)].role", found: "developer",
                    expected: "system, user, assistant or tool")
            case .user:
                output.append(template: DeepSeekControls.user, .header(index))
                output.append(content: message.content, .output(index), options)
            case .assistant:
                if previous == .user {
                    output.append(template: DeepSeekControls.assistant + DeepSeekControls.thinkEnd, .header(index))
                }
                renderAssistant(message, index, isAfterTool: previous == .tool, &output)
            case .tool:
                output.append(template: DeepSeekControls.outputBegin, .header(index))
                output.append(content: message.content, .output(index), options)
                output.append(template: DeepSeekControls.outputEnd, .output(index))
            }
        }
        if addsGenerationPrompt, messages.last(where: { $0.role != .system })?.role == .user {
            let thinking = isThinking ? DeepSeekControls.thinkBegin : DeepSeekControls.thinkEnd
            output.append(template: DeepSeekControls.assistant + thinking, .generationPrompt)
        }
        return output
    }

    private func renderSystem(_ messages: [Message], _ output: inout RenderedConversation) {
        var isFirst = true
        for (index, message) in messages.enumerated() where message.role == .system {
            if !isFirst { output.append("\n\n", .header(index)) }
            output.append(content: message.content, .output(index), options)
            isFirst = false
        }
    }

    private func renderAssistant(
        _ message: Message, _ index: Int, isAfterTool: Bool, _ output: inout RenderedConversation
    ) {
        var content = ByteText(message.content)
        if message.toolCalls.isEmpty, !isAfterTool,
            let end = content.firstRange(of: ByteText(DeepSeekControls.thinkEnd))
        {
            content = content[end.upperBound...]
        }
        output.append(content: content.string, .output(index), options)
        output.append(calls: message.toolCalls, .output(index), options)
        output.append(template: DeepSeekControls.end, .output(index))
    }

    public func parse(_ sampled: [TokenID]) -> ParsedTurn {
        let parser = DeepSeekTurnParser(style: .v31, isGivenThinking: isThinking)
        return parser.parse(controls.reader.turn(sampled, ends: [controls.endToken.id]))
    }
}

extension RenderedConversation {
    /// Appends a section of tool calls in the form of DeepSeek-V3.1, or nothing if there are none.
    mutating func append(calls: [ToolCall], _ place: RenderedPlace, _ options: RendererOptions) {
        guard !calls.isEmpty else { return }
        append(template: DeepSeekControls.callsBegin, place)
        for call in calls {
            append(template: DeepSeekControls.callBegin, place)
            append(content: call.name, place, options)
            append(template: DeepSeekControls.separator, place)
            append(content: call.argumentsText, place, options)
            append(template: DeepSeekControls.callEnd, place)
        }
        append(template: DeepSeekControls.callsEnd, place)
    }
}
