import Testing

@testable import Tokenizers

/// A small tokenizer with the control tokens of Llama 3, whose own vocabulary may not be passed on.
enum LlamaVocabulary {
    private static let made = Result {
        try Tokenizer(
            json: SmallVocabulary.file(
                addedTokens: [
                    "<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eom_id|>",
                    "<|eot_id|>", "<|python_tag|>",
                ].map { ($0, true) }))
    }

    static func tokenizer() throws -> Tokenizer { try made.get() }
}
