/// The control tokens of the Llama 3 formats.
struct LlamaControls: Sendable {
    static let beginning = "<|begin_of_text|>"
    static let headerStart = "<|start_header_id|>"
    static let headerEnd = "<|end_header_id|>"
    static let turnEnd = "<|eot_id|>"
    /// Ends a turn after which the model expects to go on: a call in an environment that runs it.
    static let messageEnd = "<|eom_id|>"
    static let pythonTag = "<|python_tag|>"
    static let textEnd = "<|end_of_text|>"

    let turnEndToken: AddedToken
    let messageEndToken: AddedToken?
    let textEndToken: AddedToken?
    let reader: SampledPieceReader

    /// Fails when the tokenizer lacks one of the tokens that every turn needs, or that `others` name.
    init(tokenizer: Tokenizer, renderer: String, others: [String] = []) throws(TokenizerError) {
        for name in [Self.beginning, Self.headerStart, Self.headerEnd] + others {
            _ = try tokenizer.controlToken(name, renderer: renderer)
        }
        turnEndToken = try tokenizer.controlToken(Self.turnEnd, renderer: renderer)
        messageEndToken = try? tokenizer.controlToken(Self.messageEnd, renderer: renderer)
        textEndToken = try? tokenizer.controlToken(Self.textEnd, renderer: renderer)
        let controls = [
            Self.beginning, Self.headerStart, Self.headerEnd, Self.turnEnd, Self.messageEnd, Self.pythonTag,
            Self.textEnd,
        ].filter { name in tokenizer.addedTokens.contains { $0.content.utf8.elementsEqual(name.utf8) } }
        reader = SampledPieceReader(tokenizer: tokenizer, controls: controls)
    }

    static func header(_ role: String) -> String { headerStart + role + headerEnd + "\n\n" }
}
