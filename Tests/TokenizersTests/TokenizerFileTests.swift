import Primitives
import Testing

@testable import Tokenizers

@Suite("What a tokenizer file may hold")
struct TokenizerFileTests {
    @Test(
        "A component that would change the ids is refused with its path",
        arguments: [
            ("something", 1, "something"), ("version", "2.0", "version"),
            ("normalizer", ["type": "Precompiled"], "normalizer.precompiled_charsmap"),
            ("truncation", ["max_length": 512, "stride": 0], "truncation.strategy"),
            ("truncation", ["max_length": -1, "stride": 0], "truncation.max_length"),
            ("truncation", ["max_length": 5, "stride": 5], "truncation.stride"),
            (
                "truncation", ["max_length": 5, "stride": 0, "strategy": "OnlyFirst", "direction": "Up"],
                "truncation.direction"
            ),
            ("padding", ["strategy": "Longest"], "padding.strategy"),
            ("padding", ["strategy": ["Fixed": -1], "pad_id": 0], "padding.strategy.Fixed"),
            ("padding", ["strategy": "BatchLongest", "pad_id": -1], "padding.pad_id"),
            ("post_processor", ["type": "Prefixing"], "post_processor"),
            ("post_processor", ["type": "ByteLevel", "trim_offsets": "yes"], "post_processor.trim_offsets"),
            ("post_processor", ["type": "TemplateProcessing", "single": []], "post_processor.single"),
            (
                "post_processor", ["type": "TemplateProcessing", "single": [["Sequence": ["id": "B", "type_id": 0]]]],
                "post_processor.single[0]"
            ),
            (
                "post_processor",
                [
                    "type": "TemplateProcessing", "single": [["SpecialToken": ["id": "<s>", "type_id": 0]]],
                    "special_tokens": ["<s>": ["id": "<s>", "ids": [1], "tokens": ["<s>"]]],
                ], "post_processor.special_tokens.<s>.ids"
            ),
            ("post_processor", ["type": "RobertaProcessing", "cls": ["<s>", 0]], "post_processor.cls"),
            (
                "post_processor", ["type": "BertProcessing", "sep": ["</s>", 1], "cls": ["<s>", 0]],
                "post_processor.cls"
            ),
            ("post_processor", ["type": "Sequence", "processors": [nil]], "post_processor.processors[0]"),
            ("decoder", ["type": "Sequence", "decoders": [["type": "Join"]]], "decoder.decoders[0]"),
            ("decoder", ["type": "Strip", "content": "ab", "start": 1, "stop": 0], "decoder.content"),
            ("decoder", ["type": "Strip", "content": "a", "start": -1, "stop": 0], "decoder.start"),
            ("decoder", ["type": "Metaspace", "replacement": "__"], "decoder.replacement"),
            (
                "decoder", ["type": "Metaspace", "replacement": "_", "prepend_scheme": "last"],
                "decoder.prepend_scheme"
            ),
            ("decoder", ["type": "WordPiece", "prefix": "##", "cleanup": "no"], "decoder.cleanup"),
            ("decoder", ["type": "CTC", "pad_token": ""], "decoder.pad_token"),
            ("decoder", ["type": "BPEDecoder", "suffix": ""], "decoder.suffix"),
            ("decoder", ["type": "Fuse", "by": 1], "decoder.by"),
            ("decoder", ["type": "Replace", "pattern": ["String": ""], "content": ""], "decoder.pattern.String"),
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
            ("model.ignore_merges", 1, "model.ignore_merges"), ("model.fuse_unk", "yes", "model.fuse_unk"),
            ("model.end_of_word_suffix", 1, "model.end_of_word_suffix"),
            ("model.unk_token", "<no such entry>", "model.unk_token"),
            ("model.something_new", 1, "model.something_new"),
            ("model.merges[1]", ["a", "no such part"], "model.merges[1]"),
            ("model.merges[1]", "a b c", "model.merges[1]"),
            ("model.merges", "a b", "model.merges"), ("model.vocab", [], "model.vocab"),
            ("model.vocab.!", 1, "model.vocab.\""), ("model.vocab.!", -1, "model.vocab.!"),
            ("added_tokens", "<s>", "added_tokens"), ("added_tokens[2].content", "", "added_tokens[2].content"),
            ("added_tokens[2].special", nil, "added_tokens[2].special"),
            ("added_tokens[2].rank", 1, "added_tokens[2].rank"),
            ("added_tokens[2].id", 7, "added_tokens[2].id"),
            ("added_tokens[2].lstrip", nil, "added_tokens[2].lstrip"),
            ("added_tokens[2].content", "<|im_start|>", "added_tokens[2].content"),
        ] as [(String, JSONValue?, String)])
    func refusal(path: String, value: JSONValue?, component: String) throws {
        expectRefusal(of: component, in: SmallVocabulary.file.replacing(path, with: value))
    }

    @Test(
        "So is a model without what it needs, or with more",
        arguments: [
            (["type": "WordLevel", "vocab": ["a": 0]], "model.unk_token"),
            (["type": "WordLevel", "vocab": ["a": 0], "unk_token": "b"], "model.unk_token"),
            (["type": "WordLevel", "vocab": ["a": 0], "unk_token": "a", "merges": []], "model.merges"),
            (["type": "WordPiece", "vocab": ["a": 0], "unk_token": "a"], "model.max_input_chars_per_word"),
            (
                ["type": "WordPiece", "vocab": ["a": 0], "unk_token": "a", "max_input_chars_per_word": 9],
                "model.continuing_subword_prefix"
            ),
            (["type": "Unigram", "vocab": [["a", -1]]], "model.unk_id"),
            (["type": "Unigram", "vocab": [["a", -1]], "unk_id": 1], "model.unk_id"),
            (["type": "Unigram", "vocab": [["a", -1], ["a", -2]], "unk_id": 0], "model.vocab[1]"),
            (["type": "Unigram", "vocab": [["a"]], "unk_id": 0], "model.vocab[0]"),
            (["type": "Unigram", "vocab": ["a": 0], "unk_id": 0], "model.vocab"),
            (["vocab": ["a": 0]], "model"),
        ] as [(JSONValue, String)])
    func modelRefusal(model: JSONValue, component: String) {
        expectRefusal(of: component, in: SmallFile.file(model: model))
    }

    @Test("So is a name of which the normalizer leaves nothing, since it would be found everywhere")
    func vanishingName() {
        let file = SmallFile.wordLevel(
            ["?"], addedTokens: [SmallFile.addedToken(1, "\u{301}", normalized: true)],
            normalizer: ["type": "StripAccents"])
        expectRefusal(of: "added_tokens[0].content", in: file)
    }

    private func expectRefusal(of component: String, in file: JSONValue) {
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
