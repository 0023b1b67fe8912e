import Primitives
import Testing

@testable import Tokenizers

@Suite("Which messages a training example learns")
struct LossMaskTests {
    /// system, user, assistant, tool, assistant, user, assistant, tool, assistant
    private static let messages: [Message] = [
        .init(role: .system, content: "s"), .init(role: .user, content: "a"), .init(role: .assistant, content: "b"),
        .init(role: .tool, content: "c"), .init(role: .assistant, content: "d"), .init(role: .user, content: "e"),
        .init(role: .assistant, content: "f"), .init(role: .tool, content: "g"), .init(role: .assistant, content: "h"),
    ]

    @Test(
        arguments: [
            (.lastAssistantMessage, "h"), (.lastAssistantTurn, "fh"), (.allAssistantMessages, "bdfh"),
            (.allMessages, "sabcdefgh"), (.allUserAndSystemMessages, "sae"),
            (.flagged([false, false, true, false, false, true]), "be"),
        ] as [(LossMask, String)])
    func learned(mask: LossMask, expected: String) throws {
        let tokenizer = try SmallVocabulary.tokenizer()
        let renderer = try Qwen3Renderer(tokenizer: tokenizer)
        let example = try renderer.trainingExample(messages: Self.messages, tools: [], mask: mask)
        let written = zip(example.tokens, example.weights).compactMap { $1 == 1 ? $0 : nil }
        let text = tokenizer.decode(written)
        let isLetter = { (character: Character) in "sabcdefgh".contains(character) }
        // The empty thinking block of the last message has letters of its own.
        let contents = text.replacing("<|im_end|>", with: "").replacing("</think>", with: "")
            .replacing("<think>", with: "").replacing("</tool_response>", with: "")
        #expect(contents.filter(isLetter) == expected)
    }

    @Test("Headers are learned only with all tokens")
    func headers() throws {
        let renderer = try Qwen3Renderer(tokenizer: SmallVocabulary.tokenizer())
        let all = try renderer.trainingExample(messages: Self.messages, tools: [], mask: .allTokens)
        #expect(all.weights.allSatisfy { $0 == 1 })
        let messages = try renderer.trainingExample(messages: Self.messages, tools: [], mask: .allMessages)
        #expect(messages.weights.contains(0))
    }

    @Test("A mask that learns nothing is refused")
    func nothing() throws {
        let renderer = try Qwen3Renderer(tokenizer: SmallVocabulary.tokenizer())
        #expect(throws: TokenizerError.nothingToLearn(messageCount: 9)) {
            try renderer.trainingExample(messages: Self.messages, tools: [], mask: .flagged([]))
        }
    }
}
