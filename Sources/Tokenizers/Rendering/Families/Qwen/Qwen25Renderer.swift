import Primitives

/// The chat format of the Qwen2.5 instruct models.
///
/// Renders the same text as the models' own template, and the same ids wherever messages hold no names of added tokens:
/// the template would turn those into control tokens, this renderer encodes them as plain text. The format has no words
/// for thinking, and its template leaves it out. Works with every tokenizer that has the added tokens `<|im_start|>`,
/// `<|im_end|>`, `<tool_call>` and `</tool_call>`.
public struct Qwen25Renderer: ChatRenderer {
    public let name = "qwen2.5"
    public let tokenizer: Tokenizer
    private let options: RendererOptions
    private let tokens: QwenTokens

    /// Fails when the tokenizer lacks one of the format's control tokens, and for the cookbook's dialect.
    public init(tokenizer: Tokenizer, options: RendererOptions = RendererOptions()) throws(TokenizerError) {
        try options.requireHuggingFace(renderer: name)
        self.tokenizer = tokenizer
        self.options = options
        tokens = try QwenTokens(tokenizer, required: [.callStart, .callEnd], renderer: name)
    }

    /// `<|im_end|>`
    public var stop: StopSequences { tokens.chatML.stop }

    public func render(
        _ messages: [Message], tools: [JSONValue], addsGenerationPrompt: Bool
    ) throws(TokenizerError) -> RenderedConversation {
        try QwenConversation.require(messages, renderer: name)
        let messages = try messages.replacingNullContent(renderer: name) { message, index in
            switch message.role {
            case .tool: .printed
            case .assistant: message.toolCalls.isEmpty ? .refused : .empty
            case .system, .developer, .user:
                index == 0 && message.role == .system && !tools.isEmpty ? .printed : .refused
            }
        }
        var writer = ChatMLWriter(tokenizer, tokens.chatML, options)
        let hasSystem = messages[0].role == .system
        writer.qwenSystemTurn(
            hasSystem ? messages[0].content : Self.defaultSystemMessage, isMessage: hasSystem, tools: tools)
        for (index, message) in messages.enumerated() where index > 0 || !hasSystem {
            switch message.role {
            case .system, .developer, .user: writer.turn(message.role.rawValue, message.content, index)
            case .assistant: render(message, index, &writer)
            case .tool: writer.qwenToolResponse(messages, index)
            }
        }
        writer.finish(addsGenerationPrompt: addsGenerationPrompt)
        return writer.output
    }

    /// What the template says where a conversation has no system message.
    private static let defaultSystemMessage = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."

    private func render(_ message: Message, _ index: Int, _ writer: inout ChatMLWriter) {
        writer.open("assistant", .header(index))
        writer.append(content: message.content, .output(index))
        for (position, call) in message.toolCalls.enumerated() {
            if position > 0 || !message.content.isEmpty { writer.append("\n", .output(index)) }
            // Arguments that are a string are printed as a JSON string here, quotes included.
            writer.qwenToolCall(name: call.name, arguments: call.arguments.pythonText, .output(index))
        }
        writer.close(.output(index))
    }

    public func parse(_ sampled: [TokenID]) -> ParsedTurn {
        QwenTurnParser(tokenizer: tokenizer, tokens: tokens, thinking: .none).parse(sampled)
    }
}
