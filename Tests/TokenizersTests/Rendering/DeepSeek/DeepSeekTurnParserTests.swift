import Primitives
import Testing

@testable import Tokenizers

@Suite("Turns of DeepSeek models")
struct DeepSeekTurnParserTests {
    private let tokenizer: Tokenizer
    private let end = "<｜end▁of▁sentence｜>"

    init() throws { tokenizer = try DeepSeekVocabulary.small() }

    private func renderers() throws -> [any ChatRenderer] {
        var thinking = RendererOptions()
        thinking.enablesThinking = true
        return [
            try DeepSeekR1Renderer(tokenizer: tokenizer), try DeepSeekV31Renderer(tokenizer: tokenizer),
            try DeepSeekV31Renderer(tokenizer: tokenizer, options: thinking),
            try CookbookDeepSeekRenderer(tokenizer: tokenizer, variant: .plain),
            try CookbookDeepSeekRenderer(tokenizer: tokenizer, variant: .thinking),
        ]
    }

    private func sampled(_ text: String) -> [TokenID] { tokenizer.encode(text, splitSpecialTokens: false) }

    private func randomText(_ random: inout CounterRandom) -> String {
        let parts = [
            "cat", " sat", "\n", "é", "{\"a\": 1}", "<｜User｜>", "<think>", "</think>", "<｜tool▁calls▁begin｜>", "```",
            "mat ",
        ]
        return (0..<1 + random.integer(below: 4)).map { _ in random.pick(parts) }.joined()
    }

    @Test("A turn that a renderer writes reads back as the message, whatever control tokens its texts name")
    func inverse() throws {
        var random = CounterRandom(seed: 4, stage: .sampling)
        let question = Message(role: .user, content: "Hi")
        let plain = try CookbookDeepSeekRenderer(tokenizer: tokenizer, variant: .plain)
        let thinking = try CookbookDeepSeekRenderer(tokenizer: tokenizer, variant: .thinking)
        let template = try DeepSeekV31Renderer(tokenizer: tokenizer)
        for round in 0..<200 {
            var message = Message(role: .assistant, content: randomText(&random))
            if random.integer(below: 2) == 0 {
                message.content = message.content.pythonStripped() + "."
                message.toolCalls = (0...random.integer(below: 2)).map { _ in
                    ToolCall(name: "f-1", arguments: ["text": .string(randomText(&random)), "n": 1.5])
                }
            }
            // The templates take a closed thinking out of the content, as text.
            let isWritten = !message.content.contains("</think>") && !message.content.contains("<think>")
            if isWritten { try expectInverse(template, question, message, round) }
            if isWritten { try expectInverse(plain, question, message, round) }
            message.thinking = randomText(&random)
            try expectInverse(thinking, question, message, round)
        }
    }

    private func expectInverse(
        _ renderer: any ChatRenderer, _ question: Message, _ message: Message, _ round: Int
    ) throws {
        let prompt = try renderer.prompt(messages: [question], tools: [])
        let whole = try renderer.render([question, message], tools: [], addsGenerationPrompt: false).tokens
        #expect(whole.starts(with: prompt), "\(renderer.name) \(round)")
        let turn = renderer.parse(Array(whole.dropFirst(prompt.count)))
        #expect(turn.message == message, "\(renderer.name) \(round)")
        #expect(turn.termination == .endOfTurn)
        #expect(turn.problem == nil, "\(renderer.name) \(round)")
    }

