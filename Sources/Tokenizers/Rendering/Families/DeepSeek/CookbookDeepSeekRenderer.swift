import Primitives

/// DeepSeek-V3 as tinker-cookbook renders it: `deepseekv3`, told not to think, or `deepseekv3_thinking`.
///
/// The header and the body of each message are encoded apart. What differs from the model's own template: thinking is
/// written, in the last message, beside tool calls, and with ``RendererOptions/keepsThinking`` everywhere; an assistant
/// that says nothing but tool calls does not end its turn; a system message may only come first; tools are described
/// at the end of it.
public struct CookbookDeepSeekRenderer: ChatRenderer {
    public enum Variant: String, Sendable, Hashable, CaseIterable {
        case plain = "deepseekv3"
        case thinking = "deepseekv3_thinking"
    }

    public let tokenizer: Tokenizer
    private let variant: Variant
    private let options: RendererOptions
    private let controls: DeepSeekControls

    /// Fails when the tokenizer lacks one of the format's control tokens.
    public init(
        tokenizer: Tokenizer, variant: Variant, options: RendererOptions = RendererOptions()
    ) throws(TokenizerError) {
        self.tokenizer = tokenizer
        self.variant = variant
        self.options = options
        controls = try DeepSeekControls(tokenizer: tokenizer, renderer: variant.rawValue)
    }

    public var name: String { variant.rawValue }

    /// `<｜end▁of▁sentence｜>`
    public var stop: StopSequences { StopSequences(tokens: [controls.endToken.id]) }

    public func render(
        _ messages: [Message], tools: [JSONValue], addsGenerationPrompt: Bool
    ) throws(TokenizerError) -> RenderedConversation {
        var output = RenderedConversation(tokenizer)
        output.append(template: DeepSeekControls.beginning, .prologue)
        if messages.first?.role != .system { try append(tools, .prologue, &output) }
        for (index, message) in messages.enumerated() {
            let isAfterTool = index > 0 && messages[index - 1].role == .tool
            switch message.role {
            case .system where index == 0:
                output.append(content: message.content, .output(index), options)
                try append(tools, .output(index), &output)
            case .system, .developer:
                throw .unrenderable(
                    renderer: name, place: "messages[\(index)].role", found: "\(message.role.rawValue)",
                    expected: "one system message, the first, then user, assistant or tool")
            case .user:
                output.append(template: DeepSeekControls.user, .header(index))
                output.cut()
                output.append(content: message.content, .output(index), options)
            case .assistant:
                let isLast = index == messages.count - 1
                renderAssistant(message, index, isAfterTool: isAfterTool, isLast: isLast, &output)
            case .tool:
                output.append(template: DeepSeekControls.outputBegin, .header(index))
                output.cut()
                output.append(content: message.content, .output(index), options)
                output.append(template: DeepSeekControls.outputEnd, .output(index))
            }
            output.cut()
        }
        if addsGenerationPrompt, messages.last?.role != .tool {
            output.append(template: DeepSeekControls.assistant, .generationPrompt)
            output.cut()
            output.append(
                template: variant == .thinking ? DeepSeekControls.thinkBegin : DeepSeekControls.thinkEnd,
                .generationPrompt)
        }
        return output
    }

    /// The whole conversation with one weight per token; the masks of the last turn leave out what the generation prompt
    /// supplies of it.
    public func trainingExample(
        messages: [Message], tools: [ToolDescription], mask: LossMask
    ) throws(TokenizerError) -> (tokens: [TokenID], weights: [Float]) {
        try cookbookExample(messages: messages, tools: tools.map(\.json), mask: mask, refusesThinking: false)
    }

