import Primitives
import Storage

@testable import Tokenizers

/// The tokenizers of the reference files.
enum ReferenceTokenizers {
    /// Real vocabularies.
    static let published = ["qwen2.5", "qwen3", "gpt2", "gpt-oss", "mistral-tekken", "deepseek-v3"]

    /// Small vocabularies that exercise one component each.
    static let synthetic: [String] = {
        let names = (try? FileStore.list("\(SharedData.directory)/synthetic")) ?? []
        return names.sorted().map { "synthetic/\($0)" }.filter {
            FileStore.isDirectory("\(SharedData.directory)/\($0)")
        }
    }()

    static let all = synthetic + published

    /// The rows of one kind; none where the tokenizer has no such file.
    static func rows(_ name: String, _ file: String) throws -> [JSONValue] {
        let path = "\(name)/\(file)-dev.jsonl.zst"
        return FileStore.exists("\(SharedData.directory)/\(path)") ? try SharedData.rows(path) : []
    }
}

extension String {
    /// The same bytes, unlike `==`, which is canonical equivalence.
    func isIdentical(to other: String) -> Bool { Array(utf8) == Array(other.utf8) }
}

/// A `tokenizer.json` built in a test.
enum SmallFile {
    static func wordLevel(
        _ words: [String], addedTokens: JSONValue = [], normalizer: JSONValue = nil, preTokenizer: JSONValue = nil,
        postProcessor: JSONValue = nil, decoder: JSONValue = nil
    ) -> JSONValue {
        file(
            model: ["type": "WordLevel", "vocab": vocabulary(words), "unk_token": .string(words[0])],
            addedTokens: addedTokens, normalizer: normalizer, preTokenizer: preTokenizer,
            postProcessor: postProcessor, decoder: decoder)
    }

    static func file(
        model: JSONValue, addedTokens: JSONValue = [], normalizer: JSONValue = nil, preTokenizer: JSONValue = nil,
        postProcessor: JSONValue = nil, decoder: JSONValue = nil
    ) -> JSONValue {
        [
            "version": "1.0", "truncation": nil, "padding": nil, "added_tokens": addedTokens,
            "normalizer": normalizer, "pre_tokenizer": preTokenizer, "post_processor": postProcessor,
            "decoder": decoder, "model": model,
        ]
    }

    static func vocabulary(_ entries: [String]) -> JSONValue {
        .object(
            JSONObject(uniqueKeysWithValues: entries.enumerated().map { (key: $1, value: .integer(Int64($0))) }))
    }

    static func addedToken(
        _ id: Int, _ content: String, special: Bool = false, singleWord: Bool = false,
        strips: (Bool, Bool) = (false, false),
        normalized: Bool = false
    ) -> JSONValue {
        [
            "id": .integer(Int64(id)), "content": .string(content), "single_word": .bool(singleWord),
            "lstrip": .bool(strips.0), "rstrip": .bool(strips.1), "normalized": .bool(normalized),
            "special": .bool(special),
        ]
    }
}
