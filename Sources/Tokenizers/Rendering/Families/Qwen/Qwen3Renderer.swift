import Primitives

/// The chat formats of the Qwen3 models.
///
/// By default it renders the same text as the models' own templates, and the same ids wherever messages hold no names of
/// added tokens: the templates would turn those into control tokens, this renderer encodes them as plain text. In the
/// cookbook's dialect it equals the renderers `qwen3`, `qwen3_disable_thinking` and `qwen3_instruct` of tinker-cookbook.
/// Works with every tokenizer that has the added tokens `<|im_start|>`, `<|im_end|>`, `<think>`, `</think>`,
/// `<tool_call>`, `</tool_call>`, `<tool_response>` and `</tool_response>`.
public struct Qwen3Renderer: ChatRenderer {
    public enum Variant: String, Sendable, Hashable, CaseIterable {
        /// Thinks unless ``RendererOptions/enablesThinking`` is false.
        case hybrid = "qwen3"
        /// The thinking models of July 2025 (`Qwen3-4B-Thinking-2507` and its kin). The generation prompt opens the
        /// thinking, so that a turn of the policy begins inside it.
        case thinking = "qwen3-thinking-2507"
        /// The instruct models of July 2025 (`Qwen3-4B-Instruct-2507` and its kin), which do not think: the template
        /// leaves out the thinking of messages. In the cookbook's dialect that of the last message is written and read.
        case instruct = "qwen3-instruct-2507"
    }

    public let tokenizer: Tokenizer
    let variant: Variant
    let options: RendererOptions
    let tokens: QwenTokens

    /// Fails when the tokenizer lacks one of the format's control tokens, and for the thinking models in the cookbook's
    /// dialect.
    public init(
        tokenizer: Tokenizer, variant: Variant = .hybrid, options: RendererOptions = RendererOptions()
    ) throws(TokenizerError) {
        if variant == .thinking { try options.requireHuggingFace(renderer: variant.rawValue, cookbookName: "qwen3") }
        self.tokenizer = tokenizer
        self.variant = variant
        self.options = options
        tokens = try QwenTokens(tokenizer, required: QwenTokens.Tag.allCases, renderer: variant.rawValue)
    }

    public var name: String { variant.rawValue }

    /// `<|im_end|>`
    public var stop: StopSequences { tokens.chatML.stop }

    /// What the policy's turn begins with before the policy writes anything.
    var suppliedBeginning: String {
        switch variant {
        case .hybrid: options.thinks(variable: "enable_thinking") == false ? "<think>\n\n</think>\n\n" : ""
        case .thinking: "<think>\n"
        case .instruct: ""
        }
    }

    var thinksNot: Bool { variant == .hybrid && options.thinks(variable: "enable_thinking") == false }

    public func render(
        _ messages: [Message], tools: [JSONValue], addsGenerationPrompt: Bool
    ) throws(TokenizerError) -> RenderedConversation {
        switch options.dialect {
        case .huggingFace:
            try QwenConversation.require(messages, renderer: name)
            let messages = try messages.replacingNullContent(renderer: name, nullContent)
            var template = Qwen3Template(self, messages)
            return template.render(tools: tools, addsGenerationPrompt: addsGenerationPrompt)
        case .cookbook:
            var cookbook = Qwen3CookbookTemplate(self, messages)
            return try cookbook.render(tools: tools, addsGenerationPrompt: addsGenerationPrompt)
        }
    }

    /// The later templates take whatever is no string for an empty one, except in the system turn.
    private func nullContent(_ message: Message, _ index: Int) -> NullContent {
        switch variant {
        case .hybrid: message.role == .tool ? .printed : .refused
        case .thinking, .instruct: message.role == .system && index == 0 ? .refused : .empty
        }
    }

    public func parse(_ sampled: [TokenID]) -> ParsedTurn {
        let thinking: QwenTurnParser.Thinking =
            switch variant {
            case .hybrid: thinksNot ? .closed : .optional
            case .thinking: .open
            case .instruct: options.dialect == .cookbook ? .verbatim : .none
            }
        return QwenTurnParser(tokenizer: tokenizer, tokens: tokens, thinking: thinking).parse(sampled)
    }

    /// The whole conversation with one weight per token. In the cookbook's dialect the masks of the last turn leave out
    /// what the generation prompt supplies, and a renderer told not to think refuses a turn that thinks.
    public func trainingExample(
        messages: [Message], tools: [ToolDescription], mask: LossMask
    ) throws(TokenizerError) -> (tokens: [TokenID], weights: [Float]) {
        let tools = tools.map(\.json)
        guard options.dialect == .cookbook else {
            return try render(messages, tools: tools, addsGenerationPrompt: false).example(mask, messages: messages)
        }
        return try cookbookExample(messages: messages, tools: tools, mask: mask, refusesThinking: thinksNot)
    }
}
