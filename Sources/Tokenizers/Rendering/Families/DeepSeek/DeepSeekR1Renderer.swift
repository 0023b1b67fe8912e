import Primitives

/// The chat format of the DeepSeek-R1 distillations.
///
/// Renders the same text as the models' own template, oddities included: only the last system message counts and comes
/// first, an assistant's tool calls are written only where its content is `null` or empty, the section of tool calls is closed
/// once for every call but the first of the conversation and otherwise left open, and thinking is never written. A
/// thinking that stands in the content, up to the last `</think>`, is taken out, except after a tool message. Tool
/// descriptions are not written at all.
public struct DeepSeekR1Renderer: ChatRenderer {
    public let name = "deepseek-r1-distill"
    public let tokenizer: Tokenizer
    private let options: RendererOptions
    private let controls: DeepSeekControls

    /// Fails when the tokenizer lacks one of the format's control tokens, and for the cookbook's dialect.
    public init(tokenizer: Tokenizer, options: RendererOptions = RendererOptions()) throws(TokenizerError) {
        try options.requireHuggingFace(renderer: name, cookbookName: "deepseekv3_thinking")
        self.tokenizer = tokenizer
        self.options = options
        controls = try DeepSeekControls(tokenizer: tokenizer, renderer: "deepseek-r1-distill")
    }

    /// `<｜end▁of▁sentence｜>`
    public var stop: StopSequences { StopSequences(tokens: [controls.endToken.id]) }

    public func render(
        _ messages: [Message], tools: [JSONValue], addsGenerationPrompt: Bool
    ) throws(TokenizerError) -> RenderedConversation {
        var template = DeepSeekR1Template(options: options, output: RenderedConversation(tokenizer))
        if let index = messages.firstIndex(where: { $0.role == .developer }) {
            throw .unrenderable(
                renderer: name, place: "messages[\(index)].role", found: "developer",
                expected: "system, user, assistant or tool")
        }
        let messages = try messages.replacingNullContent(renderer: name) { message, _ in
            switch message.role {
            case .system, .developer: .printed
            case .assistant: .empty
            case .user, .tool: .refused
            }
        }
        template.render(messages, addsGenerationPrompt: addsGenerationPrompt)
        return template.output
    }

    public func parse(_ sampled: [TokenID]) -> ParsedTurn {
        let parser = DeepSeekTurnParser(style: .r1, isGivenThinking: true)
        return parser.parse(controls.reader.turn(sampled, ends: [controls.endToken.id]))
    }
}

/// The chat template of the DeepSeek-R1 distillations, written out in Swift.
private struct DeepSeekR1Template {
    let options: RendererOptions
    var output: RenderedConversation
    /// Whether a call, or an output, was written anywhere before: the template never forgets.
    private var hasWrittenCall = false
    private var hasWrittenOutput = false
    /// Whether the last message was a tool's, whose section of outputs is still open.
    private var isInOutputs = false

    init(options: RendererOptions, output: RenderedConversation) {
        self.options = options
        self.output = output
    }

    mutating func render(_ messages: [Message], addsGenerationPrompt: Bool) {
        output.append(template: DeepSeekControls.beginning, .prologue)
        if let index = messages.lastIndex(where: { $0.role == .system }) {
            output.append(content: messages[index].content, .output(index), options)
        }
        for (index, message) in messages.enumerated() {
            switch message.role {
            case .system, .developer: break
            case .user:
                isInOutputs = false
                output.append(template: DeepSeekControls.user, .header(index))
                output.append(content: message.content, .output(index), options)
            case .assistant:
                if message.isContentNull || message.content.isEmpty && !message.toolCalls.isEmpty {
                    renderCalls(message.toolCalls, index)
                } else {
                    renderAnswer(message.content, index)
                }
                isInOutputs = false
            case .tool:
                renderToolOutput(message.content, index)
                isInOutputs = true
            }
        }
        let end: RenderedPlace = addsGenerationPrompt ? .generationPrompt : .trailer
        if isInOutputs {
            output.append(template: DeepSeekControls.outputsEnd, end)
        } else if addsGenerationPrompt {
            output.append(template: DeepSeekControls.assistant + DeepSeekControls.thinkBegin + "\n", end)
        }
    }

    private mutating func renderAnswer(_ content: String, _ index: Int) {
        if isInOutputs {
            output.append(template: DeepSeekControls.outputsEnd, .header(index))
            output.append(content: content, .output(index), options)
        } else {
            var answer = ByteText(content)
            if let end = answer.lastRange(of: ByteText(DeepSeekControls.thinkEnd)) {
                answer = answer[end.upperBound...]
            }
            output.append(template: DeepSeekControls.assistant, .header(index))
            output.append(content: answer.string, .output(index), options)
        }
        output.append(template: DeepSeekControls.end, .output(index))
    }

    private mutating func renderCalls(_ calls: [ToolCall], _ index: Int) {
        for call in calls {
            if hasWrittenCall {
                output.append("\n", .output(index))
            } else {
                output.append(template: DeepSeekControls.assistant, .header(index))
                output.append(template: DeepSeekControls.callsBegin, .output(index))
            }
            let opening = DeepSeekControls.callBegin + "function" + DeepSeekControls.separator
            output.append(template: opening, .output(index))
            output.append(
                content: "\(call.name)\n```json\n\(call.argumentsText)\n```", .output(index), options)
            output.append(template: DeepSeekControls.callEnd, .output(index))
            if hasWrittenCall {
                output.append(template: DeepSeekControls.callsEnd + DeepSeekControls.end, .output(index))
            }
            hasWrittenCall = true
        }
    }

    private mutating func renderToolOutput(_ content: String, _ index: Int) {
        let opening = hasWrittenOutput ? "\n" : DeepSeekControls.outputsBegin
        output.append(template: opening + DeepSeekControls.outputBegin, .header(index))
        output.append(content: content, .output(index), options)
        output.append(template: DeepSeekControls.outputEnd, .output(index))
        hasWrittenOutput = true
    }
}
