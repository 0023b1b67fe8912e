import Primitives
import Testing

@testable import Tokenizers

@Suite("Pre-tokenizers")
struct PreTokenizerTests {
    @Test("A byte-level pre-tokenizer names its patterns")
    func byteLevelPattern() throws {
        let qwen =
            #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
        #expect(try Self.preTokenizer(Self.byteLevelSequence([qwen])).byteLevelPattern == [qwen])
        #expect(try Self.preTokenizer(Self.byteLevelSequence([])).byteLevelPattern == [])
        let lone = #"{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}"#
        #expect(try Self.preTokenizer(lone).byteLevelPattern == [ByteLevelSplitting.pattern])
    }

    @Test(
        "Other pre-tokenizers have no such patterns",
        arguments: [
            #"{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}"#,
            #"{"type":"Split","pattern":{"Regex":"\\s+"},"behavior":"Isolated","invert":false}"#,
            #"{"type":"Sequence","pretokenizers":[]}"#,
            #"{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"\\s+"},"behavior":"Isolated","invert":true},{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}]}"#,
            #"{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"\\s+"},"behavior":"Removed","invert":false},{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}]}"#,
            #"{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"String":" "},"behavior":"Isolated","invert":false},{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}]}"#,
            #"{"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}]}"#,
        ])
    func noByteLevelPattern(json: String) throws {
        #expect(try Self.preTokenizer(json).byteLevelPattern == nil)
    }

    @Test("A stretch that does not begin the text gets no prefix from the scheme `first`")
    func metaspaceFirst() throws {
        let metaspace = try Self.preTokenizer(#"{"type":"Metaspace","replacement":"_","prepend_scheme":"first"}"#)
        #expect(metaspace.needsOrigins)
        for (offset, isStart, expected) in [(nil, true, "_a"), (nil, false, "a"), (0, false, "_a"), (3, true, "a")] {
            let pieces = metaspace.split(AlignedText("a".utf8, at: offset), isStart: isStart)
            #expect(pieces.map(\.utf8) == [Array(expected.utf8)])
        }
        let sequence =
            #"{"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},{"type":"Metaspace","replacement":"_","prepend_scheme":"first"}]}"#
        #expect(try Self.preTokenizer(sequence).needsOrigins)
        #expect(try !Self.preTokenizer(#"{"type":"Metaspace","replacement":"_"}"#).needsOrigins)
    }

    @Test("Pieces join up to the text where nothing is removed", arguments: SplitBehavior.allCases)
    func coverage(behavior: SplitBehavior) throws {
        var random = CounterRandom(seed: 1, stage: .synthesis)
        let scanner = try #require(SplitPatternParser.scanner(for: #"[\s,.]|é{2}"#))
        for round in 0..<200 {
            let alphabet = ["a", " ", ",", "é", "\u{3000}", "😀"]
            let text = (0..<random.integer(below: 30)).map { _ in random.pick(alphabet) }.joined()
            let rule = SplitRule(scanner: scanner, behavior: behavior, isInverted: round % 2 == 0)
            let pieces = rule.split(AlignedText(text.utf8, at: 0))
            #expect(pieces.allSatisfy { !$0.utf8.isEmpty && $0.utf8.count == $0.origins?.count })
            if behavior != .removed { #expect(pieces.flatMap(\.utf8) == Array(text.utf8)) }
            let starts = pieces.flatMap { ($0.origins ?? []).map(\.lowerBound) }
            #expect(starts == starts.sorted())
        }
    }

    @Test(
        "Long runs of one character are split in one go",
        arguments: [" ", "a", "\u{301}", "'", "1"], [ByteLevelSplitting.pattern, #"\w+|[^\w\s]+"#, #"\s{2,}"#])
    func longRuns(character: String, regex: String) throws {
        let text = AlignedText(String(repeating: character, count: 20_000).utf8, at: nil)
        let rule = SplitRule(scanner: try #require(SplitPatterns.scanner(for: regex)), behavior: .contiguous)
        #expect(rule.split(text).flatMap(\.utf8) == text.utf8)
    }

    private static func preTokenizer(_ json: String) throws -> PreTokenizer {
        try PreTokenizer(FileComponent(file: "test", path: "pre_tokenizer", value: try JSONValue.parse(json)))
    }

    private static func byteLevelSequence(_ patterns: [String]) -> String {
        let splits = patterns.map { pattern in
            #"{"type":"Split","pattern":{"Regex":\#(JSONValue.string(pattern).text)},"behavior":"Isolated","invert":false}"#
        }
        let byteLevel = #"{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}"#
        return #"{"type":"Sequence","pretokenizers":[\#((splits + [byteLevel]).joined(separator: ","))]}"#
    }
}
