import Primitives

/// The chat formats of the Qwen3 models, behind one renderer each.
struct Qwen3Format: Sendable {
    enum Variant: Sendable {
        /// Thinks unless told otherwise.
        case hybrid
        /// The thinking models of July 2025, whose generation prompt opens the thinking.
        case thinking
        /// The instruct models of July 2025, which do not think.
        case instruct
    }

    let name: String
    let variant: Variant
    let tokenizer: Tokenizer
    let options: RendererOptions
    let tokens: QwenTokens

    init(
        _ variant: Variant, name: String, tokenizer: Tokenizer, options: RendererOptions
    ) throws(TokenizerError) {
        self.name = name
        self.variant = variant
        self.tokenizer = tokenizer
        self.options = options
        tokens = try QwenTokens(tokenizer, required: QwenTokens.Tag.allCases, renderer: name)
    }

    /// What the policy's turn begins with before the policy writes anything.
    var suppliedBeginning: String {
        switch variant {
        case .hybrid: options.thinks(variable: "enable_thinking") == false ? "<think>\n\n</think>\n\n" : ""
        case .thinking: "<think>\n"
        case .instruct: ""
        }
    }

    var thinksNot: Bool { variant == .hybrid && options.thinks(variable: "enable_thinking") == false }

    func render(
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

    func parse(_ sampled: [TokenID]) -> ParsedTurn {
        let thinking: QwenTurnParser.Thinking =
            switch variant {
            case .hybrid: thinksNot ? .closed : .optional
            case .thinking: .open
            case .instruct: options.dialect == .cookbook ? .verbatim : .none
            }
        return QwenTurnParser(tokenizer: tokenizer, tokens: tokens, thinking: thinking).parse(sampled)
    }
}

extension Qwen3Format {
    func trainingExample(
        _ renderer: some ChatRenderer, messages: [Message], tools: [ToolDescription], mask: LossMask
    ) throws(TokenizerError) -> (tokens: [TokenID], weights: [Float]) {
        let tools = tools.map(\.json)
        guard options.dialect == .cookbook else {
            return try renderer.render(messages, tools: tools, addsGenerationPrompt: false)
                .example(mask, messages: messages)
        }
        return try renderer.cookbookExample(messages: messages, tools: tools, mask: mask, refusesThinking: thinksNot)
    }
}
