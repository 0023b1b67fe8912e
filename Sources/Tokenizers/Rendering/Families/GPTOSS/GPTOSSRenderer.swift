import Primitives

/// The harmony format of the gpt-oss models: `<|start|>role<|channel|>channel<|message|>content<|end|>`, where an
/// assistant's turn is a sequence of such messages on the channels analysis, commentary and final.
///
/// In the Hugging Face dialect it renders the text of the models' own template, and the same ids wherever messages and
/// tools hold no names of added tokens. Its options: ``RendererOptions/date``, ``RendererOptions/reasoningEffort``, and
/// among the template variables `model_identity` and `builtin_tools`. What the template does silently is done here too:
/// of several tool calls in a message it writes the first, and it leaves out system and developer messages other than
/// the first message of the conversation.
///
/// In the cookbook dialect it renders what tinker-cookbook's `gpt_oss_no_sysprompt` does, or, when a reasoning effort is
/// given, its `gpt_oss_low_reasoning` and siblings. A system message whose name is `_gptoss_internal_system` is written
/// as it is; every other one becomes a developer message.
///
/// Works with every tokenizer that has the added tokens of ``HarmonyTokens``.
public struct GPTOSSRenderer: ChatRenderer {
    static let formatName = "gpt-oss"

    public let name = formatName
    public let tokenizer: Tokenizer
    let options: RendererOptions
    let tokens: HarmonyTokens

    /// Fails when the tokenizer lacks one of the format's control tokens.
    public init(tokenizer: Tokenizer, options: RendererOptions = RendererOptions()) throws(TokenizerError) {
        self.tokenizer = tokenizer
        self.options = options
        tokens = try HarmonyTokens(tokenizer)
    }

    /// `<|return|>`, which ends an answer, and `<|call|>`, which ends a tool call.
    public var stop: StopSequences { StopSequences(tokens: [tokens.returns.id, tokens.call.id]) }

    public func render(
        _ messages: [Message], tools: [JSONValue], addsGenerationPrompt: Bool
    ) throws(TokenizerError) -> RenderedConversation {
        switch options.dialect {
        case .huggingFace:
            let messages = try messages.replacingNullContent(renderer: name) { message, _ in
                message.role == .user || message.role == .assistant ? .refused : .empty
            }
            var template = GPTOSSTemplate(
                messages: messages, options: options, addsGenerationPrompt: addsGenerationPrompt,
                output: RenderedConversation(tokenizer))
            try template.render(tools: tools)
            return template.output
        case .cookbook:
            var format = GPTOSSCookbookFormat(
                messages: messages, options: options, output: RenderedConversation(tokenizer))
            try format.render(tools: tools, addsGenerationPrompt: addsGenerationPrompt)
            return format.output
        }
    }

    public func parse(_ sampled: [TokenID]) -> ParsedTurn {
        HarmonyTurnParser(tokenizer: tokenizer, tokens: tokens, dialect: options.dialect).parse(sampled)
    }

    static func refusal(_ place: String, found: String, expected: String) -> TokenizerError {
        .unrenderable(renderer: formatName, place: place, found: found, expected: expected)
    }
}
