import Primitives
import Testing

@testable import Tokenizers

/// Tokenizers with the control tokens of DeepSeek.
enum DeepSeekVocabulary {
    /// Every control token but the thinking tags.
    static let controls = [
        "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>", "<｜tool▁calls▁begin｜>",
        "<｜tool▁calls▁end｜>", "<｜tool▁call▁begin｜>", "<｜tool▁call▁end｜>", "<｜tool▁sep｜>", "<｜tool▁outputs▁begin｜>",
        "<｜tool▁outputs▁end｜>", "<｜tool▁output▁begin｜>", "<｜tool▁output▁end｜>",
    ]

    private static func made(_ names: [String]) -> Result<Tokenizer, any Error> {
        // As in the real vocabulary, only the two that enclose a text are special.
        let tokens = names.enumerated().map { (token: $1, special: $0 < 2) }
        return Result { try Tokenizer(json: SmallVocabulary.file(addedTokens: tokens)) }
    }

    private static let withTags = made(controls + ["<think>", "</think>"])
    private static let withoutTags = made(controls)

    static func small() throws -> Tokenizer { try withTags.get() }

    /// As the first V3: without tokens for the thinking tags.
    static func withoutThinkingTags() throws -> Tokenizer { try withoutTags.get() }

    /// The real vocabulary.
    static func real() throws -> Tokenizer { try SharedData.tokenizer("deepseek-v3") }
}
