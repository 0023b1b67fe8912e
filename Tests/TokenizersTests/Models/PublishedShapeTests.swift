import Primitives
import Testing

@testable import Tokenizers

/// Small files in the shape of published ones. The expected ids are those of Hugging Face `tokenizers` 0.23.3.
@Suite("Shapes of published tokenizers")
struct PublishedShapeTests {
    private static let words = [
        "<unk>", "▁", "a", "b", "c", ".", "▁a", "▁ab", "ab", "▁▁", "<0xC3>", "<0xA9>", "c▁", "c▁a",
    ]
    private static let merges: [JSONValue] = [["▁", "a"], ["▁a", "b"], ["a", "b"], ["▁", "▁"]]

    private static func bytePairs(_ first: [JSONValue] = []) -> JSONValue {
        [
            "type": "BPE", "vocab": SmallFile.vocabulary(words), "merges": .array(first + merges), "unk_token": "<unk>",
            "fuse_unk": true, "byte_fallback": true,
        ]
    }

    private static let marks: JSONValue = ["type": "Replace", "pattern": ["String": " "], "content": "▁"]
    private static let prefixAndMarks: JSONValue = [
        "type": "Sequence", "normalizers": [["type": "Prepend", "prepend": "▁"], marks],
    ]

    private static let texts = ["ab ab  c ab.", "c a\u{0}\té ab ñ", "AB Éc. abbb ab ab", "  ab é"]

    private static let shapes: [String: (file: JSONValue, ids: [[TokenID]])] = [
        "Llama 2": (
            SmallFile.file(
                model: bytePairs(),
                normalizer: prefixAndMarks, preTokenizer: nil),
            [
                [7, 7, 9, 4, 7, 5], [1, 4, 6, 10, 11, 0, 7, 1, 0], [1, 0, 1, 0, 4, 5, 7, 3, 3, 7, 7],
                [9, 7, 1, 10, 11],
            ]
        ),
        "merges across words": (
            SmallFile.file(
                model: bytePairs([["c", "▁"], ["c▁", "a"]]),
                normalizer: prefixAndMarks, preTokenizer: nil),
            [
                [7, 7, 9, 13, 3, 5], [1, 13, 10, 11, 0, 7, 1, 0], [1, 0, 1, 0, 4, 5, 7, 3, 3, 7, 7], [9, 7, 1, 10, 11],
            ]
        ),
        "Gemma": (
            SmallFile.file(
                model: bytePairs(),
                normalizer: marks,
                preTokenizer: [
                    "type": "Split", "pattern": ["String": " "], "behavior": "MergedWithPrevious", "invert": false,
                ]),
            [[8, 7, 9, 4, 7, 5], [4, 6, 10, 11, 0, 7, 1, 0], [0, 1, 0, 4, 5, 7, 3, 3, 7, 7], [1, 7, 1, 10, 11]]
        ),
        "Mistral": (
            SmallFile.file(
                model: bytePairs(),
                normalizer: nil,
                preTokenizer: ["type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": false]),
            [
                [7, 7, 9, 4, 7, 5], [1, 4, 6, 10, 11, 0, 7, 1, 0], [1, 0, 1, 0, 4, 5, 7, 3, 3, 7, 7],
                [1, 7, 1, 10, 11],
            ]
        ),
        "T5": (
            SmallFile.file(
                model: [
                    "type": "Unigram", "unk_id": 0, "byte_fallback": false,
                    "vocab": [
                        ["<unk>", 0.0], ["▁", -2.0], ["a", -3.0], ["b", -3.5], ["▁ab", -4.0], ["c", -3.25],
                        [".", -4.5],
                    ],
                ],
                normalizer: nil,
                preTokenizer: [
                    "type": "Sequence",
                    "pretokenizers": [
                        ["type": "WhitespaceSplit"],
                        ["type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true],
                    ],
                ]),
            [[4, 4, 1, 5, 4, 6], [1, 5, 1, 2, 0, 1, 0, 4, 1, 0], [1, 0, 1, 0, 5, 6, 4, 3, 3, 4, 4], [4, 1, 0]]
        ),
        "BERT": (
            SmallFile.file(
                model: [
                    "type": "WordPiece", "unk_token": "<unk>", "continuing_subword_prefix": "##",
                    "max_input_chars_per_word": 20,
                    "vocab": SmallFile.vocabulary(["<unk>", "a", "ab", "##b", "##c", ".", "e", "c"]),
                ],
                normalizer: [
                    "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": nil,
                    "lowercase": true,
                ], preTokenizer: ["type": "BertPreTokenizer"]),
            [[2, 2, 7, 2, 5], [7, 1, 6, 2, 0], [2, 6, 4, 5, 2, 3, 3, 2, 2], [2, 6]]
        ),
    ]

    @Test("Ids equal the reference's, also of pieces that are remembered", arguments: shapes.keys.sorted())
    func ids(name: String) throws {
        let shape = try #require(Self.shapes[name])
        let tokenizer = try Tokenizer(json: shape.file)
        for _ in 0..<2 {
            for (text, ids) in zip(Self.texts, shape.ids) {
                #expect(tokenizer.encode(text) == ids)
                #expect(tokenizer.encodeWithOffsets(text).ids == ids)
            }
        }
    }

    @Test("Remembering pieces changes no ids", arguments: shapes.keys.sorted())
    func generated(name: String) throws {
        let tokenizer = try Tokenizer(json: try #require(Self.shapes[name]).file)
        var random = CounterRandom(seed: 4, stage: .synthesis)
        let parts = [
            "a", "b", "c", ".", " ", "  ", "▁", "é", "É", "ñ", "日", "ab", "\t", "\r\n", "\u{301}", "abcabcabcabcabcabc",
        ]
        for _ in 0..<200 {
            let text = (0..<random.integer(below: 20)).map { _ in random.pick(parts) }.joined()
            #expect(tokenizer.encode(text) == tokenizer.encodeWithOffsets(text).ids)
        }
    }
}
