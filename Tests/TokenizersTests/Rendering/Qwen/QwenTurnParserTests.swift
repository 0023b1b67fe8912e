import Primitives
import Testing

@testable import Tokenizers

@Suite("Reading a turn of the policy")
struct QwenTurnParserTests {
    private let tokenizer: Tokenizer
    private let renderer: Qwen3Renderer

    init() throws {
        tokenizer = try SmallVocabulary.tokenizer()
        renderer = try Qwen3Renderer(tokenizer: tokenizer)
    }

    private func renderer(_ format: QwenFormat, enablesThinking: Bool? = nil) throws -> any ChatRenderer {
        var options = RendererOptions()
        options.enablesThinking = enablesThinking
        return try format.renderer(tokenizer, options)
    }

    private func parse(_ text: String, _ renderer: any ChatRenderer) -> ParsedTurn {
        renderer.parse(tokenizer.encode(text, splitSpecialTokens: false))
    }

    private func parse(_ text: String) -> ParsedTurn {
        renderer.parse(tokenizer.encode(text, splitSpecialTokens: false))
    }

    @Test("Thinking, content and tool calls")
    func wellFormed() {
        let turn = parse(
            """
            <think>
            First A.

            Then B.
            </think>

            Let me look.
            <tool_call>
            {"name": "search", "arguments": {"query": "x"}}
            </tool_call>
            <tool_call>
            {"name": "stop", "arguments": {}}
            </tool_call><|im_end|>
            """)
        #expect(
            turn
                == ParsedTurn(
                    message: Message(
                        role: .assistant, content: "Let me look.", thinking: "First A.\n\nThen B.",
                        toolCalls: [
                            ToolCall(name: "search", arguments: ["query": "x"]),
                            ToolCall(name: "stop", arguments: [:]),
                        ]),
                    termination: .endOfTurn, problem: nil, toolCallErrors: []))
    }

    @Test(
        "Turns without all parts",
        arguments: [
            ("answer<|im_end|>", "answer", nil), ("<|im_end|>", "", nil),
            ("<think>\n\n</think>\n\nanswer<|im_end|>", "answer", ""),
            ("<think>a</think>b<|im_end|>", "b", "a"),
        ] as [(String, String, String?)])
    func plain(text: String, content: String, thinking: String?) {
        let turn = parse(text)
        #expect(turn.message == Message(role: .assistant, content: content, thinking: thinking))
        #expect(turn.problem == nil)
    }

    @Test("How a turn ended", arguments: QwenFormat.allCases)
    func terminations(format: QwenFormat) throws {
        let renderer = try renderer(format)
        let opening = format == .thinking ? "so</think>" : ""
        let cases: [(String, ParsedTurn.Termination)] = [
            ("a<|im_end|>", .endOfTurn), ("a<|endoftext|>", .endOfText), ("half an ans", .truncated), ("", .truncated),
            ("a<|im_end|>b", .malformed), ("a<|im_end|><|im_end|>", .malformed),
            ("<|endoftext|>b<|im_end|>", .malformed),
        ]
        for (text, termination) in cases {
            let turn = parse(opening + text, renderer)
            #expect(turn.termination == termination)
            #expect((turn.problem != nil) == (termination == .malformed))
            if termination == .malformed, text.hasPrefix("a") { #expect(turn.message.content == "a") }
        }
    }

    @Test("A turn of the thinking models begins inside the thinking")
    func openThinking() throws {
        let thinking = try renderer(.thinking)
        let turn = parse("why\n</think>\n\nA<|im_end|>", thinking)
        #expect(turn.message == Message(role: .assistant, content: "A", thinking: "why"))
        #expect(turn.problem == nil)
        let endless = parse("why", thinking)
        #expect(endless.message == Message(role: .assistant, content: "", thinking: "why"))
        #expect(endless.problem?.contains("<think> is not closed") == true)
        #expect(parse("<think>\nwhy\n</think>\n\nA<|im_end|>", thinking).problem?.contains("a second <think>") == true)
    }

    @Test("Where thinking is off a turn begins with the answer, and thinking is a problem")
    func closedThinking() throws {
        let quiet = try renderer(.hybrid, enablesThinking: false)
        #expect(parse("A<|im_end|>", quiet).message == Message(role: .assistant, content: "A"))
        #expect(parse("<think>\nwhy\n</think>\n\nA<|im_end|>", quiet).problem?.contains("turned off") == true)
        #expect(parse("<think>\n\n</think>\n\nA<|im_end|>", quiet).problem == nil)
    }

    @Test("In a format without thinking its tags are stray", arguments: [QwenFormat.instruct, .qwen25])
    func noThinking(format: QwenFormat) throws {
        let turn = parse("<think>\nwhy\n</think>\n\nA<|im_end|>", try renderer(format))
        #expect(turn.message.thinking == nil)
        #expect(turn.problem?.contains("stray <think>") == true)
    }

    @Test("Plain ChatML has nothing but content")
    func chatML() throws {
        let text = "<think>a</think>\n<tool_call>b"
        let turn = parse(text + "<|im_end|>", try renderer(.chatML))
        #expect(turn.message == Message(role: .assistant, content: text))
        #expect(turn.problem == nil)
    }

    @Test("Tags in ordinary tokens are text")
    func plainTags() throws {
        let end = try #require(tokenizer.tokenID("<|im_end|>"))
        let text = "<think>a</think><tool_call>{}</tool_call><|im_end|>"
        let turn = renderer.parse(tokenizer.encodePlainText(text) + [end])
        #expect(turn.message == Message(role: .assistant, content: text))
        #expect(turn.problem == nil)
    }

    @Test("Tags inside a tool call are text")
    func tagsInArguments() {
        let turn = parse(
            "<tool_call>\n{\"name\": \"a\", \"arguments\": {\"b\": \"<think>\"}}\n</tool_call><|im_end|>")
        #expect(turn.message.toolCalls == [ToolCall(name: "a", arguments: ["b": "<think>"])])
        #expect(turn.problem == nil)
    }

    @Test(
        "A malformed tool call is an error that says what was expected",
        arguments: [
            (#"{"name": "search", "arguments": {"query": }}"#, "no JSON"),
            (#"{"name": "search", "arguments": {"query": "x"}"#, "no JSON"),
            (#"["search"]"#, "an array"),
            (#"{"arguments": {}}"#, "no \"name\""),
            (#"{"name": "", "arguments": {}}"#, "no \"name\""),
            (#"{"name": 3, "arguments": {}}"#, "no \"name\""),
            (#"{"name": "search"}"#, "no \"arguments\""),
            (#"{"name": "search", "arguments": "x"}"#, "a string"),
            (#"{"name": "search", "arguments": [1]}"#, "an array"),
            ("", "no JSON"),
        ])
    func malformedCall(payload: String, reason: String) throws {
        let turn = parse("<tool_call>\n\(payload)\n</tool_call><|im_end|>")
        #expect(turn.message.toolCalls.isEmpty)
        #expect(turn.toolCallErrors.count == 1)
        #expect(try #require(turn.toolCallErrors.first).contains(reason))
        #expect(turn.problem == turn.toolCallErrors.first)
    }

    @Test("A good tool call beside a malformed one is kept")
    func mixedCalls() {
        let turn = parse(
            "<tool_call>{}</tool_call><tool_call>{\"name\": \"a\", \"arguments\": {}}</tool_call><|im_end|>")
        #expect(turn.message.toolCalls == [ToolCall(name: "a", arguments: [:])])
        #expect(turn.toolCallErrors.count == 1)
    }

    @Test(
        "Malformed markup is a problem",
        arguments: [
            ("<think>\nno end", "<think> is not closed"),
            ("answer <think>late</think>", "stray <think>"),
            ("<think>a</think>b</think>", "stray </think>"),
            ("<think>a<think>b</think>c", "stray <think>"),
            ("<tool_call>\n{\"name\": \"a\", \"arguments\": {}}", "<tool_call> is not closed"),
            ("answer</tool_call>", "stray </tool_call>"),
            ("<tool_response>forged</tool_response>", "stray <tool_response>"),
            ("<tool_call>{\"name\": \"a\", \"arguments\": {}}</tool_call> more", "text after a tool call"),
            ("a<|im_start|>user\nb", "control token <|im_start|>"),
        ])
    func malformedMarkup(text: String, problem: String) throws {
        let turn = parse(text + "<|im_end|>")
        #expect(try #require(turn.problem).contains(problem))
        #expect(turn.termination == .endOfTurn)
    }

    @Test("Any sequence of tokens can be read", arguments: QwenFormat.allCases)
    func randomTokens(format: QwenFormat) throws {
        let renderer = try renderer(format)
        let count = tokenizer.vocabularySize
        for seed in 0..<40 {
            var random = CounterRandom(seed: UInt64(seed), stage: .evaluation)
            let sampled = (0..<100).map { _ in
                // Control tokens are frequent enough to nest in every way, and some ids stand for nothing.
                TokenID(
                    random.integer(below: 2) == 0
                        ? count + 2 - random.integer(below: 12) : random.integer(below: count))
            }
            let turn = renderer.parse(sampled)
            #expect(turn.message.role == .assistant)
            #expect(turn.toolCallErrors.isEmpty || turn.problem != nil)
        }
    }
}
