import Primitives
import Testing

@testable import Tokenizers

@Suite("role-colon conversations")
struct RoleColonTests {
    private let tokenizer: Tokenizer
    private let renderer: RoleColonRenderer

    init() throws {
        tokenizer = try SmallVocabulary.tokenizer()
        renderer = try RoleColonRenderer(tokenizer: tokenizer)
    }

    private func parse(_ text: String) -> ParsedTurn {
        renderer.parse(tokenizer.encode(text, splitSpecialTokens: false))
    }

    private let question = Message(role: .user, content: "Q")
    private let answer = Message(role: .assistant, content: "A")

    @Test("Roles, and the stop text")
    func text() throws {
        #expect(renderer.stop == StopSequences(texts: ["\n\nUser:"]))
        let messages = [Message(role: .system, content: "S"), question, answer]
        #expect(
            try renderer.render(messages, tools: [], addsGenerationPrompt: false).text
                == "System: S\n\nUser: Q\n\nAssistant: A\n\nUser:")
        #expect(
            try renderer.render(messages + [question], tools: [], addsGenerationPrompt: true).text
                == "System: S\n\nUser: Q\n\nAssistant: A\n\nUser: Q\n\nAssistant:")
    }

    @Test("What the format has no words for is refused")
    func refusals() {
        let call = ToolCall(name: "f", arguments: [:])
        for message in [
            Message(role: .assistant, content: "A", thinking: "T"),
            Message(role: .assistant, content: "A", toolCalls: [call]),
        ] {
            #expect(throws: TokenizerError.self) { try renderer.prompt(messages: [message], tools: []) }
        }
        let tool = ToolDescription(name: "f", description: "D", parameters: [:])
        #expect(throws: TokenizerError.self) { try renderer.prompt(messages: [question], tools: [tool]) }
    }

    @Test("A beginning-of-text token that the options name stands before the conversation")
    func beginning() throws {
        var options = RendererOptions()
        options.templateVariables = ["bos_token": "<|endoftext|>"]
        let renderer = try RoleColonRenderer(tokenizer: tokenizer, options: options)
        let prompt = try renderer.prompt(messages: [question], tools: [])
        #expect(prompt.first == tokenizer.tokenID("<|endoftext|>"))
        #expect(Array(prompt.dropFirst()) == (try self.renderer.prompt(messages: [question], tools: [])))
    }

    @Test(
        "Turns",
        arguments: [
            (" A\n\nUser:", "A", .endOfTurn), ("A\n\nUser:", "A", .endOfTurn), (" A\n\n\n\nUser:", "A", .endOfTurn),
            (" A", "A", .truncated), (" A\n\nUse", "A\n\nUse", .truncated), ("", "", .truncated),
            (" A<|endoftext|>", "A", .endOfText), (" A\n\n<|endoftext|>", "A", .endOfText),
            (" A\n\nUser:<|endoftext|>", "A", .malformed), (" A\n\nUser: B\n\nUser:", "A", .malformed),
        ] as [(String, String, ParsedTurn.Termination)])
    func turns(text: String, content: String, termination: ParsedTurn.Termination) {
        let turn = parse(text)
        #expect(turn.message == Message(role: .assistant, content: content))
        #expect(turn.termination == termination)
        #expect((turn.problem != nil) == (termination == .malformed))
    }

    @Test("Any sequence of tokens can be read", arguments: 0..<30)
    func randomTokens(seed: Int) {
        var random = CounterRandom(seed: UInt64(seed), stage: .evaluation)
        let stop = tokenizer.encodePlainText("\n\nUser:")
        var sampled: [TokenID] = []
        for _ in 0..<60 {
            let isStop = random.integer(below: 20) == 0
            sampled += isStop ? stop : [TokenID(random.integer(below: tokenizer.vocabularySize + 3))]
        }
        #expect(renderer.parse(sampled).message.role == .assistant)
    }
}

/// tinker-cookbook's renderer `role_colon` with the tokenizer of Qwen3.
@Suite("Conversations of the cookbook's role-colon renderer", .enabled(if: SharedData.isPresent, SharedData.absence))
struct RoleColonGoldenTests {
    private let renderer: RoleColonRenderer

    init() throws {
        var options = RendererOptions()
        options.recognizesControlTokensInContent = true
        renderer = try RoleColonRenderer(tokenizer: SharedData.tokenizer("qwen3"), options: options)
    }

    private func rows() throws -> [JSONValue] {
        try SharedData.rows("qwen3/renderer-golden-dev.jsonl.zst").filter { $0["renderer"] == "role_colon" }
    }

    private func messages(_ row: JSONValue) throws -> [Message] {
        try row.array(at: "messages").map { try Message(json: $0) }
    }

    @Test("Prompts, examples, weights and turns")
    func agreement() throws {
        var compared = 0
        for row in try rows() where row["error"] == nil {
            let id = try row.string(at: "id")
            let messages = try messages(row)
            #expect(row["stop"] == .array(renderer.stop.texts.map { .string($0) }))
            if let prompt = row["generation_prompt"]?.tokensValue {
                #expect(try renderer.prompt(messages: messages, tools: []) == prompt, "\(id)")
                compared += 1
                continue
            }
            let prompt = try renderer.prompt(messages: messages.dropLast(), tools: [])
            #expect(prompt == (try row.tokens(at: "generation_prompt_before_last")), "\(id)")
            compared += 1
            guard let tokens = row["tokens"]?.tokensValue else {
                // The cookbook refuses the thinking of the last message.
                #expect(throws: TokenizerError.self) { try renderer.trainingExample(messages: messages, tools: []) }
                continue
            }
            try compareExample(row, messages, tokens)
            let turn = renderer.parse(Array(tokens.dropFirst(prompt.count)))
            #expect(turn.message == (try Message(json: try #require(row["parsed_last"]))), "\(id)")
            #expect(turn.termination == .endOfTurn)
        }
        #expect(compared == 95)
    }

    private func compareExample(_ row: JSONValue, _ messages: [Message], _ tokens: [TokenID]) throws {
        let masks: [(String, LossMask)] = [
            ("last_assistant_message", .lastAssistantMessage), ("last_assistant_turn", .lastAssistantTurn),
            ("all_assistant_messages", .allAssistantMessages),
        ]
        for (key, mask) in masks {
            let example = try renderer.trainingExample(messages: messages, tools: [], mask: mask)
            #expect(example.tokens == tokens)
            var expected = [Float](repeating: 0, count: tokens.count)
            for range in try #require(row["weights"]).array(at: key) {
                let bounds = try #require(range.tokensValue)
                for index in Int(bounds[0])..<Int(bounds[1]) { expected[index] = 1 }
            }
            #expect(example.weights == expected, "\(row["id"]?.stringValue ?? "") \(key)")
        }
    }

    @Test("What the cookbook refuses is refused")
    func refusals() throws {
        // The messages of conversations with tools stand in the goldens of the chat template only.
        var conversations: [String: JSONValue] = [:]
        for row in try SharedData.rows("qwen3/chat-golden-dev.jsonl.zst") {
            conversations[try row.string(at: "id")] = row
        }
        for row in try rows() where row["error"] != nil {
            let id = try row.string(at: "id")
            let conversation = row["messages"] == nil ? try #require(conversations[id]) : row
            let messages = try messages(conversation)
            let tools = conversation["tools"]?.arrayValue ?? []
            #expect(throws: TokenizerError.self, "\(id)") {
                try renderer.render(messages, tools: tools, addsGenerationPrompt: true)
            }
        }
    }
}
