import Primitives

/// The chat format of the hybrid Qwen3 models, which think unless ``RendererOptions/enablesThinking`` is false.
///
/// By default it renders the same text as the models' own template, and the same ids wherever messages hold no names of
/// added tokens: the template would turn those into control tokens, this renderer encodes them as plain text. In the
/// cookbook's dialect it equals the renderers `qwen3` and `qwen3_disable_thinking` of tinker-cookbook. Works with every
/// tokenizer that has the added tokens `<|im_start|>`, `<|im_end|>`, `<think>`, `</think>`, `<tool_call>`,
/// `</tool_call>`, `<tool_response>` and `</tool_response>`.
public struct Qwen3Renderer: ChatRenderer {
    public let name = "qwen3"
    private let format: Qwen3Format

    /// Fails when the tokenizer lacks one of the format's control tokens.
    public init(tokenizer: Tokenizer, options: RendererOptions = RendererOptions()) throws(TokenizerError) {
        format = try Qwen3Format(.hybrid, name: name, tokenizer: tokenizer, options: options)
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

    /// The whole conversation with one weight per token. In the cookbook's dialect the masks of the last turn leave out
    /// what the generation prompt supplies, and without thinking they refuse a turn that thinks.
    public func trainingExample(
        messages: [Message], tools: [ToolDescription], mask: LossMask
    ) throws(TokenizerError) -> (tokens: [TokenID], weights: [Float]) {
        try format.trainingExample(self, messages: messages, tools: tools, mask: mask)
    }
}
