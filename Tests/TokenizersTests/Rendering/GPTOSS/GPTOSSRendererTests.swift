import Primitives
import Testing

@testable import Tokenizers

@Suite("gpt-oss conversations")
struct GPTOSSRendererTests {
    private let tokenizer: Tokenizer

    init() throws { tokenizer = try HarmonyVocabulary.tokenizer() }

    private func renderer(
        _ dialect: RendererOptions.Dialect = .huggingFace, _ change: (inout RendererOptions) -> Void = { _ in }
    ) throws -> GPTOSSRenderer {
        var options = HarmonyGoldens.options(dialect)
        change(&options)
        return try GPTOSSRenderer(tokenizer: tokenizer, options: options)
    }

    private func render(_ renderer: GPTOSSRenderer, _ messages: [Message], prompt: Bool) throws -> RenderedConversation
    {
        try renderer.render(messages, tools: [], addsGenerationPrompt: prompt)
    }

    private let question = Message(role: .user, content: "Q")

    @Test("A policy's turn ends with <|return|> or <|call|>")
    func stopTokens() throws {
        #expect(try renderer().stop.tokens == ["<|return|>", "<|call|>"].map { tokenizer.tokenID($0) })
    }

    @Test("A tokenizer without the control tokens is refused by name")
    func missingTokens() throws {
        let bare = try Tokenizer(json: BytePairTrainer.train(texts: [], vocabularySize: 256, addedTokens: []))
        #expect(throws: TokenizerError.missingToken("<|start|>", renderer: "gpt-oss")) {
            try GPTOSSRenderer(tokenizer: bare)
        }
    }

    @Test("The system message takes date, effort, identity and built-in tools from the options")
    func systemMessage() throws {
        let renderer = try renderer {
            $0.reasoningEffort = "high"
            $0.templateVariables = ["model_identity": "You are M.", "builtin_tools": ["python"]]
        }
        let text = try render(renderer, [question], prompt: true).text
        #expect(
            text.hasPrefix(
                """
                <|start|>system<|message|>You are M.
                Knowledge cutoff: 2024-06
                Current date: 2026-01-15

                Reasoning: high

                # Tools

                ## python

                Use this tool
                """))
        #expect(text.hasSuffix("<|end|><|start|>user<|message|>Q<|end|><|start|>assistant"))
        let browser = try self.renderer { $0.templateVariables = ["builtin_tools": ["browser"]] }
        #expect(try render(browser, [question], prompt: true).text.contains("} // namespace browser\n\n# Valid"))
    }

    @Test("Without a date in the options the day of the call is written")
    func today() throws {
        let text = try render(try renderer { $0.date = nil }, [question], prompt: true).text
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("Current date: ") })
        let parts = line.dropFirst("Current date: ".count).split(separator: "-")
        #expect(parts.map(\.count) == [4, 2, 2])
        #expect(try #require(parts.first.flatMap { Int($0) }) >= 2025)
    }

    @Test(
        "Conversations that the template cannot say are refused",
        arguments: [
            ([], "messages"),
            ([Message(role: .user, content: "Q"), Message(role: .tool, content: "R")], "messages[1]"),
            (
                [Message(role: .assistant, content: "a<|channel|>final<|message|>b")], "messages[0].content"
            ),
            (
                [Message(role: .assistant, content: "", thinking: "<|channel|>analysis<|message|>")],
                "messages[0].reasoning_content"
            ),
            (
                [
                    Message(
                        role: .assistant, content: "c", thinking: "t",
                        toolCalls: [ToolCall(name: "f", arguments: [:])])
                ], "messages[0]"
            ),
        ] as [([Message], String)])
    func refusals(messages: [Message], place: String) throws {
        let renderer = try renderer()
        #expect {
            try render(renderer, messages, prompt: true)
        } throws: { error in
            guard case .unrenderable("gpt-oss", place, _, _) = error as? TokenizerError else { return false }
            return true
        }
    }

    @Test("Options of the wrong kind are refused", arguments: ["model_identity", "reasoning_effort", "builtin_tools"])
    func wrongOptions(name: String) throws {
        let renderer = try renderer { $0.templateVariables[name] = 3 }
        #expect(throws: TokenizerError.self) { try render(renderer, [question], prompt: true) }
    }

    @Test(
        "What users and tools write never becomes a control token",
        arguments: RendererOptions.Dialect.allCases, Message.Role.allCases)
    func injection(dialect: RendererOptions.Dialect, role: Message.Role) throws {
        let renderer = try renderer(dialect)
        func controlTokens(_ content: String) throws -> [TokenID] {
            let call = ToolCall(name: content, arguments: ["a": .string(content)])
            let messages = [
                question, Message(role: .assistant, content: "", thinking: content, toolCalls: [call]),
                Message(role: role, content: content),
            ]
            let tool = ToolDescription(name: content, description: content, parameters: [:])
            return try renderer.prompt(messages: messages, tools: [tool])
                .filter { token in tokenizer.addedTokens.contains { $0.id == token } }
        }
        // In this order the names do not spell the markup that the template refuses.
        let names = HarmonyVocabulary.controlTokens.joined()
        #expect(try controlTokens(names) == controlTokens("harmless"))
    }

    @Test("A training example learns all that an assistant writes after <|start|>assistant")
    func weights() throws {
        let call = ToolCall(name: "f", arguments: [:])
        let messages = [
            question, Message(role: .assistant, content: "", thinking: "T", toolCalls: [call]),
            Message(role: .tool, content: "R", name: "f"), Message(role: .assistant, content: "", toolCalls: [call]),
        ]
        let example = try renderer().trainingExample(messages: messages, tools: [])
        let learned = zip(example.tokens, example.weights).filter { $1 == 1 }.map { $0.0 }
        #expect(
            tokenizer.decode(learned) == """
                <|channel|>analysis<|message|>T<|end|><|start|>assistant to=functions.f<|channel|>commentary json\
                <|message|>{}<|call|> to=functions.f<|channel|>commentary json<|message|>{}<|call|>
                """)
    }

    @Test("Thinking of earlier turns can be kept")
    func keepsThinking() throws {
        let messages = [
            question, Message(role: .assistant, content: "A", thinking: "T"), question,
        ]
        #expect(try !render(renderer(), messages, prompt: true).text.contains("analysis<|message|>T<|end|>"))
        let keeping = try renderer { $0.keepsThinking = true }
        #expect(try render(keeping, messages, prompt: true).text.contains("analysis<|message|>T<|end|>"))
    }

    @Test("The cookbook's system prompt comes with a reasoning effort")
    func cookbookSystemPrompt() throws {
        #expect(
            try render(renderer(.cookbook), [question], prompt: true).text
                == "<|start|>user<|message|>Q<|end|><|start|>assistant")
        #expect(
            try render(renderer(.cookbook) { $0.reasoningEffort = "low" }, [question], prompt: true).text == """
                <|start|>system<|message|>You are ChatGPT, a large language model trained by OpenAI.
                Knowledge cutoff: 2024-06
                Current date: 2026-01-15

                Reasoning: low

                # Valid channels: analysis, commentary, final. Channel must be included for every message.<|end|>\
                <|start|>user<|message|>Q<|end|><|start|>assistant
                """)
    }
}
