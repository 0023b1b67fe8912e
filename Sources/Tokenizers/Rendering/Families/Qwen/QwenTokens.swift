import Primitives

/// The tokens of the Qwen formats.
struct QwenTokens: Sendable {
    /// What marks thinking and tool calls.
    enum Tag: String, Sendable, CaseIterable {
        case thinkStart = "<think>"
        case thinkEnd = "</think>"
        case callStart = "<tool_call>"
        case callEnd = "</tool_call>"
        case responseStart = "<tool_response>"
        case responseEnd = "</tool_response>"
    }

    let chatML: ChatMLTokens
    private let tags: [TokenID: Tag]

    /// - Parameter required: the tags without whose tokens the format cannot be written.
    init(_ tokenizer: Tokenizer, required: [Tag], renderer: String) throws(TokenizerError) {
        chatML = try ChatMLTokens(tokenizer, renderer: renderer)
        for tag in required { _ = try tokenizer.controlToken(tag.rawValue, renderer: renderer) }
        var tags: [TokenID: Tag] = [:]
        for token in tokenizer.addedTokens { if let tag = Tag(rawValue: token.content) { tags[token.id] = tag } }
        self.tags = tags
    }

    func tag(of token: TokenID) -> Tag? { tags[token] }
}
