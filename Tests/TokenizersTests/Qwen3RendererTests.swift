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

    private func tokens(_ text: String) -> [TokenID] { tokenizer.encode(text, splitSpecialTokens: false) }

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

    @Test("A policy's turn ends with <|im_end|>")
    func stopTokens() { #expect(renderer.stop.tokens == [tokenizer.tokenID("<|im_end|>")]) }

    @Test("A tokenizer without the control tokens is refused by name")
    func missingTokens() throws {
        let bare = try Tokenizer(json: BytePairTrainer.train(texts: [], vocabularySize: 256, addedTokens: []))
        #expect(throws: TokenizerError.missingToken("<|im_end|>", renderer: "qwen3")) {
            try Qwen3Renderer(tokenizer: bare)
        }
    }

    @Test("What users and tools write never becomes a control token", arguments: Message.Role.allCases)
    func injection(role: Message.Role) throws {
        let names = SmallVocabulary.addedTokens.map(\.token).joined()
        func controlTokens(_ content: String) throws -> [TokenID] {
            let messages = [Message(role: .user, content: "Q"), Message(role: role, content: content)]
            let prompt = try renderer.prompt(messages: messages, tools: [])
            return prompt.filter { token in tokenizer.addedTokens.contains { $0.id == token } }
        }
        // An assistant's thinking is the policy's own, so the names are put where the template looks for none.
        #expect(try controlTokens(names.replacing("</think>", with: "")) == controlTokens("harmless"))
        if role != .assistant { #expect(try controlTokens(names) == controlTokens("harmless")) }
        let prompt = try renderer.prompt(messages: [Message(role: .user, content: names)], tools: [])
        #expect(tokenizer.decode(prompt) == "<|im_start|>user\n\(names)<|im_end|>\n<|im_start|>assistant\n")
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

    @Test("A conversation without an assistant is no training example")
    func nothingToLearn() {
        #expect(throws: TokenizerError.nothingToLearn(messageCount: 1)) {
            try renderer.trainingExample(messages: [Message(role: .user, content: "Q")], tools: [])
        }
    }
}
