import Primitives

/// The added tokens that the Qwen3 chat template writes.
struct Qwen3ControlTokens: Sendable {
    let turnStart: AddedToken
    let turnEnd: AddedToken
    let thinkStart: AddedToken
    let thinkEnd: AddedToken
    let callStart: AddedToken
    let callEnd: AddedToken
    let responseStart: AddedToken
    let responseEnd: AddedToken

    init(_ tokenizer: Tokenizer) throws(TokenizerError) {
        func token(_ content: String) throws(TokenizerError) -> AddedToken {
            guard let token = tokenizer.addedTokens.first(where: { $0.content == content }) else {
                throw .missingToken(content, renderer: "Qwen3")
            }
            return token
        }
        turnStart = try token("<|im_start|>")
        turnEnd = try token("<|im_end|>")
        thinkStart = try token("<think>")
        thinkEnd = try token("</think>")
        callStart = try token("<tool_call>")
        callEnd = try token("</tool_call>")
        responseStart = try token("<tool_response>")
        responseEnd = try token("</tool_response>")
    }
}
