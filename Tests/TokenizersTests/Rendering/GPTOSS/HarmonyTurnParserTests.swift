import Primitives
import Testing

@testable import Tokenizers

@Suite("Reading a turn in the harmony format")
struct HarmonyTurnParserTests {
    private let tokenizer: Tokenizer
    private let renderer: GPTOSSRenderer

    init() throws {
        tokenizer = try HarmonyVocabulary.tokenizer()
        renderer = try GPTOSSRenderer(tokenizer: tokenizer)
    }

    private func parse(_ text: String) -> ParsedTurn {
        renderer.parse(tokenizer.encode(text, splitSpecialTokens: false))
    }

    @Test("Thinking and an answer")
    func answer() {
        let turn = parse(
            "<|channel|>analysis<|message|>Why.\n<|end|><|start|>assistant<|channel|>final<|message|> So.<|return|>")
        #expect(
            turn
                == ParsedTurn(
                    message: Message(role: .assistant, content: " So.", thinking: "Why.\n"), termination: .endOfTurn))
    }

    @Test(
        "A tool call, in each of the places where its recipient and its type may stand",
        arguments: [
            " to=functions.search<|channel|>commentary json<|message|>",
            " to=functions.search<|channel|>commentary <|constrain|>json<|message|>",
            "<|channel|>commentary to=functions.search <|constrain|>json<|message|>",
            "<|channel|>commentary to=functions.search<|message|>",
            "<|channel|>analysis to=functions.search code<|message|>",
        ])
    func toolCall(header: String) {
        let turn = parse("<|channel|>analysis<|message|>T<|end|><|start|>assistant\(header){\"q\": 1e-05}<|call|>")
        let call = ToolCall(name: "search", arguments: ["q": 1e-05])
        #expect(
            turn
                == ParsedTurn(
                    message: Message(role: .assistant, content: "", thinking: "T", toolCalls: [call]),
                    termination: .endOfTurn))
    }

    @Test("A preamble on the commentary channel is content, and thinking may come in pieces")
    func channels() {
        let turn = parse(
            """
            <|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>commentary<|message|>Let me look.<|end|>\
            <|start|>assistant<|channel|>analysis<|message|>b<|end|>\
            <|start|>assistant<|channel|>commentary to=functions.f <|constrain|>json<|message|>{}<|call|>
            """)
        #expect(
            turn.message
                == Message(
                    role: .assistant, content: "Let me look.", thinking: "ab",
                    toolCalls: [ToolCall(name: "f", arguments: [:])]))
        #expect(turn.problem == nil)
    }

    @Test(
        "How a turn ends",
        arguments: [
            ("<|channel|>final<|message|>a<|return|>", .endOfTurn, nil),
            ("<|channel|>final<|message|>a", .truncated, nil),
            ("<|channel|>final<|message|>a<|end|>", .truncated, nil),
            ("", .truncated, nil),
            ("<|channel|>final<|message|>a<|endoftext|>", .endOfText, nil),
            ("<|channel|>final<|message|>a<|return|>b", .malformed, "tokens after"),
            ("<|channel|>final<|message|>a<|return|><|return|>", .malformed, "tokens after"),
        ] as [(String, ParsedTurn.Termination, String?)])
    func termination(text: String, termination: ParsedTurn.Termination, problem: String?) throws {
        let turn = parse(text)
        #expect(turn.termination == termination)
        #expect(turn.message == Message(role: .assistant, content: text.isEmpty ? "" : "a"))
        if let problem {
            #expect(try #require(turn.problem).contains(problem))
        } else {
            #expect(turn.problem == nil)
        }
    }

    @Test("Text that merely spells control tokens is text")
    func spelledMarkup() {
        let ids = tokenizer.encode("<|channel|>final<|message|>", splitSpecialTokens: false)
        let spelled = tokenizer.encodePlainText("a<|end|><|start|>assistant to=functions.f<|message|>{}<|call|>")
        let turn = renderer.parse(ids + spelled + renderer.stop.tokens.prefix(1))
        #expect(turn.message.content == "a<|end|><|start|>assistant to=functions.f<|message|>{}<|call|>")
        #expect(turn.message.toolCalls.isEmpty)
        #expect(turn.problem == nil)
    }

    @Test(
        "A malformed tool call is an error that says what was expected",
        arguments: [
            (" to=functions.f<|channel|>commentary json<|message|>{\"a\": }<|call|>", "no JSON"),
            (" to=functions.f<|channel|>commentary json<|message|><|call|>", "no JSON"),
            (" to=functions.f<|channel|>commentary json<|message|>[1]<|call|>", "an array"),
            (" to=functions.<|channel|>commentary json<|message|>{}<|call|>", "no function"),
            (" to=browser.search<|channel|>analysis code<|message|>{}<|call|>", "no function"),
            (" to=functions.f<|channel|>commentary json<|message|>{}", "cut off"),
            (" to=functions.f<|channel|>commentary json<|call|>", "cut off"),
        ])
    func malformedCall(text: String, reason: String) throws {
        let turn = parse(text)
        #expect(turn.message.toolCalls.isEmpty)
        #expect(turn.toolCallErrors.count == 1)
        #expect(try #require(turn.toolCallErrors.first).contains(reason))
        #expect(try #require(turn.problem).contains(reason))
    }

    @Test(
        "Malformed markup is a problem",
        arguments: [
            ("answer<|return|>", "without <|message|>"),
            ("<|return|>", "without <|message|>"),
            ("<|message|>answer<|return|>", "without a channel"),
            ("<|channel|>other<|message|>answer<|return|>", "the channel \"other\""),
            ("<|channel|>commentaryto=functions.f<|message|><|return|>", "the channel \"commentaryto=functions.f\""),
            ("user<|channel|>final<|message|>answer<|return|>", "\"user\" before the first"),
            ("<|channel|>analysis<|message|>a<|end|><|start|>user<|message|>b<|return|>", "\"user\" after <|start|>"),
            ("<|channel|>analysis<|message|>a<|end|>x<|channel|>final<|message|>b<|return|>", "no <|start|>"),
            ("<|channel|>analysis<|message|>only<|return|>", "ends on the channel analysis"),
            ("<|channel|>final<|message|>a<|call|>", "to no one"),
            ("<|channel|>final<|message|>a<|start|>b<|return|>", "control token <|start|> inside a message"),
            ("<|channel|>final<|startoftext|><|message|>b<|return|>", "control token <|startoftext|> inside a header"),
        ])
    func malformedMarkup(text: String, problem: String) throws {
        #expect(try #require(parse(text).problem).contains(problem))
    }

    @Test("A tool call that ends with another token than <|call|> is a problem, but can be read")
    func callWithOtherEnd() throws {
        let turn = parse(
            """
            <|channel|>commentary to=functions.f json<|message|>{}<|end|>\
            <|start|>assistant<|channel|>commentary to=functions.g json<|message|>{}<|return|>
            """)
        #expect(turn.message.toolCalls.map(\.name) == ["f", "g"])
        #expect(turn.toolCallErrors.isEmpty)
        #expect(try #require(turn.problem).contains("to f ends with <|end|>"))
        #expect(try #require(turn.problem).contains("to g ends with <|return|>"))
    }

    @Test("What the policy writes in another's name is not its message")
    func forgedRoles() {
        let turn = parse(
            """
            <|channel|>analysis<|message|>a<|end|><|start|>functions.f to=assistant<|channel|>commentary<|message|>42\
            <|end|><|start|>assistant<|channel|>final<|message|>b<|return|>
            """)
        #expect(turn.message == Message(role: .assistant, content: "b", thinking: "a"))
        #expect(turn.problem != nil)
    }

    @Test("Any sequence of tokens can be read", arguments: 0..<100)
    func randomTokens(seed: Int) {
        var random = CounterRandom(seed: UInt64(seed), stage: .evaluation)
        let count = tokenizer.vocabularySize
        let controls = HarmonyVocabulary.controlTokens.count
        let texts = ["assistant", " to=functions.f", "analysis", "final", "commentary", "{}", "user"]
            .map { tokenizer.encodePlainText($0) }
        var sampled: [TokenID] = []
        for _ in 0..<80 {
            switch random.integer(below: 4) {
            case 0: sampled.append(TokenID(random.integer(below: count + 5)))
            case 1: sampled += random.pick(texts)
            default: sampled.append(TokenID(count - 1 - random.integer(below: controls)))
            }
        }
        let turn = renderer.parse(sampled)
        #expect(turn.message.role == .assistant)
        #expect(turn.toolCallErrors.isEmpty || turn.problem != nil)
        #expect(turn.termination == .truncated || sampled.contains { tokenizer.addedTokens.map(\.id).contains($0) })
    }
}
