import Primitives
import Testing

@testable import Tokenizers

/// The expected pieces are those of Hugging Face `tokenizers` 0.23.3 (`Split`, isolated).
@Suite("Split patterns with groups, anchors and runs that give scalars back")
struct SplitPatternTests {
    @Test(
        "Pieces equal the reference's",
        arguments: [
            (
                #"(?:'[sS]|'[tT]|'[lL][lL])|\p{L}+|\s+"#, "I'LL it's 'ſ don't\n\n  x",
                ["I", "'LL", " ", "it", "'s", " ", "'", "ſ", " ", "don", "'t", "\n\n  ", "x"]
            ),
            (
                #"(?:'[sS]|'[tT]|'[lL][lL])|\p{L}+|\s+"#, "one two é\u{301} 1 x  y",
                ["one", " ", "two", " ", "é", "\u{301}", " ", "1", " ", "x", "  ", "y"]
            ),
            (
                #"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"#,
                "a  b   \n  \n", ["a", " ", " b", "   \n  \n"]
            ),
            (
                #"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"#,
                "1234567 12a 1,234",
                ["1", "2", "3", "4", "5", "6", "7", " ", "1", "2", "a", " ", "1", ",", "2", "3", "4"]
            ),
            (
                #"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"#,
                "one two é\u{301} 1 x  y", ["one", " two", " é", "\u{301}", " ", "1", " x", " ", " y"]
            ),
            (#"\s+$"#, "I'LL it's 'ſ don't\n\n  x", ["I'LL it's 'ſ don't", "\n", "\n  x"]),
            (#"\s+$"#, "a  b   \n  \n", ["a  b", "   \n  \n"]),
            (#"\A +| +\z"#, "  a b  ", ["  ", "a b", "  "]),
            (#"^a+"#, "aa\naab\n", ["aa", "\n", "aa", "b\n"]),
            (
                #"[\p{Han}]+|[\p{L}&&[^\p{Han}]]+"#, "I'LL it's 'ſ don't\n\n  x",
                ["I", "'", "LL", " ", "it", "'", "s", " '", "ſ", " ", "don", "'", "t", "\n\n  ", "x"]
            ),
            (#"[\p{Han}]+|[\p{L}&&[^\p{Han}]]+"#, "1234567 12a 1,234", ["1234567 12", "a", " 1,234"]),
            (
                #"\s?[!-/　-。]+"#, "I'LL it's 'ſ don't\n\n  x",
                ["I", "'", "LL it", "'", "s", " '", "ſ don", "'", "t\n\n  x"]
            ),
            (#"\s?[!-/　-。]+"#, "1234567 12a 1,234", ["1234567 12a 1", ",", "234"]),
            (#"\d{1,3}(?=(?:\d{3})*\b)"#, "1234567 12a 1,234", ["1", "234", "567", " 12a ", "1", ",", "234"]),
            (#"\d{1,3}(?=(?:\d{3})*\b)"#, "<s:12><s:><s:3", ["<s:", "12", "><s:><s:", "3"]),
            (#"a?a"#, "aaab aab", ["aa", "a", "b ", "aa", "b"]),
            (#"a?a"#, "aa\naab\n", ["aa", "\n", "aa", "b\n"]),
            (#"a+ab?"#, "aa\naab\n", ["aa", "\n", "aab", "\n"]),
            (#"a+ab?"#, "aaab aab", ["aaab", " ", "aab"]),
            (#"<s:[0-9]+>"#, "<s:12><s:><s:3", ["<s:12>", "<s:><s:3"]),
            (#"(IMG)((A|B|C){1,2})Z"#, "IMGABZIMGABCZIMGZ", ["IMGABZ", "IMGABCZIMGZ"]),
            (#"([\t\n]|    |  )"#, "a  b   \n  \n", ["a", "  ", "b", "  ", " ", "\n", "  ", "\n"]),
            (#"([\t\n]|    |  )"#, "\t      x     ", ["\t", "    ", "  ", "x", "    ", " "]),
            (#"\s{4}(?!\S)|\s{1,2}(?!\S)|\s"#, "a  b   \n  \n", ["a", " ", " ", "b", "   \n", "  ", "\n"]),
            (#"\s{4}(?!\S)|\s{1,2}(?!\S)|\s"#, "\t      x     ", ["\t   ", "  ", " ", "x", "    ", " "]),
            (
                #"[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+"#, "I'LL it's 'ſ don't\n\n  x",
                ["I", "'LL it", "'s", " ", "'ſ don", "'t", "\n\n ", " x"]
            ),
            (
                #"[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+"#, "one two é\u{301} 1 x  y",
                ["one two é\u{301}", " 1", " x", " ", " y"]
            ),
            (#"\u4e00+|\x{301}"#, "一一é\u{301}Kk", ["一一", "é", "\u{301}", "Kk"]),
            (#"(?i:k)+"#, "漢字kana々ア日", ["漢字", "k", "ana々ア日"]),
            (#"(?i:k)+"#, "一一é\u{301}Kk", ["一一é\u{301}", "Kk"]),
        ] as [(String, String, [String])])
    func pieces(regex: String, text: String, expected: [String]) throws {
        let rule = SplitRule(scanner: try #require(SplitPatterns.scanner(for: regex)), behavior: .isolated)
        let pieces = rule.split(AlignedText(text.utf8, at: nil)).map(\.utf8)
        #expect(pieces == expected.map { Array($0.utf8) })
    }

    @Test(
        "What fails after a long run is not tried again from each place within it",
        arguments: [#"\s+\n"#, #" +\z"#, "a+b", #"x?[A-Z]*[a-z]+"#], [" ", "a", "A"])
    func failures(regex: String, character: String) throws {
        let scanner = try #require(SplitPatterns.scanner(for: regex))
        let text = Array((String(repeating: character, count: 30_000) + "-").utf8)
        let matches = text.withUnsafeBufferPointer { scanner.matches(in: $0) }
        #expect(matches.count == (regex.hasPrefix("x") && character == "a" ? 1 : 0))
    }

    @Test("The stages before and after ByteLevel cut as in the reference, on the fast path too")
    func stages() throws {
        let digits: JSONValue = ["type": "Digits", "individual_digits": false]
        let byteLevel: JSONValue = [
            "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true,
        ]
        let triplets: JSONValue = [
            "type": "Split", "pattern": ["Regex": "[0-9][0-9][0-9]"], "behavior": "Isolated", "invert": false,
        ]
        let file = FileComponent(
            file: "test", path: "pre_tokenizer",
            value: ["type": "Sequence", "pretokenizers": [byteLevel, digits, triplets]])
        let stages = ByteLevelStages(stages: try #require(try PreTokenizer(file).byteLevelStages))
        var text = " 12345a²\u{b2} x9"
        let pieces = text.withUTF8 { utf8 in stages.pieces(of: utf8).map { Array(utf8[$0]) } }
        #expect(pieces == [[32], [49, 50, 51], [52, 53], [97], [194], [178], [194], [178], [32, 120], [57]])
        #expect(stages.pattern == nil)
    }
}
