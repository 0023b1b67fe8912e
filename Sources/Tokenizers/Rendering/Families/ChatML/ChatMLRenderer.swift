import Primitives

/// Plain ChatML: every message is a turn with its role and its content.
///
/// The format has no words for thinking, tool calls and tools, and its template leaves them out. Works with every
/// tokenizer that has the added tokens `<|im_start|>` and `<|im_end|>`.
public struct ChatMLRenderer: ChatRenderer {
    public let name = "chatml"
    public let tokenizer: Tokenizer
    private let options: RendererOptions
    private let tokens: ChatMLTokens

    /// Fails when the tokenizer lacks one of the format's control tokens.
    public init(tokenizer: Tokenizer, options: RendererOptions = RendererOptions()) throws(TokenizerError) {
        try options.requireHuggingFace(renderer: name)
        self.tokenizer = tokenizer
        self.options = options
        tokens = try ChatMLTokens(tokenizer, renderer: name)
    }

    /// `<|im_end|>`
    public var stop: StopSequences { tokens.stop }

    public func render(
        _ messages: [Message], tools: [JSONValue], addsGenerationPrompt: Bool
    ) throws(TokenizerError) -> RenderedConversation {
        let messages = try messages.replacingNullContent(renderer: name) { _, _ in .refused }
        var writer = ChatMLWriter(tokenizer, tokens, options)
        for (index, message) in messages.enumerated() { writer.turn(message.role.rawValue, message.content, index) }
        writer.finish(addsGenerationPrompt: addsGenerationPrompt)
        return writer.output
    }

    public func parse(_ sampled: [TokenID]) -> ParsedTurn {
        let turn = ChatMLTurn(sampled, tokens, tokenizer)
        return turn.parsed(Message(role: .assistant, content: tokenizer.decode(Array(turn.body))), problems: [])
    }
}
