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

    private static func file(_ names: [String]) -> JSONValue {
        // As in the real vocabulary, only the two that enclose a text are special.
        let tokens = names.enumerated().map { (token: $1, special: $0 < 2) }
        return BytePairTrainer.train(texts: SmallVocabulary.texts, vocabularySize: 300, addedTokens: tokens)
    }

    private static let smallFile = file(controls + ["<think>", "</think>"])
    private static let plainFile = file(controls)

    static func small() throws -> Tokenizer { try Tokenizer(json: smallFile) }

    /// As the first V3: without tokens for the thinking tags.
    static func withoutThinkingTags() throws -> Tokenizer { try Tokenizer(json: plainFile) }

    /// The real vocabulary, loaded once for all tests.
    static func real() throws -> Tokenizer { try loaded.get() }

    private static let loaded = Result {
        try Tokenizer.load(path: SharedData.directory + "/deepseek-v3/tokenizer.json.zst")
    }
}
