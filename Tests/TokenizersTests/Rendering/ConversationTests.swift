import Primitives
import Testing

@testable import Tokenizers

/// "Tokens are the truth": sampled ids are never touched, and the next prompt is what a full rendering would be wherever
/// the policy wrote canonical text with canonical tokens.
@Suite("Conversations that grow")
struct ConversationTests {
    private let tokenizer: Tokenizer

    init() throws { tokenizer = try SmallVocabulary.tokenizer() }

    private func renderer() throws -> Qwen3Renderer { try Qwen3Renderer(tokenizer: tokenizer) }

    @Test("Tool answers extend the sequence to what a full rendering is", arguments: 0..<200)
    func toolAnswers(seed: Int) throws {
        var generated = GeneratedConversation(seed: seed)
        let renderer = try renderer()
        let tool = ToolDescription(name: "search", description: generated.text(), parameters: ["type": "object"]).json
        var conversation = try Conversation(
            renderer: renderer,
            messages: [.init(role: .system, content: generated.text()), .init(role: .user, content: generated.text())],
            tools: [tool])
        for _ in 0..<4 {
            let turn = generated.turn(thinks: generated.choose(3) > 0, calls: 1 + generated.choose(3))
            let before = conversation.tokens
            let sampled = tokenizer.encode(canonicalText(turn) + "<|im_end|>", splitSpecialTokens: false)
            let parsed = conversation.append(sampled: sampled)
            try #require(parsed.message == turn)
            let growth = try conversation.append(generated.replies(to: turn))
            guard case .extended(let appended) = growth else {
                Issue.record("\(growth)")
                return
            }
            #expect(conversation.tokens == before + sampled + appended)
            let full = try renderer.render(conversation.messages, tools: [tool], addsGenerationPrompt: true)
            #expect(conversation.tokens == full.tokens)
        }
    }

    @Test("A new user message after a thought begins a new sequence, since history drops thinking")
    func userMessage() throws {
        let renderer = try renderer()
        var conversation = try Conversation(renderer: renderer, messages: [.init(role: .user, content: "Q")])
        _ = conversation.append(
            sampled: tokenizer.encode("<think>\nhm\n</think>\n\nA<|im_end|>", splitSpecialTokens: false))
        let growth = try conversation.append([.init(role: .user, content: "R")])
        #expect(
            growth == .restarted("the qwen3 renderer does not keep the thinking that the policy wrote in its history"))
        #expect(try conversation.tokens == renderer.prompt(messages: conversation.messages, tools: []))
    }

    @Test("Without a thought it extends the sequence")
    func userMessageWithoutThought() throws {
        let renderer = try renderer()
        var conversation = try Conversation(renderer: renderer, messages: [.init(role: .user, content: "Q")])
        _ = conversation.append(sampled: tokenizer.encode("A<|im_end|>", splitSpecialTokens: false))
        let growth = try conversation.append([.init(role: .user, content: "R")])
        let expected = "\n<|im_start|>user\nR<|im_end|>\n<|im_start|>assistant\n"
        #expect(growth == .extended(tokenizer.encode(expected, splitSpecialTokens: false)))
    }

    @Test("Tokens that encoding would not yield are kept", arguments: 0..<50)
    func unusualTokens(seed: Int) throws {
        var generated = GeneratedConversation(seed: seed)
        let turn = generated.turn(thinks: true, calls: 1)
        let end = try #require(tokenizer.tokenID("<|im_end|>"))
        // Every byte of the text between control tokens as a token of its own.
        let sampled =
            tokenizer.partsByAddedTokens(canonicalText(turn)).flatMap { part -> [TokenID] in
                switch part {
                case .token(let token): [token.id]
                case .text(let text):
                    text.utf8.flatMap { byte in tokenizer.tokenID(ByteAlphabet.entry(for: [byte])).map { [$0] } ?? [] }
                }
            } + [end]
        var conversation = try Conversation(renderer: try renderer(), messages: [.init(role: .user, content: "Q")])
        let prompt = conversation.tokens
        _ = conversation.append(sampled: sampled)
        let growth = try conversation.append([.init(role: .tool, content: generated.text())])
        guard case .extended(let appended) = growth else {
            Issue.record("\(growth)")
            return
        }
        #expect(conversation.tokens == prompt + sampled + appended)
        #expect(
            tokenizer.decode(conversation.tokens)
                == (try renderer().render(conversation.messages, tools: [], addsGenerationPrompt: true).text))
    }

    @Test("A truncated turn is ended first", arguments: ["answer", "<think>\nhalf a", "<tool_call>\n{\"name"])
    func truncatedTurn(text: String) throws {
        var conversation = try Conversation(renderer: try renderer(), messages: [.init(role: .user, content: "Q")])
        let sampled = tokenizer.encode(text, splitSpecialTokens: false)
        #expect(conversation.append(sampled: sampled).termination == .truncated)
        let growth = try conversation.append([.init(role: .tool, content: "T")])
        let expected =
            "<|im_end|>\n<|im_start|>user\n<tool_response>\nT\n</tool_response><|im_end|>\n<|im_start|>assistant\n"
        #expect(growth == .extended(tokenizer.encode(expected, splitSpecialTokens: false)))
    }

    @Test("A turn that ends with another control token than history has begins a new sequence")
    func otherEnd() throws {
        var conversation = try Conversation(renderer: try renderer(), messages: [.init(role: .user, content: "Q")])
        _ = conversation.append(sampled: tokenizer.encode("A<|endoftext|>", splitSpecialTokens: false))
        let growth = try conversation.append([.init(role: .user, content: "R")])
        #expect(growth == .restarted("the policy ended its turn with <|endoftext|> where history has <|im_end|>"))
    }

    @Test(
        "Whatever the policy samples, the conversation goes on with its tokens or with a full rendering",
        arguments: 0..<300)
    func anything(seed: Int) throws {
        var generated = GeneratedConversation(seed: seed)
        let renderer = try renderer()
        var conversation = try Conversation(
            renderer: renderer, messages: [.init(role: .user, content: generated.text())])
        for _ in 0..<5 {
            let before = conversation.tokens
            let sampled = (0..<1 + generated.choose(20)).map { _ in
                TokenID(generated.choose(tokenizer.vocabularySize))
            }
            let parsed = conversation.append(sampled: sampled)
            let role: Message.Role = generated.choose(2) == 0 ? .tool : .user
            switch try conversation.append([.init(role: role, content: generated.text())]) {
            case .extended(let appended):
                #expect(conversation.tokens == before + sampled + appended)
                #expect(renderer.parse(sampled) == parsed)
            case .restarted:
                #expect(try conversation.tokens == renderer.prompt(messages: conversation.messages, tools: []))
            }
        }
    }

    /// What the template would write for the turn, written down independently of the renderer.
    private func canonicalText(_ turn: Message) -> String {
        var text = turn.thinking.map { "<think>\n\($0)\n</think>\n\n" } ?? ""
        text += turn.content
        for (index, call) in turn.toolCalls.enumerated() {
            if index > 0 || !turn.content.isEmpty { text += "\n" }
            text += "<tool_call>\n{\"name\": \"\(call.name)\", \"arguments\": \(call.argumentsText)}\n</tool_call>"
        }
        return text
    }
}
