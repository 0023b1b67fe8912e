import Primitives
import Testing

@testable import Tokenizers

/// "Tokens are the truth": the growing sequence of an episode is what a full render of its messages would be, whenever
/// the policy writes canonical text.
@Suite("Continuations equal full renders")
struct ContinuationTests {
    @Test("With a small vocabulary", arguments: 0..<60)
    func smallVocabulary(seed: Int) throws { try check(SmallVocabulary.tokenizer(), seed: seed) }

    @Test(
        "With the vocabulary of Qwen3", .enabled(if: SharedData.isPresent, SharedData.absence), arguments: 0..<20)
    func qwen3(seed: Int) throws { try check(SharedData.tokenizer("qwen3"), seed: seed) }

    private func check(_ tokenizer: Tokenizer, seed: Int) throws {
        let renderer = try Qwen3Renderer(tokenizer: tokenizer)
        var random = CounterRandom(seed: UInt64(seed), stage: .evaluation)
        let tools = [ToolDescription(name: "search", description: text(&random), parameters: ["type": "object"])]
        var messages = [
            Message(role: .system, content: text(&random)), Message(role: .user, content: text(&random)),
        ]
        var sequence = renderer.prompt(messages: messages, tools: tools)
        for _ in 0..<4 {
            let turn = assistant(&random)
            let sampled = tokenizer.encode(canonicalText(turn) + "<|im_end|>", splitSpecialTokens: false)
            let parsed = renderer.parse(sampled)
            #expect(parsed.message == turn)
            #expect(parsed.problem == nil)
            #expect(parsed.termination == .endOfTurn)
            let responses = (0..<1 + random.integer(below: 3)).map { _ in
                Message(role: .tool, content: text(&random), name: "search")
            }
            sequence += sampled + renderer.continuation(sampled: sampled, newMessages: responses)
            messages += [parsed.message] + responses
            #expect(sequence == renderer.prompt(messages: messages, tools: tools))
        }
    }

    private func assistant(_ random: inout CounterRandom) -> Message {
        let thinks = random.integer(below: 3) > 0
        let calls = (0..<random.integer(below: 3)).map { _ in
            ToolCall(
                name: "search",
                arguments: ["query": .string(text(&random)), "limit": .integer(random.integer(below: 9))])
        }
        // Canonical content begins with a word, canonical thinking neither begins nor ends with a line end.
        let content = random.integer(below: 2) == 0 && !calls.isEmpty ? "" : "So" + text(&random)
        let thinking = "Well," + text(&random) + "!"
        return Message(
            role: .assistant, content: content, thinking: thinks ? thinking : nil, toolCalls: calls)
    }

    /// What the template would write for the turn, written down independently of the renderer.
    private func canonicalText(_ turn: Message) -> String {
        var text = turn.thinking.map { "<think>\n\($0)\n</think>\n\n" } ?? ""
        text += turn.content
        for (index, call) in turn.toolCalls.enumerated() {
            if index > 0 || !turn.content.isEmpty { text += "\n" }
            text +=
                "<tool_call>\n{\"name\": \"\(call.name)\", \"arguments\": \(call.arguments.pythonText)}\n</tool_call>"
        }
        return text
    }

    private func text(_ random: inout CounterRandom) -> String {
        let fragments = [
            "Marfan", " syndrome", "\n", "\n\n", "  ", " FBN1", ">", "<", "\"", "\\", "é", "A\u{30A}", "漢", " 12", "'s",
            ".", "\u{338}", "\r\n", "\t", "…",
        ]
        let length = 1 + random.integer(below: 8)
        return (0..<length).map { _ in random.pick(fragments) }.joined()
    }
}
