import Primitives

/// The chat format of the hybrid Qwen3 models.
///
/// Renders the same text as the models' own template, and the same ids wherever messages hold no names of added tokens:
/// the template would turn those into control tokens, this renderer always encodes them as plain text. Works with every
/// tokenizer that has the added tokens `<|im_start|>`, `<|im_end|>`, `<think>`, `</think>`, `<tool_call>`,
/// `</tool_call>`, `<tool_response>` and `</tool_response>`.
///
/// Appending a ``continuation(sampled:newMessages:)`` of tool messages yields the ids of a full render whenever the
/// policy wrote canonical text with canonical tokens. A new user message makes a full render drop earlier thinking,
/// while the continuation keeps what was sampled.
public struct Qwen3Renderer: ChatRenderer {
    private let tokenizer: Tokenizer
    private let control: Qwen3ControlTokens
    private let generationSuffix: [TokenID]
    let template: Qwen3Template

    /// Fails when the tokenizer lacks one of the format's control tokens.
    public init(tokenizer: Tokenizer) throws(TokenizerError) {
        self.tokenizer = tokenizer
        control = try Qwen3ControlTokens(tokenizer)
        template = Qwen3Template(control: control)
        var suffix = RenderedConversation()
        template.appendGenerationSuffix(&suffix)
        generationSuffix = suffix.tokens(tokenizer)
    }

    /// `<|im_end|>`
    public var stopTokens: [TokenID] { [control.turnEnd.id] }

    public func prompt(messages: [Message], tools: [ToolDescription]) -> [TokenID] {
        template.render(messages, tools: tools.map(\.json)).tokens(tokenizer) + generationSuffix
    }

    public func continuation(sampled: [TokenID], newMessages: [Message]) -> [TokenID] {
        let end = sampled.last == control.turnEnd.id ? [] : [control.turnEnd.id]
        return end + template.renderContinuation(newMessages).tokens(tokenizer) + generationSuffix
    }

    public func parse(_ sampled: [TokenID]) -> ParsedTurn {
        let isEnded = sampled.last == control.turnEnd.id
        let body = isEnded ? Array(sampled.dropLast()) : sampled
        var turn = Qwen3TurnParser(control: control)
            .parse(tokenizer.decode(body), termination: isEnded ? .endOfTurn : .truncated)
        if let special = tokenizer.addedTokens.first(where: { $0.isSpecial && body.contains($0.id) }) {
            let problem = "the control token \(special.content) inside the turn; expected none"
            turn.problem = turn.problem.map { "\($0); \(problem)" } ?? problem
        }
        return turn
    }

    public func trainingExample(
        messages: [Message], tools: [ToolDescription]
    ) throws(TokenizerError) -> (tokens: [TokenID], weights: [Float]) {
        guard messages.contains(where: { $0.role == .assistant }) else {
            throw .nothingToLearn(messageCount: messages.count)
        }
        return template.render(messages, tools: tools.map(\.json)).weightedTokens(tokenizer)
    }
}
