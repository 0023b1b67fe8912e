import Primitives

/// The chat format of the Qwen3 instruct models of July 2025 (`Qwen3-4B-Instruct-2507` and its kin), which do not think.
///
/// As ``Qwen3Renderer``, but the template leaves out the thinking of messages. In the cookbook's dialect, which equals
/// the renderer `qwen3_instruct` of tinker-cookbook, the thinking of the last message is written and read.
public struct Qwen3InstructRenderer: ChatRenderer {
    public let name = "qwen3-instruct-2507"
    private let format: Qwen3Format

    /// Fails when the tokenizer lacks one of the format's control tokens.
    public init(tokenizer: Tokenizer, options: RendererOptions = RendererOptions()) throws(TokenizerError) {
        format = try Qwen3Format(.instruct, name: name, tokenizer: tokenizer, options: options)
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
    /// what the generation prompt supplies.
    public func trainingExample(
        messages: [Message], tools: [ToolDescription], mask: LossMask
    ) throws(TokenizerError) -> (tokens: [TokenID], weights: [Float]) {
        try format.trainingExample(self, messages: messages, tools: tools, mask: mask)
    }
}
