import Primitives

/// The chat format of the hybrid Qwen3 models.
///
/// Renders the same text as the models' own template, and the same ids wherever messages hold no names of added tokens:
/// the template would turn those into control tokens, this renderer always encodes them as plain text. Works with every
/// tokenizer that has the added tokens `<|im_start|>`, `<|im_end|>`, `<think>`, `</think>`, `<tool_call>`,
/// `</tool_call>`, `<tool_response>` and `</tool_response>`.
public struct Qwen3Renderer: ChatRenderer {
    public let name = "qwen3"
    public let tokenizer: Tokenizer
    private let options: RendererOptions
    private let turnEnd: AddedToken

    /// Fails when the tokenizer lacks one of the format's control tokens.
    public init(tokenizer: Tokenizer, options: RendererOptions = RendererOptions()) throws(TokenizerError) {
        self.tokenizer = tokenizer
        self.options = options
        turnEnd = try tokenizer.controlToken("<|im_end|>", renderer: "qwen3")
        for name in [
            "<|im_start|>", "<think>", "</think>", "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>",
        ] { _ = try tokenizer.controlToken(name, renderer: "qwen3") }
    }

    /// `<|im_end|>`
    public var stop: StopSequences { StopSequences(tokens: [turnEnd.id]) }

    public func render(_ messages: [Message], tools: [JSONValue], addsGenerationPrompt: Bool) -> RenderedConversation {
        var template = Qwen3Template(messages: messages, options: options, output: RenderedConversation(tokenizer))
        template.render(tools: tools, addsGenerationPrompt: addsGenerationPrompt)
        return template.output
    }

    public func parse(_ sampled: [TokenID]) -> ParsedTurn {
        let isEnded = sampled.last == turnEnd.id
        let body = isEnded ? Array(sampled.dropLast()) : sampled
        var turn = Qwen3TurnParser().parse(tokenizer.decode(body), termination: isEnded ? .endOfTurn : .truncated)
        if let special = tokenizer.addedTokens.first(where: { $0.isSpecial && body.contains($0.id) }) {
            let problem = "the control token \(special.content) inside the turn; expected none"
            turn.problem = turn.problem.map { "\($0); \(problem)" } ?? problem
        }
        return turn
    }
}