    @Test("R1's turn begins inside the thinking, whose line ends are framing")
    func distilledThinking() throws {
        let renderer = try DeepSeekR1Renderer(tokenizer: tokenizer)
        let turn = renderer.parse(sampled("hm\n</think>\n\nyes\n\(end)"))
        #expect(
            turn
                == ParsedTurn(
                    message: Message(role: .assistant, content: "yes\n", thinking: "hm"), termination: .endOfTurn))
    }

    @Test("R1's calls are read from their fences")
    func distilledCalls() throws {
        let renderer = try DeepSeekR1Renderer(tokenizer: tokenizer)
        let call = "<｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```json\n{\"a\": 1}\n```<｜tool▁call▁end｜>"
        let turn = renderer.parse(sampled("</think><｜tool▁calls▁begin｜>\(call)\n\(call)<｜tool▁calls▁end｜>\(end)"))
        let expected = ToolCall(name: "f", arguments: ["a": 1])
        #expect(turn.message == Message(role: .assistant, content: "", toolCalls: [expected, expected]))
        #expect(turn.problem == nil)
    }

    @Test(
        "How a turn ends",
        arguments: [
            ("yes", ParsedTurn.Termination.truncated), ("yes<｜end▁of▁sentence｜>", .endOfTurn),
            ("yes<｜end▁of▁sentence｜>no<｜end▁of▁sentence｜>", .malformed), ("", .truncated),
        ])
    func termination(_ text: String, _ expected: ParsedTurn.Termination) throws {
        let turn = try DeepSeekV31Renderer(tokenizer: tokenizer).parse(sampled(text))
        #expect(turn.termination == expected)
        #expect((turn.problem == nil) == (expected != .malformed))
        #expect(turn.message.content == (text.isEmpty ? "" : "yes"))
    }

    @Test("A thinking that is cut off is thinking, not an answer")
    func truncatedThinking() throws {
        let renderer = try CookbookDeepSeekRenderer(tokenizer: tokenizer, variant: .thinking)
        let turn = renderer.parse(sampled("hm"))
        #expect(turn.message == Message(role: .assistant, content: "", thinking: "hm"))
        #expect(turn.problem == "the thinking is not closed; expected </think> before the answer")
    }

    @Test(
        "Malformed calls are told one by one",
        arguments: [
            ("<｜tool▁call▁begin｜>f<｜tool▁sep｜>{\"a\"<｜tool▁call▁end｜>", "are no JSON"),
            ("<｜tool▁call▁begin｜>f<｜tool▁sep｜>[1]<｜tool▁call▁end｜>", "are an array; expected an object"),
            ("<｜tool▁call▁begin｜><｜tool▁sep｜>{}<｜tool▁call▁end｜>", "has no name"),
            ("<｜tool▁call▁begin｜>f{}<｜tool▁call▁end｜>", "not exactly one <｜tool▁sep｜>"),
            ("<｜tool▁call▁begin｜>f<｜tool▁sep｜>{}", "is not closed"),
        ])
    func malformedCalls(_ call: String, _ expected: String) throws {
        let good = "<｜tool▁call▁begin｜>g<｜tool▁sep｜>{}<｜tool▁call▁end｜>"
        let turn = try DeepSeekV31Renderer(tokenizer: tokenizer)
            .parse(sampled("<｜tool▁calls▁begin｜>\(good)\(call)<｜tool▁calls▁end｜>\(end)"))
        #expect(turn.message.toolCalls.map(\.name) == ["g"])
        #expect(turn.toolCallErrors.count == 1)
        #expect(turn.toolCallErrors.first?.contains(expected) == true)
        #expect(turn.problem?.contains(expected) == true)
    }

    @Test(
        "Sections that are open, empty or double, and stray tokens, are problems",
        arguments: [
            "<｜tool▁calls▁begin｜>", "<｜tool▁calls▁begin｜><｜tool▁calls▁end｜>", "a<｜User｜>b", "</think>a",
            "<｜tool▁call▁begin｜>g<｜tool▁sep｜>{}<｜tool▁call▁end｜>",
            "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>g<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁calls▁end｜>more",
        ])
    func problems(_ text: String) throws {
        #expect(try DeepSeekV31Renderer(tokenizer: tokenizer).parse(sampled(text + end)).problem != nil)
    }

    @Test("No tokens are too strange to be read")
    func randomTokens() throws {
        var random = CounterRandom(seed: 5, stage: .sampling)
        let controls = tokenizer.addedTokens.map(\.id)
        for renderer in try renderers() {
            for _ in 0..<300 {
                let tokens = (0..<random.integer(below: 12)).map { _ in
                    random.integer(below: 2) == 0
                        ? random.pick(controls) : TokenID(random.integer(below: tokenizer.vocabularySize + 3) - 1)
                }
                let turn = renderer.parse(tokens)
                #expect(turn.message.role == .assistant)
                #expect(turn.toolCallErrors.isEmpty || turn.problem != nil)
            }
        }
    }
}
