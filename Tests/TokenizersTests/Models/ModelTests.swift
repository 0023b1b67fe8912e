import Primitives
import Testing

@testable import Tokenizers

/// The expected ids and texts are those of Hugging Face `tokenizers` 0.23.3 for the same files.
@Suite("Models, post-processors and decoders")
struct ModelTests {
    private static let bytePairs: JSONValue = [
        "type": "BPE", "vocab": SmallFile.vocabulary(["?", "a", "b", "c", "ab", "abc", "<0xC3>", "<0xA9>", "bc"]),
        "merges": [["a", "b"], ["ab", "c"], ["b", "c"]],
    ]

    private static func tokenizer(_ changes: [String: JSONValue]) throws -> Tokenizer {
        let model = changes.reduce(Self.bytePairs) { $0.replacing($1.key, with: $1.value) }
        return try Tokenizer(json: SmallFile.file(model: model))
    }

    @Test("Unknown scalars are dropped, are unknown tokens, are one unknown token, or are their bytes")
    func unknown() throws {
        #expect(try Self.tokenizer([:]).encode("abéçc") == [5])
        #expect(try Self.tokenizer(["unk_token": "?"]).encode("abéçc") == [4, 0, 0, 3])
        #expect(try Self.tokenizer(["unk_token": "?", "fuse_unk": true]).encode("abéçc") == [4, 0, 3])
        let fallback: [String: JSONValue] = ["unk_token": "?", "byte_fallback": true]
        #expect(try Self.tokenizer(fallback).encode("abéc") == [4, 6, 7, 3])
        #expect(try Self.tokenizer(fallback).encode("éç") == [6, 7, 0])
        #expect(try Self.tokenizer([:]).encodeWithOffsets("éabéc").offsets == [0..<3])
    }

    @Test("The merge of lowest rank comes first, and the later of two equal merges counts")
    func ranks() throws {
        #expect(try Self.tokenizer([:]).encode("abc") == [5])
        #expect(try Self.tokenizer(["merges": [["b", "c"], ["a", "b"]]]).encode("abc") == [1, 8])
        #expect(try Self.tokenizer(["merges": ["a b", "b c", "a b"]]).encode("abc") == [1, 8])
        #expect(try Self.tokenizer(["merges": []]).encode("abc") == [1, 2, 3])
        #expect(try Self.tokenizer(["merges": [], "ignore_merges": true]).encode("abc") == [5])
    }

    @Test("A piece of any length is merged alike", arguments: [31, 32, 33, 100, 1_000])
    func longPieces(count: Int) throws {
        let ids = try Self.tokenizer([:]).encode(String(repeating: "abc", count: count))
        #expect(ids == Array(repeating: 5, count: count))
    }

    @Test("A prefix marks what continues a word, a suffix what ends it")
    func affixes() throws {
        let model: JSONValue = [
            "type": "BPE", "continuing_subword_prefix": "##", "end_of_word_suffix": "/", "unk_token": "?",
            "vocab": SmallFile.vocabulary(["?", "a", "##b", "##c/", "a/", "ab", "abc/"]),
            "merges": [["a", "##b"], ["ab", "##c/"]],
        ]
        let tokenizer = try Tokenizer(json: SmallFile.file(model: model))
        #expect(tokenizer.encode("abc") == [6])
        #expect(tokenizer.encode("a") == [4])
        #expect(tokenizer.encode("ac") == [1, 3])
        #expect(tokenizer.encode("ab") == [1, 0])
    }

    @Test("The most probable cut is taken; a run of unknown scalars is one token")
    func unigram() throws {
        let model: JSONValue = [
            "type": "Unigram", "unk_id": 0,
            "vocab": [["?", 0.0], ["a", -1.0], ["b", -1.0], ["ab", -1.5], ["abc", -9.0], ["c", -2.0]],
        ]
        let tokenizer = try Tokenizer(json: SmallFile.file(model: model))
        #expect(tokenizer.encode("abc") == [3, 5])
        #expect(tokenizer.encode("ébçéa") == [0, 2, 0, 1])
        #expect(tokenizer.encodeWithOffsets("ébçéa").offsets == [0..<2, 2..<3, 3..<7, 7..<8])
    }

    @Test("Each byte of a run of unknown scalars stands for the run")
    func unigramBytes() throws {
        let model: JSONValue = [
            "type": "Unigram", "unk_id": 0, "byte_fallback": true,
            "vocab": [["?", 0.0], ["a", -1.0], ["<0xC3>", -5.0], ["<0xA9>", -5.0]],
        ]
        let encoding = try Tokenizer(json: SmallFile.file(model: model)).encodeWithOffsets("ééa")
        #expect(encoding.ids == [2, 3, 2, 3, 1])
        #expect(encoding.offsets == [0..<4, 0..<4, 0..<4, 0..<4, 4..<5])
    }

    @Test("Scores are the doubles that the reference's JSON parser makes of them")
    func scores() {
        for (number, read) in [(0.0, 0.0), (-2.5, -2.5), (1e-5, 1e-5), (-9.0, -9.0)] {
            #expect(ReferenceNumber.asRead(number) == read)
        }
        #expect(ReferenceNumber.asRead(-7.123456789012345) == -(7_123_456_789_012_345.0 / 1e15))
    }

