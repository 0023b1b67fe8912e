/// The control tokens of DeepSeek's chat formats. Their names are written with the full-width bar U+FF5C and, for the
/// space, with U+2581.
struct DeepSeekControls: Sendable {
    static let beginning = "<｜begin▁of▁sentence｜>"
    static let end = "<｜end▁of▁sentence｜>"
    static let user = "<｜User｜>"
    static let assistant = "<｜Assistant｜>"
    static let callsBegin = "<｜tool▁calls▁begin｜>"
    static let callsEnd = "<｜tool▁calls▁end｜>"
    static let callBegin = "<｜tool▁call▁begin｜>"
    static let callEnd = "<｜tool▁call▁end｜>"
    static let separator = "<｜tool▁sep｜>"
    static let outputsBegin = "<｜tool▁outputs▁begin｜>"
    static let outputsEnd = "<｜tool▁outputs▁end｜>"
    static let outputBegin = "<｜tool▁output▁begin｜>"
    static let outputEnd = "<｜tool▁output▁end｜>"
    /// The first V3 has place holders instead of these two, which then are plain text.
    static let thinkBegin = "<think>"
    static let thinkEnd = "</think>"

    private static let required = [
        beginning, end, user, assistant, callsBegin, callsEnd, callBegin, callEnd, separator, outputsBegin, outputsEnd,
        outputBegin, outputEnd,
    ]

    let endToken: AddedToken
    let reader: SampledPieceReader

    /// Fails when the tokenizer lacks one of the format's control tokens.
    init(tokenizer: Tokenizer, renderer: String) throws(TokenizerError) {
        for name in Self.required { _ = try tokenizer.controlToken(name, renderer: renderer) }
        endToken = try tokenizer.controlToken(Self.end, renderer: renderer)
        reader = SampledPieceReader(
            tokenizer: tokenizer, controls: Self.required + [Self.thinkBegin, Self.thinkEnd])
    }
}
