import Primitives

/// The added tokens that may open or end something in a format: whatever is not known to stand within one turn.
///
/// A policy can sample any of them, and could so write the turns of others. Text that spells their names is harmless.
struct FramingTokens: Sendable {
    /// What only marks the parts of a turn: its thinking and its tool calls. A turn in which they are out of order is a
    /// malformed turn, but no one else's.
    private static let turnMarkup: Set<String> = [
        "<think>", "</think>", "<tool_call>", "</tool_call>", DeepSeekControls.callsBegin, DeepSeekControls.callsEnd,
        DeepSeekControls.callBegin, DeepSeekControls.callEnd, DeepSeekControls.separator, LlamaControls.pythonTag,
        "<|constrain|>",
    ]

    private let names: [TokenID: String]

    init(_ tokenizer: Tokenizer) {
        names = Dictionary(
            tokenizer.addedTokens.filter { Self.mayFrame($0) }.map { ($0.id, $0.content) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Some vocabularies have runs of white space among their added tokens.
    private static func mayFrame(_ token: AddedToken) -> Bool {
        if turnMarkup.contains(token.content) { return false }
        return token.isSpecial || !token.content.unicodeScalars.allSatisfy(\.isPythonSpace)
    }

    func name(of token: TokenID) -> String? { names[token] }

    /// Those among `tokens`, in order.
    func among(_ tokens: some Sequence<TokenID>) -> [TokenID] { tokens.filter { names[$0] != nil } }
}
