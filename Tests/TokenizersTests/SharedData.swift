import Foundation
import Primitives
import Storage
import Testing

@testable import Tokenizers

/// The reference files beside the checkout, in `../shared/tokenizers`.
enum SharedData {
    static let directory = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "../shared/tokenizers").standardizedFileURL.path()

    static let isPresent = FileStore.exists(directory + "/qwen3")
    static let absence: Comment = "the reference files are not in ../shared/tokenizers"

    static func rows(_ path: String) throws -> [JSONValue] { try JSONLines.read("\(directory)/\(path)") }

    /// Loaded once for all tests.
    static func tokenizer(_ name: String) throws -> Tokenizer {
        try (name == "qwen3" ? qwen3 : qwen25).get()
    }

    private static let qwen3 = Result { try Tokenizer.load(path: directory + "/qwen3") }
    private static let qwen25 = Result { try Tokenizer.load(path: directory + "/qwen2.5/tokenizer.json.zst") }
}

/// A vocabulary small enough to train in a test, with the control tokens of Qwen3.
enum SmallVocabulary {
    static let texts = [
        "The cat sat on the mat. The cats sat on the mats; they'll sit there again, again and again.",
        "Marfan syndrome is caused by a variant in FBN1.\nMarfan syndrome affects the aorta.\n\nFBN1 encodes fibrillin-1.",
        #"{"name": "search", "arguments": {"query": "Marfan syndrome"}}"#, "naïve café – 3 × 40 mg",
    ]

    static let addedTokens: [(token: String, special: Bool)] = [
        ("<|endoftext|>", true), ("<|im_start|>", true), ("<|im_end|>", true), ("<think>", false), ("</think>", false),
        ("<tool_call>", false), ("</tool_call>", false), ("<tool_response>", false), ("</tool_response>", false),
    ]

    static let file = BytePairTrainer.train(texts: texts, vocabularySize: 300, addedTokens: addedTokens)

    static func tokenizer() throws -> Tokenizer { try Tokenizer(json: file) }
}
