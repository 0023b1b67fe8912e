import Primitives
import Testing

@testable import Tokenizers

@Suite("Turns of Llama 3 models")
struct LlamaTurnParserTests {
    private let tokenizer: Tokenizer
    private let renderer: Llama3Renderer

    init() throws {
        tokenizer = try LlamaVocabulary.tokenizer()
        renderer = try Llama3Renderer(tokenizer: tokenizer, variant: .llama31)
    }

    private func parse(_ text: String) -> ParsedTurn {
        renderer.parse(tokenizer.encode(text, splitSpecialTokens: false))
    }

    @Test("A turn that the renderer writes reads back as the message")
    func inverse() throws {
        var random = CounterRandom(seed: 6, stage: .sampling)
        var options = RendererOptions()
        options.templateVariables = ["builtin_tools": ["brave_search"]]
        let inEnvironment = try Llama3Renderer(tokenizer: tokenizer, variant: .llama31, options: options)
        let parts = ["cat", " sat", "\n", "é", "\"", "<|eot_id|>", ", ", "{\"name\"", "x=", ")", "<|python_tag|>"]
        func text() -> String { (0..<1 + random.integer(below: 4)).map { _ in random.pick(parts) }.joined() }
        for round in 0..<300 {
            var message = Message(role: .assistant, content: "")
            switch random.integer(below: 3) {
            case 0: message.content = "The " + text() + "."
            case 1: message.toolCalls = [ToolCall(name: "f-1", arguments: ["t": .string(text()), "n": [1.5, nil]])]
            default:
                let values = ["a", "b c"].prefix(1 + random.integer(below: 2))
                let members = values.enumerated().map { ("k\($0)", JSONValue.string($1 + text())) }
                var arguments = JSONObject()
                for (key, value) in members { arguments[key] = value }
                message.toolCalls = [ToolCall(name: "brave_search", arguments: .object(arguments))]
            }
            for renderer in [renderer, inEnvironment] {
                let prompt = try renderer.prompt(messages: [Message(role: .user, content: "Hi")], tools: [])
                let whole = try renderer.render(
                    [Message(role: .user, content: "Hi"), message], tools: [], addsGenerationPrompt: false
                ).tokens
                #expect(whole.starts(with: prompt))
                let turn = renderer.parse(Array(whole.dropFirst(prompt.count)))
                #expect(turn == ParsedTurn(message: message, termination: .endOfTurn), "\(round)")
            }
        }
    }

    @Test(
        "How a turn ends",
        arguments: [
            ("yes", ParsedTurn.Termination.truncated), ("yes<|eot_id|>", .endOfTurn), ("yes<|eom_id|>", .endOfTurn),
            ("yes<|end_of_text|>", .endOfText), ("yes<|eot_id|>no<|eot_id|>", .malformed), ("", .truncated),
        ])
    func termination(_ text: String, _ expected: ParsedTurn.Termination) {
        let turn = parse(text)
        #expect(turn.termination == expected)
        #expect((turn.problem == nil) == (expected != .malformed))
        #expect(turn.message.content == (text.isEmpty ? "" : "yes"))
    }

    @Test(
        "JSON that is no call is text",
        arguments: [
            #"{"name": "Marfan", "gene": "FBN1"}"#, #"{"a": 1}"#, "[1]", "{", #"{"name": "x", "#, "{\"name\"",
        ])
    func text(_ text: String) {
        #expect(
            parse(text + "<|eot_id|>")
                == ParsedTurn(message: Message(role: .assistant, content: text), termination: .endOfTurn))
    }

    @Test(
        "Malformed calls are told",
        arguments: [
            (#"{"name": "f", "parameters": {"a": }}"#, "is no JSON"),
            (#"{"name": "f", "parameters": [1]}"#, "are an array; expected an object"),
            (#"{"name": "f", "parameters": "x"}"#, "are a string; expected an object"),
            (#"{"name": "", "parameters": {}}"#, "has no name"),
            ("<|python_tag|>print(1)", "is no call"), ("<|python_tag|>f.call(a=1)", "is no call"),
            ("<|python_tag|>{\"a\": 1}", "is no tool call"), ("<|python_tag|>", "is no call"),
            ("<|python_tag|>f.call(a=\"1\", a=\"2\")", "is no call"),
        ])
    func malformed(_ text: String, _ expected: String) {
        let turn = parse(text + "<|eot_id|>")
        #expect(turn.message.toolCalls.isEmpty)
        #expect(turn.toolCallErrors.count == 1)
        #expect(turn.problem?.contains(expected) == true)
    }

    @Test("A call of JSON after the Python tag is read as well")
    func taggedJSON() {
        let turn = parse("<|python_tag|>{\"name\": \"f\", \"parameters\": {\"a\": 1}}<|eom_id|>")
        #expect(turn.message.toolCalls == [ToolCall(name: "f", arguments: ["a": 1])])
        #expect(turn.problem == nil)
    }

    @Test("The cookbook's format knows no calls")
    func cookbook() throws {
        let text = #"{"name": "f", "parameters": {}}"#
        let turn = try CookbookLlama3Renderer(tokenizer: tokenizer)
            .parse(tokenizer.encode(text + "<|eot_id|>", splitSpecialTokens: false))
        #expect(turn == ParsedTurn(message: Message(role: .assistant, content: text), termination: .endOfTurn))
    }

    @Test("No tokens are too strange to be read")
    func randomTokens() {
        var random = CounterRandom(seed: 7, stage: .sampling)
        let controls = tokenizer.addedTokens.map(\.id)
        for _ in 0..<500 {
            let tokens = (0..<random.integer(below: 12)).map { _ in
                random.integer(below: 3) == 0
                    ? random.pick(controls) : TokenID(random.integer(below: tokenizer.vocabularySize + 3) - 1)
            }
            let turn = renderer.parse(tokens)
            #expect(turn.toolCallErrors.isEmpty || turn.problem != nil)
        }
    }
}
