import Primitives
import Testing

@testable import Tokenizers

/// Conversations drawn at random.
@Suite("Properties of the harmony format")
struct HarmonyPropertyTests {
    private let tokenizer: Tokenizer

    init() throws { tokenizer = try HarmonyVocabulary.tokenizer() }

    private func renderer(_ dialect: RendererOptions.Dialect) throws -> GPTOSSRenderer {
        try GPTOSSRenderer(tokenizer: tokenizer, options: HarmonyGoldens.options(dialect))
    }

    private static let texts = [
        "a", " lead", "trail\n\n", "\n", "The cat sat.", "naïve – é\u{301}", "日本\r\n語", "<|end|>", "{\"a\": 1}",
        "{{ x }}",
        "<think>", "\u{FFFD}", "🤔",
    ]

    private func text(_ random: inout CounterRandom) -> String {
        (0...random.integer(below: 3)).map { _ in random.pick(Self.texts) }.joined()
    }

    private func call(_ random: inout CounterRandom) -> ToolCall {
        ToolCall(
            name: random.pick(["f", "get_labs"]),
            arguments: random.pick([
                [:], ["q": .string(text(&random))], ["n": 1e-05, "deep": ["list": [1, nil, true, "é"]]],
            ]))
    }

    private func answer(_ random: inout CounterRandom) -> Message {
        let thinking = random.integer(below: 2) == 0 ? text(&random) : nil
        return Message(role: .assistant, content: text(&random), thinking: thinking)
    }

    private func request(_ random: inout CounterRandom) -> Message {
        let thinking = random.integer(below: 2) == 0 ? text(&random) : nil
        return Message(role: .assistant, content: "", thinking: thinking, toolCalls: [call(&random)])
    }

    private func conversation(_ random: inout CounterRandom) -> [Message] {
        var messages: [Message] = []
        if random.integer(below: 3) == 0 { messages.append(Message(role: .system, content: text(&random))) }
        for _ in 0...random.integer(below: 3) {
            messages.append(Message(role: .user, content: text(&random)))
            for _ in 0..<random.integer(below: 3) {
                messages.append(request(&random))
                messages.append(Message(role: .tool, content: text(&random), name: messages.last?.toolCalls[0].name))
            }
            if random.integer(below: 3) > 0 { messages.append(answer(&random)) }
        }
        if messages.last?.role == .assistant { messages.append(Message(role: .user, content: text(&random))) }
        return messages
    }

    @Test("What is rendered after the prompt is read back", arguments: RendererOptions.Dialect.allCases, 0..<40)
    func inverse(dialect: RendererOptions.Dialect, seed: Int) throws {
        let renderer = try renderer(dialect)
        var random = CounterRandom(seed: UInt64(seed), stage: .evaluation)
        let question = Message(role: .user, content: text(&random))
        for message in [answer(&random), request(&random)] {
            let prompt = try renderer.prompt(messages: [question], tools: [])
            let example = try renderer.trainingExample(messages: [question, message], tools: []).tokens
            #expect(example.starts(with: prompt))
            let turn = renderer.parse(Array(example.dropFirst(prompt.count)))
            #expect(turn.termination == .endOfTurn)
            #expect(turn.problem == nil)
            // The cookbook passes over blank messages, and takes a lone tool call for content as well.
            if dialect == .huggingFace { #expect(turn.message == message) }
            #expect(turn.message.toolCalls == message.toolCalls)
        }
    }

    /// The thinking before a tool call goes once an answer follows, so an answer extends a prompt only where no such
    /// thinking is in it; a tool call always does, and in the cookbook's format every turn does.
    @Test("A prompt is the beginning of the same conversation with one more turn", arguments: 0..<60)
    func prefix(seed: Int) throws {
        var random = CounterRandom(seed: UInt64(seed), stage: .evaluation)
        let messages = conversation(&random)
        let lastAnswer = messages.lastIndex { $0.role == .assistant && $0.toolCalls.isEmpty } ?? -1
        let hasPendingThinking = messages[(lastAnswer + 1)...].contains { $0.thinking != nil }
        for dialect in RendererOptions.Dialect.allCases {
            let renderer = try renderer(dialect)
            let prompt = try renderer.prompt(messages: messages, tools: [])
            for next in [answer(&random), request(&random)] {
                let longer = try renderer.render(messages + [next], tools: [], addsGenerationPrompt: false).tokens
                let isPromised = dialect == .cookbook || !next.toolCalls.isEmpty || !hasPendingThinking
                #expect(longer.starts(with: prompt) == isPromised)
            }
        }
    }

    @Test("Tokens say what the text says", arguments: RendererOptions.Dialect.allCases, 0..<20)
    func decoding(dialect: RendererOptions.Dialect, seed: Int) throws {
        var random = CounterRandom(seed: UInt64(seed), stage: .evaluation)
        let rendered = try renderer(dialect).render(conversation(&random), tools: [], addsGenerationPrompt: true)
        #expect(tokenizer.decode(rendered.tokens).utf8.elementsEqual(rendered.text.utf8))
    }
}