    private func renderAssistant(
        _ message: Message, _ index: Int, isAfterTool: Bool, isLast: Bool, _ output: inout RenderedConversation
    ) {
        var thinking = message.thinking
        var content = message.content
        if !isAfterTool {
            output.append(template: DeepSeekControls.assistant, .header(index))
            output.cut()
            if variant == .plain {
                if thinking == nil { content = Self.withoutThinking(ByteText(content)) }
                thinking = nil
            }
            if variant == .plain || (!options.keepsThinking && !isLast) {
                output.append(template: DeepSeekControls.thinkEnd, .header(index))
            } else if isLast, thinking == nil, !content.isEmpty, !Self.namesThinking(content) {
                output.append(template: DeepSeekControls.thinkBegin + DeepSeekControls.thinkEnd, .output(index))
            }
            output.cut()
        }
        // A message with a thinking, even one that is not written, counts as one that says something.
        let saysSomething = thinking != nil || !content.isEmpty
        if let thinking, !stripsThinking(of: message, isLast: isLast) {
            output.append(template: DeepSeekControls.thinkBegin, .output(index))
            output.append(content: thinking, .output(index), options)
            output.append(template: DeepSeekControls.thinkEnd, .output(index))
        }
        output.append(content: content, .output(index), options)
        output.append(calls: message.toolCalls, .output(index), options)
        if saysSomething { output.append(template: DeepSeekControls.end, .output(index)) }
    }

    private func stripsThinking(of message: Message, isLast: Bool) -> Bool {
        !options.keepsThinking && message.toolCalls.isEmpty && !isLast
    }

    private static func namesThinking(_ content: String) -> Bool {
        ByteText(content).firstRange(of: ByteText(DeepSeekControls.thinkBegin)) != nil
    }

    /// The text without its closed thinking blocks.
    private static func withoutThinking(_ content: ByteText) -> String {
        var result: [UInt8] = []
        var rest = content
        while let start = rest.firstRange(of: ByteText(DeepSeekControls.thinkBegin)),
            let end = rest.firstRange(of: ByteText(DeepSeekControls.thinkEnd), from: start.upperBound)
        {
            result += rest[..<start.lowerBound]
            rest = rest[end.upperBound...]
        }
        return String(decoding: result + rest, as: UTF8.self)
    }

    public func parse(_ sampled: [TokenID]) -> ParsedTurn {
        let parser = DeepSeekTurnParser(style: .cookbook, isGivenThinking: variant == .thinking)
        return parser.parse(controls.reader.turn(sampled, ends: [controls.endToken.id]))
    }
}

extension CookbookDeepSeekRenderer {
    /// Describes tools as the model card of DeepSeek-V3.1 does, at the end of the system message.
    private func append(
        _ tools: [JSONValue], _ place: RenderedPlace, _ output: inout RenderedConversation
    ) throws(TokenizerError) {
        guard !tools.isEmpty else { return }
        output.append("\n\n## Tools\nYou have access to the following tools:\n", place)
        for (index, tool) in tools.enumerated() {
            let function = tool["function"] ?? tool
            guard let toolName = function["name"]?.stringValue, let parameters = function["parameters"] else {
                throw .unrenderable(
                    renderer: name, place: "tools[\(index)]", found: function.kind,
                    expected: "an object with a name, a description and parameters")
            }
            let description = function["description"]?.stringValue ?? ""
            output.append(
                content: """

                    ### \(toolName)
                    Description: \(description)

                    Parameters: \(parameters.asciiPythonText)
                    """, place, options)
        }
        output.append(
            template: """


                IMPORTANT: ALWAYS adhere to this exact format for tool use:
                \(DeepSeekControls.callsBegin)\(DeepSeekControls.callBegin)tool_call_name\(DeepSeekControls.separator)\
                tool_call_arguments\(DeepSeekControls.callEnd)\(DeepSeekControls.callsEnd)

                Where:
                - `tool_call_name` must be an exact match to one of the available tools
                - `tool_call_arguments` must be valid JSON that strictly follows the tool's Parameters Schema
                - For multiple tool calls, chain them directly without separators or spaces
                """, place)
    }
}
