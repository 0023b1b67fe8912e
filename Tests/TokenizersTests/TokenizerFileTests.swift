import Primitives
import Testing

@testable import Tokenizers

@Suite("What a tokenizer file may hold")
struct TokenizerFileTests {
    @Test(
        "A component that would change the ids is refused with its path",
        arguments: [
            ("normalizer", ["type": "Precompiled"], "normalizer.precompiled_charsmap"),
            ("truncation", ["max_length": 512, "stride": 0], "truncation.strategy"),
            ("padding", ["strategy": "Longest"], "padding.strategy"),
            ("post_processor", ["type": "TemplateProcessing", "single": []], "post_processor.single"),
            (
                "post_processor", ["type": "BertProcessing", "sep": ["</s>", 1], "cls": ["<s>", 0]],
                "post_processor.cls"
            ),
            ("post_processor", ["type": "Sequence", "processors": [nil]], "post_processor.processors[0]"),
            ("decoder", ["type": "Sequence", "decoders": [["type": "Join"]]], "decoder.decoders[0]"),
            ("decoder", ["type": "Strip", "content": "ab", "start": 1, "stop": 0], "decoder.content"),
            ("decoder", ["type": "Replace", "pattern": ["Regex": "(?<=a)b"], "content": ""], "decoder.pattern.Regex"),
            ("pre_tokenizer", ["type": "Tabs"], "pre_tokenizer"),
            (
                "pre_tokenizer.pretokenizers[0].pattern", ["Regex": "(?<=a)b"],
                "pre_tokenizer.pretokenizers[0].pattern.Regex"
            ),
            ("pre_tokenizer.pretokenizers[0].behavior", "Kept", "pre_tokenizer.pretokenizers[0].behavior"),
            ("model.type", "Bigram", "model"),
            ("model.dropout", 0.1, "model.dropout"),
            ("model.byte_fallback", "yes", "model.byte_fallback"),
            ("model.unk_token", "<no such entry>", "model.unk_token"),
            ("model.something_new", 1, "model.something_new"),
            ("model.merges[1]", ["a", "no such part"], "model.merges[1]"),
            ("model.merges[1]", "a b c", "model.merges[1]"),
            ("model.vocab.!", 1, "model.vocab.\""),
            ("added_tokens[2].id", 7, "added_tokens[2].id"),
            ("added_tokens[2].lstrip", nil, "added_tokens[2].lstrip"),
            ("added_tokens[2].content", "<|im_start|>", "added_tokens[2].content"),
        ] as [(String, JSONValue?, String)])
    func refusal(path: String, value: JSONValue?, component: String) throws {
        let file = SmallVocabulary.file.replacing(path, with: value)
        let error = #expect(throws: TokenizerError.self) { try Tokenizer(json: file, source: "model.json") }
        guard case .unsupported("model.json", component, _, _) = error else {
            Issue.record("\(String(describing: error)) instead of a refusal of \(component)")
            return
        }
    }

    @Test("Merges may be written as one text or as two parts")
    func mergeFormats() throws {
        let merges = try #require(SmallVocabulary.file["model"]?["merges"]?.arrayValue)
        let texts = try merges.map { merge in
            JSONValue.string(try #require(merge.arrayValue).compactMap(\.stringValue).joined(separator: " "))
        }
        let joined = try Tokenizer(json: SmallVocabulary.file.replacing("model.merges", with: .array(texts)))
        let separate = try SmallVocabulary.tokenizer()
        for text in SmallVocabulary.texts { #expect(joined.encode(text) == separate.encode(text)) }
    }

    @Test("A missing file and a file that is no JSON are named")
    func unreadable() throws {
        let missing = #expect(throws: TokenizerError.self) { try Tokenizer.load(path: "/nonexistent/model") }
        #expect(missing.map { "\($0)".contains("/nonexistent/model/tokenizer.json") } == true)
        let garbage = #expect(throws: TokenizerError.self) { try Tokenizer(json: "garbage") }
        #expect(garbage.map { "\($0)".contains("expected an object") } == true)
    }
}

@Suite("Added tokens in text")
struct AddedTokenTests {
    @Test("A special token's name is plain text unless asked for")
    func splitting() throws {
        let tokenizer = try SmallVocabulary.tokenizer()
        let end = try #require(tokenizer.tokenID("<|im_end|>"))
        let think = try #require(tokenizer.tokenID("<think>"))
        let text = "a<|im_end|><think>b"
        #expect(tokenizer.encode(text, splitSpecialTokens: false).filter { $0 == end || $0 == think } == [end, think])
        #expect(tokenizer.encode(text).filter { $0 == end || $0 == think } == [think])
        #expect(tokenizer.encodePlainText(text).filter { $0 == end || $0 == think } == [])
        for ids in [tokenizer.encode(text), tokenizer.encodePlainText(text)] { #expect(tokenizer.decode(ids) == text) }
        #expect(
            tokenizer.decode(tokenizer.encode(text, splitSpecialTokens: false), skipSpecialTokens: true) == "a<think>b")
    }

    @Test("Of two tokens that begin alike the longer one wins")
    func longestMatch() throws {
        let file = BytePairTrainer.train(
            texts: [], vocabularySize: 256, addedTokens: [("<a>", false), ("<a><b>", false)])
        let tokenizer = try Tokenizer(json: file)
        #expect(tokenizer.encode("<a><b><a>") == [257, 256])
    }
}

extension JSONValue {
    /// The value with the member at `path` (`a.b[0].c`) replaced, added, or with `nil` removed.
    func replacing(_ path: String, with value: JSONValue?) -> JSONValue {
        let keys = path.replacing("[", with: ".").replacing("]", with: "").split(separator: ".").map(String.init)
        return replacing(keys[...], with: value) ?? .null
    }

    private func replacing(_ keys: ArraySlice<String>, with value: JSONValue?) -> JSONValue? {
        guard let key = keys.first else { return value }
        if let index = Int(key), var elements = arrayValue {
            elements[index] = elements[index].replacing(keys.dropFirst(), with: value) ?? .null
            return .array(elements)
        }
        guard var object = objectValue else { return nil }
        object[key] = (object[key] ?? .null).replacing(keys.dropFirst(), with: value)
        return .object(object)
    }
}
