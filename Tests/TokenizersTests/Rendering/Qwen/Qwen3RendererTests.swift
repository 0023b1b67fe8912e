import Primitives
import Testing

@testable import Tokenizers

@Suite("Qwen3 conversations")
struct Qwen3RendererTests {
    private let tokenizer: Tokenizer
    private let renderer: Qwen3Renderer

    init() throws {
        tokenizer = try SmallVocabulary.tokenizer()
        renderer = try Qwen3Renderer(tokenizer: tokenizer)
    }

    private func renderer(_ format: QwenFormat, _ change: (inout RendererOptions) -> Void) throws -> any ChatRenderer {
        var options = RendererOptions()
        change(&options)
        return try format.renderer(tokenizer, options)
    }

    private func prompt(_ renderer: any ChatRenderer, _ messages: [Message]) throws -> String {
        tokenizer.decode(try renderer.prompt(messages: messages, tools: []))
    }

    private static let thought = [
        Message(role: .user, content: "Q"), Message(role: .assistant, content: "A", thinking: "why"),
        Message(role: .user, content: "P"),
    ]

    @Test("The tool descriptions stand in the system turn")
    func tools() throws {
        let tool = ToolDescription(
            name: "search", description: "Finds passages – fast",
            parameters: ["type": "object", "properties": ["query": ["type": "string"]]])
        let prompt = try renderer.prompt(
            messages: [Message(role: .system, content: "S"), Message(role: .user, content: "Q")], tools: [tool])
        #expect(
            tokenizer.decode(prompt) == """
                <|im_start|>system
                S

                # Tools

                You may call one or more functions to assist with the user query.

                You are provided with function signatures within <tools></tools> XML tags:
                <tools>
                {"type": "function", "function": {"name": "search", "description": "Finds passages – fast", \
                "parameters": {"type": "object", "properties": {"query": {"type": "string"}}}}}
                </tools>

                For each function call, return a json object with function name and arguments within \
                <tool_call></tool_call> XML tags:
                <tool_call>
                {"name": <function-name>, "arguments": <args-json-object>}
                </tool_call><|im_end|>
                <|im_start|>user
                Q<|im_end|>
                <|im_start|>assistant

                """)
    }

    @Test("The cookbook's tool descriptions are ASCII")
    func asciiTools() throws {
        let cookbook = try renderer(.hybrid) { $0.dialect = .cookbook }
        let tool = ToolDescription(name: "search", description: "β 🤔\u{7F}", parameters: [:])
        let prompt = try cookbook.prompt(messages: [Message(role: .user, content: "Q")], tools: [tool])
        #expect(tokenizer.decode(prompt).contains(#""description": "\u03b2 \ud83e\udd14\u007f""#))
    }

    @Test("What the policy's turn begins with")
    func generationPrompt() throws {
        let question = [Message(role: .user, content: "Q")]
        let start = "<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\n"
        #expect(try prompt(renderer, question) == start)
        #expect(try prompt(renderer(.hybrid) { $0.enablesThinking = true }, question) == start)
        let quiet = try renderer(.hybrid) { $0.enablesThinking = false }
        #expect(try prompt(quiet, question) == start + "<think>\n\n</think>\n\n")
        #expect(try prompt(renderer(.thinking) { $0.enablesThinking = false }, question) == start + "<think>\n")
        #expect(try prompt(renderer(.instruct) { $0.enablesThinking = false }, question) == start)
    }

    @Test(
        "The thinking of earlier turns is dropped unless it is to be kept", arguments: [QwenFormat.hybrid, .thinking])
    func keptThinking(format: QwenFormat) throws {
        let block = "<think>\nwhy\n</think>\n\nA<|im_end|>"
        #expect(try !prompt(renderer(format) { _ in }, Self.thought).contains(block))
        #expect(try prompt(renderer(format) { $0.keepsThinking = true }, Self.thought).contains(block))
    }

    @Test("Where thinking is kept every prompt begins as the example before it", arguments: [true, false])
    func prefixes(thinks: Bool) throws {
        let keeping = try renderer(.hybrid) {
            $0.keepsThinking = true
            $0.enablesThinking = thinks
        }
        var messages = Self.thought + [Message(role: .assistant, content: "B")]
        let example = try keeping.render(messages, tools: [], addsGenerationPrompt: false).tokens
        messages.append(Message(role: .user, content: "P"))
        let next = try keeping.prompt(messages: messages, tools: [])
        #expect(next.starts(with: example.dropLast()))
    }

    @Test("A policy's turn ends with <|im_end|>", arguments: QwenFormat.allCases)
    func stopTokens(format: QwenFormat) throws {
        let stop = try format.renderer(tokenizer).stop
        #expect(stop == StopSequences(tokens: [try #require(tokenizer.tokenID("<|im_end|>"))]))
    }

    @Test("A renderer is named as recipes name it", arguments: QwenFormat.allCases)
    func names(format: QwenFormat) throws { #expect(try format.renderer(tokenizer).name == format.rawValue) }

    @Test("A tokenizer without the control tokens is refused by name", arguments: QwenFormat.allCases)
    func missingTokens(format: QwenFormat) throws {
        let bare = try Tokenizer(json: BytePairTrainer.train(texts: [], vocabularySize: 256, addedTokens: []))
        #expect(throws: TokenizerError.missingToken("<|im_start|>", renderer: format.rawValue)) {
            try format.renderer(bare)
        }
    }

    @Test("The cookbook's dialect is refused where the cookbook has none", arguments: QwenFormat.allCases)
    func dialects(format: QwenFormat) throws {
        let make = { try renderer(format) { $0.dialect = .cookbook } }
        if format == .hybrid || format == .instruct {
            _ = try make()
        } else {
            #expect(throws: TokenizerError.self) { try make() }
        }
    }

    @Test("What the templates refuse or pass over is refused", arguments: QwenFormat.allCases)
    func refusals(format: QwenFormat) throws {
        let renderer = try format.renderer(tokenizer)
        for messages in [[], [Message(role: .user, content: "Q"), Message(role: .developer, content: "D")]] {
            if format == .chatML {
                _ = try renderer.render(messages, tools: [], addsGenerationPrompt: true)
            } else {
                #expect(throws: TokenizerError.self) {
                    try renderer.render(messages, tools: [], addsGenerationPrompt: true)
                }
            }
        }
    }

    @Test("What users and tools write never becomes a control token", arguments: Message.Role.allCases)
    func injection(role: Message.Role) throws {
        guard role != .developer else { return }
        let names = SmallVocabulary.addedTokens.map(\.token).joined()
        func controlTokens(_ content: String) throws -> [TokenID] {
            let messages = [Message(role: .user, content: "Q"), Message(role: role, content: content)]
            let prompt = try renderer.prompt(messages: messages, tools: [])
            return prompt.filter { token in tokenizer.addedTokens.contains { $0.id == token } }
        }
        // In what an assistant wrote the tags of thinking are tokens, and no others.
        let isAssistant = role == .assistant
        let harmful = isAssistant ? names.replacing("<think>", with: "").replacing("</think>", with: "") : names
        #expect(try controlTokens(harmful) == controlTokens("harmless"))
        let prompt = try renderer.prompt(messages: [Message(role: .user, content: names)], tools: [])
        #expect(tokenizer.decode(prompt) == "<|im_start|>user\n\(names)<|im_end|>\n<|im_start|>assistant\n")
    }

    @Test("In the cookbook's dialect a message can forge no turn")
    func cookbookInjection() throws {
        let cookbook = try renderer(.hybrid) { $0.dialect = .cookbook }
        let special = tokenizer.addedTokens.filter(\.isSpecial)
        let text = special.map(\.content).joined()
        let prompt = try cookbook.prompt(messages: [Message(role: .user, content: text)], tools: [])
        #expect(prompt.filter { id in special.contains { $0.id == id } }.count == 3)
    }

    @Test("A training example weighs what assistants write, the end of their turn included")
    func trainingExample() throws {
        let call = ToolCall(name: "search", arguments: ["query": "x"])
        let messages = [
            Message(role: .user, content: "Q"),
            Message(role: .assistant, content: "", thinking: "why", toolCalls: [call]),
            Message(role: .tool, content: "R"), Message(role: .assistant, content: "A", thinking: "so"),
        ]
        let (tokens, weights) = try renderer.trainingExample(messages: messages, tools: [])
        let written = zip(tokens, weights).compactMap { $1 == 1 ? $0 : nil }
        #expect(Set(weights) == [0, 1])
        #expect(
            tokenizer.decode(written) == """
                <think>
                why
                </think>

                <tool_call>
                {"name": "search", "arguments": {"query": "x"}}
                </tool_call><|im_end|><think>
                so
                </think>

                A<|im_end|>
                """)
        #expect(tokenizer.decode(tokens).hasSuffix("A<|im_end|>\n"))
        #expect(weights.last == 0)
    }

    @Test("A cookbook example of a turn that thinks is refused where thinking is off, with a way out")
    func thinkingRefused() throws {
        var options = RendererOptions()
        options.dialect = .cookbook
        options.enablesThinking = false
        let quiet = try Qwen3Renderer(tokenizer: tokenizer, options: options)
        let messages = Array(Self.thought.prefix(2))
        #expect {
            try quiet.trainingExample(messages: messages, tools: [], mask: .lastAssistantMessage)
        } throws: { error in
            "\(error)".contains("messages[1]") && "\(error)".contains("a renderer that thinks")
        }
    }

    @Test("Arguments that are no JSON are refused by the cookbook, which reads them")
    func argumentsThatAreNoJSON() throws {
        let call = ToolCall(name: "search", arguments: .string("{"))
        let messages = [Message(role: .user, content: "Q"), Message(role: .assistant, content: "", toolCalls: [call])]
        let cookbook = try renderer(.hybrid) { $0.dialect = .cookbook }
        #expect {
            try cookbook.render(messages, tools: [], addsGenerationPrompt: false)
        } throws: { "\($0)".contains("messages[1].tool_calls[0].function.arguments") }
    }

    @Test("A conversation without an assistant is no training example")
    func nothingToLearn() {
        #expect(throws: TokenizerError.nothingToLearn(messageCount: 1)) {
            try renderer.trainingExample(messages: [Message(role: .user, content: "Q")], tools: [])
        }
    }
}
