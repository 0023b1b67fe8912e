import Primitives

/// The chat format of the Qwen3 thinking models of July 2025 (`Qwen3-4B-Thinking-2507` and its kin).
///
/// As ``Qwen3Renderer``, but the generation prompt opens the thinking, so that a turn of the policy begins inside it.
public struct Qwen3ThinkingRenderer: ChatRenderer {
    public let name = "qwen3-thinking-2507"
    private let format: Qwen3Format

    /// Fails when the tokenizer lacks one of the format's control tokens, and for the cookbook's dialect.
    public init(tokenizer: Tokenizer, options: RendererOptions = RendererOptions()) throws(TokenizerError) {
        try options.requireHuggingFace(renderer: name, cookbookName: "qwen3")
        format = try Qwen3Format(.thinking, name: name, tokenizer: tokenizer, options: options)
    }

    public var tokenizer: Tokenizer { format.tokenizer }

    /// `<|im_end|>`
    public var stop: StopSequences { format.tokens.chatML.stop }

    public func render(
        _ messages: [Message], tools: [JSONValue], addsGenerationPrompt: Bool
    ) throws(TokenizerError) -> RenderedConversation {
        try format.render(messages, tools: tools, addsGenerationPrompt: addsGenerationPrompt)
    }

    public func parse(_ sampled: [TokenID]) -> ParsedTurn { format.parse(sampled) }
}
