import Primitives
import Testing

@testable import Tokenizers

@Suite("Components that are refused")
struct ComponentRefusalTests {
    @Test(
        "What the reference rejects or this loader does not know is refused with its path",
        arguments: [
            (#"{"type":"Precompiled","precompiled_charsmap":"AAAA"}"#, "normalizer.precompiled_charsmap"),
            (#"{"type":"NFC","form":1}"#, "normalizer.form"),
            (#"{"type":"Strip","strip_left":true}"#, "normalizer.strip_right"),
            (#"{"type":"Replace","pattern":{"Regex":"(a|b)+?"},"content":""}"#, "normalizer.pattern.Regex"),
            (#"{"type":"Replace","pattern":{"String":""},"content":""}"#, "normalizer.pattern.String"),
            (#"{"type":"Replace","pattern":"a","content":""}"#, "normalizer.pattern"),
            (#"{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Foo"}]}"#, "normalizer.normalizers[1]"),
            (#"{"type":"Sequence","normalizers":[null]}"#, "normalizer.normalizers[0]"),
            (#""NFC""#, "normalizer"),
        ])
    func normalizers(json: String, path: String) throws {
        let component = FileComponent(file: "test", path: "normalizer", value: try JSONValue.parse(json))
        let error = #expect(throws: TokenizerError.self) { try Normalizer(component) }
        #expect(error.flatMap(Self.path) == path)
    }

    @Test(
        "Pre-tokenizers",
        arguments: [
            (#"{"type":"UnicodeScripts"}"#, "pre"),
            (#"{"type":"ByteLevel","trim_offsets":true}"#, "pre.add_prefix_space"),
            (#"{"type":"ByteLevel","add_prefix_space":true}"#, "pre.trim_offsets"),
            (#"{"type":"Digits"}"#, "pre.individual_digits"),
            (#"{"type":"CharDelimiterSplit","delimiter":"ab"}"#, "pre.delimiter"),
            (#"{"type":"FixedLength","length":0}"#, "pre.length"),
            (#"{"type":"Metaspace","replacement":"▁▁"}"#, "pre.replacement"),
            (#"{"type":"Metaspace","replacement":"▁","prepend_scheme":"last"}"#, "pre.prepend_scheme"),
            (#"{"type":"Metaspace","replacement":"▁","add_prefix_space":false}"#, "pre.add_prefix_space"),
            (#"{"type":"Split","pattern":{"Regex":"a"},"behavior":"Isolated"}"#, "pre.invert"),
            (#"{"type":"Split","pattern":{"Regex":"a"},"behavior":"isolated","invert":false}"#, "pre.behavior"),
            (#"{"type":"Split","pattern":{"Regex":"a\\b"},"behavior":"Isolated","invert":false}"#, "pre.pattern.Regex"),
            (#"{"type":"Sequence","pretokenizers":[{"type":"Whitespace","x":1}]}"#, "pre.pretokenizers[0].x"),
        ])
    func preTokenizers(json: String, path: String) throws {
        let component = FileComponent(file: "test", path: "pre", value: try JSONValue.parse(json))
        let error = #expect(throws: TokenizerError.self) { try PreTokenizer(component) }
        #expect(error.flatMap(Self.path) == path)
    }

    @Test(
        "Patterns that would need backtracking, could match nothing or take quadratic time, and foreign syntax",
        arguments: [
            "", "a*", "a?|b", "a|", "|a", "a+b+c", "a?b*c+d", "(ab|c)+", "(?=a)", "(?<!a)b", "(?i:ss)", "(?i:é)", "a+?",
            "a++a", "a{2}?", "a{2}+", "a{,2}", "a{2", "a{0}", "[]", "[^]", "[a", "[[:punct:]]", "[a[b]", "[&&b]",
            #"[\s-a]"#, #"[a-\d]"#, "[b-a]", #"\b"#, #"\p{Foo}"#, #"\p{L"#, #"\x41"#, #"\"#, "^", "(a", "a)", "a]",
            "{1}", "*", "a+(?!b)c",
        ])
    func patterns(regex: String) {
        #expect(SplitPatternParser.scanner(for: regex) == nil)
    }

    private static func path(_ error: TokenizerError) -> String? {
        if case .unsupported(_, let component, _, _) = error { component } else { nil }
    }
}
