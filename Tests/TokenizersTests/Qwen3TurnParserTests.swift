import Primitives
import Testing

@testable import Tokenizers

@Suite("Reading a turn of the policy")
struct Qwen3TurnParserTests {
    private let tokenizer: Tokenizer
    private let renderer: Qwen3Renderer

    init() throws {
        tokenizer = try SmallVocabulary.tokenizer()
        renderer = try Qwen3Renderer(tokenizer: tokenizer)
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

    @Test("A turn without <|im_end|> is truncated")
    func truncated() {
        #expect(parse("half an ans").termination == .truncated)
        #expect(parse("").termination == .truncated)
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
            ("a<|im_end|>b", "control token <|im_end|>"),
        ])
    func malformedMarkup(text: String, problem: String) throws {
        let turn = parse(text + "<|im_end|>")
        #expect(try #require(turn.problem).contains(problem))
        #expect(turn.termination == .endOfTurn)
    }

    @Test("Any sequence of tokens can be read", arguments: 0..<50)
    func randomTokens(seed: Int) {
        var random = CounterRandom(seed: UInt64(seed), stage: .evaluation)
        let count = tokenizer.vocabularySize
        let sampled = (0..<200).map { _ in
            // Control tokens are frequent enough to nest in every way.
            TokenID(random.integer(below: 2) == 0 ? count - 1 - random.integer(below: 9) : random.integer(below: count))
        }
        let turn = renderer.parse(sampled)
        #expect(turn.message.role == .assistant)
        #expect(turn.problem != nil)
    }
}
