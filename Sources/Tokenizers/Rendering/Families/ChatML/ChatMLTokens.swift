/// The control tokens of ChatML.
struct ChatMLTokens: Sendable {
    let turnStart: AddedToken
    let turnEnd: AddedToken
    /// Ends the text altogether. Vocabularies without it have models that never write it.
    let textEnd: AddedToken?

    init(_ tokenizer: Tokenizer, renderer: String) throws(TokenizerError) {
        turnStart = try tokenizer.controlToken("<|im_start|>", renderer: renderer)
        turnEnd = try tokenizer.controlToken("<|im_end|>", renderer: renderer)
        textEnd = tokenizer.addedTokens.first { $0.content == "<|endoftext|>" }
    }

    var stop: StopSequences { StopSequences(tokens: [turnEnd.id]) }
}
