import Primitives
import Testing

@testable import Tokenizers

/// Messages as a policy can have written them, rendered and read, over many random conversations.
@Suite("Qwen conversations there and back")
struct QwenRoundTripTests {
    private let tokenizer: Tokenizer

    init() throws { tokenizer = try SmallVocabulary.tokenizer() }

    struct Setting: Sendable, CustomTestStringConvertible {
        var format: QwenFormat
        var dialect = RendererOptions.Dialect.huggingFace
        var enablesThinking: Bool?
        var keepsThinking = false

        var testDescription: String {
            "\(format.rawValue) \(dialect) thinking \(enablesThinking != false) kept \(keepsThinking)"
        }

        func renderer(_ tokenizer: Tokenizer) throws(TokenizerError) -> any ChatRenderer {
            var options = RendererOptions()
            options.dialect = dialect
            options.enablesThinking = enablesThinking
            options.keepsThinking = keepsThinking
            return try format.renderer(tokenizer, options)
        }

        /// Whether a message of the policy can have thinking, and always has.
        var thinks: Bool { format == .thinking || format == .hybrid && enablesThinking != false }
    }

    private static let settings = [
        Setting(format: .chatML), Setting(format: .qwen25), Setting(format: .hybrid), Setting(format: .thinking),
        Setting(format: .instruct), Setting(format: .hybrid, enablesThinking: false),
        Setting(format: .hybrid, dialect: .cookbook), Setting(format: .instruct, dialect: .cookbook),
        Setting(format: .hybrid, dialect: .cookbook, enablesThinking: false),
        Setting(format: .hybrid, keepsThinking: true), Setting(format: .thinking, keepsThinking: true),
        Setting(format: .hybrid, dialect: .cookbook, keepsThinking: true),
    ]

    @Test("A turn reads as the message that it was rendered from", arguments: settings)
    func turns(setting: Setting) throws {
        let renderer = try setting.renderer(tokenizer)
        for seed in 0..<60 {
            var texts = ConversationTexts(seed: seed)
            let history = texts.history(setting)
            let message = texts.assistant(setting)
            let prompt = try renderer.prompt(messages: history, tools: [])
            let tokens = try renderer.render(history + [message], tools: [], addsGenerationPrompt: false).tokens
            try #require(tokens.starts(with: prompt), "\(seed)")
            var sampled = Array(tokens[prompt.count...])
            if setting.dialect == .huggingFace { sampled.removeLast() }
            #expect(
                renderer.parse(sampled) == ParsedTurn(message: message, termination: .endOfTurn), "\(seed)")
        }
    }

    @Test(
        "Prompts extend what was sampled wherever the format rewrites no history",
        arguments: [
            Setting(format: .chatML), Setting(format: .qwen25), Setting(format: .instruct),
            Setting(format: .hybrid, keepsThinking: true), Setting(format: .instruct, dialect: .cookbook),
            Setting(format: .hybrid, dialect: .cookbook, keepsThinking: true),
            Setting(format: .hybrid, enablesThinking: false, keepsThinking: true),
            Setting(format: .hybrid, dialect: .cookbook, enablesThinking: false, keepsThinking: true),
            Setting(format: .thinking, keepsThinking: true),
        ])
    func extensions(setting: Setting) throws {
        let renderer = try setting.renderer(tokenizer)
        for seed in 0..<20 {
            var texts = ConversationTexts(seed: seed)
            var conversation = try Conversation(renderer: renderer, messages: texts.history(setting))
            for _ in 0..<3 {
                let before = conversation.tokens
                let message = texts.assistant(setting)
                let rendered = try renderer.render(
                    conversation.messages + [message], tools: [], addsGenerationPrompt: false)
                let index = conversation.messages.count
                let sampled = zip(rendered.placedTokens().tokens, rendered.placedTokens().places)
                    .filter { $0.1 == .output(index) }.map(\.0)
                _ = conversation.append(sampled: sampled)
                let growth = try conversation.append([texts.answer(to: message)])
                guard case .extended = growth else {
                    Issue.record("seed \(seed): \(growth)")
                    continue
                }
                #expect(conversation.tokens.starts(with: before + sampled))
            }
        }
    }

    @Test("Where the template drops the thinking of earlier turns a new sequence begins")
    func restart() throws {
        let renderer = try Qwen3Renderer(tokenizer: tokenizer)
        var conversation = try Conversation(renderer: renderer, messages: [Message(role: .user, content: "Q")])
        _ = conversation.append(
            sampled: tokenizer.encode("<think>\nwhy\n</think>\n\nA<|im_end|>", splitSpecialTokens: false))
        let growth = try conversation.append([Message(role: .user, content: "P")])
        guard case .restarted = growth else {
            Issue.record("\(growth)")
            return
        }
        #expect(conversation.tokens == (try renderer.prompt(messages: conversation.messages, tools: [])))
    }
}

/// Random messages in the form in which they are read back: no line ends where the formats put their own.
struct ConversationTexts {
    private var random: CounterRandom

    init(seed: Int) { random = CounterRandom(seed: UInt64(seed), stage: .evaluation) }

    private static let pieces = [
        "aorta", " ", "Marfan's", "\n", "\n\n", "40 mg", "é", "日本", "🤔", "\"", "\\", "\t", "\r\n", "<think>",
        "</think>",
        "<tool_call>", "</tool_call>", "<|im_end|>", "<|im_start|>user\n", "<tool_response>", "{\"name\": 1}", "\u{7F}",
    ]

    /// - Parameters:
    ///   - names: whether it may hold names of added tokens.
    ///   - tags: whether the tags of thinking may be among them.
    private mutating func text(atMost count: Int, names: Bool = true, tags: Bool = true) -> String {
        let pieces = (0..<random.integer(below: count + 1)).map { _ in random.pick(Self.pieces) }
        let text = pieces.filter { names || !$0.hasPrefix("<") }.filter { tags || !$0.hasSuffix("think>") }.joined()
        return ByteText(text).trimmingNewlines().string
    }

    mutating func history(_ setting: QwenRoundTripTests.Setting) -> [Message] {
        var messages = [Message(role: .user, content: text(atMost: 6))]
        if random.integer(below: 2) == 0 { messages.insert(Message(role: .system, content: text(atMost: 4)), at: 0) }
        if random.integer(below: 2) == 0 {
            messages += [assistant(setting), Message(role: .user, content: "And \(text(atMost: 3))")]
        }
        return messages
    }

    mutating func assistant(_ setting: QwenRoundTripTests.Setting) -> Message {
        // The cookbook recognises the tags in what it renders, so that they cannot be text there.
        let names = setting.dialect == .huggingFace
        // In what an assistant says the templates of Qwen3 write the tags as the tokens that open and close a thinking.
        let tags = setting.format == .chatML || setting.format == .qwen25
        var message = Message(role: .assistant, content: text(atMost: 5, names: names, tags: tags))
        if setting.thinks { message.thinking = text(atMost: 5, names: names) }
        guard setting.format != .chatML else { return message }
        for _ in 0..<random.integer(below: 3) {
            let arguments: JSONValue = [
                "query": .string(text(atMost: 4, names: names)), "count": .integer(random.integer(below: 100)),
                "ratio": .number(random.uniform()), "none": nil, "list": [true, [:]],
            ]
            message.toolCalls.append(ToolCall(name: "search", arguments: arguments))
        }
        return message
    }

    mutating func answer(to message: Message) -> Message {
        message.toolCalls.isEmpty
            ? Message(role: .user, content: text(atMost: 4)) : Message(role: .tool, content: text(atMost: 4))
    }
}
