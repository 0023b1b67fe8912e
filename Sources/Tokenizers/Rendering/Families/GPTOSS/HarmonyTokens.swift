/// The control tokens of the harmony format.
struct HarmonyTokens: Sendable {
    let start: AddedToken
    let end: AddedToken
    let message: AddedToken
    let channel: AddedToken
    let constrain: AddedToken
    /// `<|return|>`
    let returns: AddedToken
    let call: AddedToken

    init(_ tokenizer: Tokenizer) throws(TokenizerError) {
        func token(_ name: String) throws(TokenizerError) -> AddedToken {
            try tokenizer.controlToken("<|\(name)|>", renderer: GPTOSSRenderer.formatName)
        }
        start = try token("start")
        end = try token("end")
        message = try token("message")
        channel = try token("channel")
        constrain = try token("constrain")
        returns = try token("return")
        call = try token("call")
    }
}