    @Test("Words are cut into the longest entries from the start, or are unknown")
    func wordPiece() throws {
        let model: JSONValue = [
            "type": "WordPiece", "unk_token": "?", "continuing_subword_prefix": "##", "max_input_chars_per_word": 4,
            "vocab": SmallFile.vocabulary(["?", "a", "ab", "##b", "##bc", "##c"]),
        ]
        let tokenizer = try Tokenizer(
            json: SmallFile.file(model: model, decoder: ["type": "WordPiece", "prefix": "##", "cleanup": true]))
        #expect(tokenizer.encode("abbc") == [2, 4])
        #expect(tokenizer.encode("abca") == [0])
        #expect(tokenizer.encode("abcbc") == [0])
        #expect(tokenizer.decode([2, 4, 1]) == "abbc a")
    }

    @Test("Tokens are put around a text on request, and count towards its limit")
    func postProcessing() throws {
        let template: JSONValue = [
            "type": "TemplateProcessing",
            "single": [
                ["SpecialToken": ["id": "<s>", "type_id": 0]], ["Sequence": ["id": "A", "type_id": 0]],
                ["SpecialToken": ["id": "</s>", "type_id": 0]],
            ],
            "pair": [],
            "special_tokens": [
                "<s>": ["id": "<s>", "ids": [1], "tokens": ["<s>"]],
                "</s>": ["id": "</s>", "ids": [2], "tokens": ["</s>"]],
            ],
        ]
        let file = SmallFile.wordLevel(
            ["?", "<s>", "</s>", "a"], preTokenizer: ["type": "WhitespaceSplit"], postProcessor: template)
        let tokenizer = try Tokenizer(json: file)
        #expect(tokenizer.encode("a b") == [3, 0])
        #expect(tokenizer.encode("a b", addSpecialTokens: true) == [1, 3, 0, 2])
        #expect(tokenizer.encodeWithOffsets("a b", addSpecialTokens: true).offsets == [0..<0, 0..<1, 2..<3, 0..<0])
        let limited = try Tokenizer(
            json: file.replacing(
                "truncation", with: ["direction": "Left", "max_length": 3, "strategy": "LongestFirst", "stride": 0]
            ).replacing(
                "padding",
                with: [
                    "strategy": ["Fixed": 5], "direction": "Right", "pad_to_multiple_of": 4, "pad_id": 9,
                    "pad_type_id": 0, "pad_token": "?",
                ]))
        #expect(limited.encode("a a a b", addSpecialTokens: true) == [1, 0, 2, 9, 9, 9, 9, 9])
        #expect(limited.encode("a a a b") == [3, 3, 0, 9, 9, 9, 9, 9])
    }

    @Test(
        "Decoders",
        arguments: [
            (nil, "a <0xC3> <0xA9> ▁b a|"),
            (["type": "Fuse"], "a<0xC3><0xA9>▁ba|"),
            (["type": "ByteFallback"], "aé▁ba|"),
            (["type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": true], "a<0xC3><0xA9> ba|"),
            (["type": "BPEDecoder", "suffix": "a"], " <0xC3><0xA9>▁b|"),
            (["type": "Replace", "pattern": ["String": "▁b"], "content": "-"], "a<0xC3><0xA9>-a|"),
            (["type": "Strip", "content": "a", "start": 1, "stop": 1], "<0xC3><0xA9>▁b|"),
            (
                [
                    "type": "Sequence",
                    "decoders": [["type": "Fuse"], ["type": "Strip", "content": "|", "start": 0, "stop": 2]],
                ],
                "a<0xC3><0xA9>▁ba"
            ),
            (["type": "CTC", "pad_token": "a", "word_delimiter_token": "|", "cleanup": true], "<0xC3><0xA9>▁b "),
        ] as [(JSONValue, String)])
    func decoders(decoder: JSONValue, text: String) throws {
        let tokenizer = try Tokenizer(
            json: SmallFile.wordLevel(["a", "<0xC3>", "<0xA9>", "▁b", "a|"], decoder: decoder))
        #expect(tokenizer.decode([0, 1, 2, 3, 99, 4]).isIdentical(to: text))
    }

    @Test("A byte-level stream holds back the beginning of a scalar only, and no certain U+FFFD")
    func streaming() throws {
        let tokenizer = try SmallVocabulary.tokenizer()
        func token(_ byte: UInt8) throws -> TokenID {
            try #require(tokenizer.tokenID(ByteAlphabet.entry(for: [byte])))
        }
        var stream = tokenizer.streamingDecoder()
        #expect(stream.append(try token(0x61)) == "a")
        #expect(stream.append(try token(0xF0)) == nil)
        #expect(stream.append(try token(0x9F)) == nil)
        #expect(stream.append(try token(0x98)) == nil)
        #expect(stream.append(try token(0x80)) == "😀")
        #expect(stream.append(try token(0x80)) == "\u{FFFD}")
        #expect(stream.append(try token(0xE0)) == nil)
        #expect(stream.append(try token(0x80)) == "\u{FFFD}\u{FFFD}")
        #expect(stream.append(try token(0xC3)) == nil)
        #expect(stream.append(99_999) == nil)
        #expect(stream.finish() == "\u{FFFD}")
        #expect(stream.finish() == nil)
    }

    @Test("Tokens know their text and kind")
    func lookup() throws {
        let tokenizer = try SmallVocabulary.tokenizer()
        let end = try #require(tokenizer.tokenID("<|im_end|>"))
        #expect(tokenizer.token(of: end) == "<|im_end|>")
        #expect(tokenizer.isSpecial(end))
        #expect(tokenizer.byteCount(of: end) == 10)
        #expect(!tokenizer.isSpecial(try #require(tokenizer.tokenID("<think>"))))
        #expect(tokenizer.token(of: 99_999) == nil)
        #expect(tokenizer.token(of: -1) == nil)
    }
}
