import Primitives
import Testing

@testable import Tokenizers

/// The templates as Jinja rendered them.
///
/// One reference row cannot be compared: an assistant's message with tool calls and no content is the same here whether
/// its content was null or empty, and two of the templates refuse null.
@Suite("Conversations of the Qwen templates", .enabled(if: SharedData.isPresent, SharedData.absence))
struct QwenGoldenTests {
    private struct Case {
        var id: String
        var messages: [Message]
        var tools: [JSONValue]
        var row: JSONValue
        var addsGenerationPrompt: Bool
        var enablesThinking: Bool?

        /// Whether a message or a tool holds the name of an added token where the template does not itself write it.
        func namesAddedToken(_ tokenizer: Tokenizer, _ format: QwenFormat) -> Bool {
            var texts = tools.map(\.pythonText)
            for message in messages {
                texts += [message.thinking ?? ""] + message.toolCalls.map(\.argumentsText)
                var content = message.content
                if format.readsInlineThinking, message.role == .assistant, message.thinking == nil,
                    content.contains("</think>")
                {
                    content = content.replacing("<think>", with: "").replacing("</think>", with: "")
                }
                texts.append(content)
            }
            return texts.contains { text in tokenizer.addedTokens.contains { text.contains($0.content) } }
        }

        func rendered(
            _ format: QwenFormat, _ tokenizer: Tokenizer, recognizesControlTokens: Bool = false
        ) throws -> RenderedConversation {
            var options = RendererOptions()
            options.enablesThinking = enablesThinking
            options.recognizesControlTokensInContent = recognizesControlTokens
            return try format.renderer(tokenizer, options)
                .render(messages, tools: tools, addsGenerationPrompt: addsGenerationPrompt)
        }
    }

    private func cases(_ format: QwenFormat) throws -> [Case] {
        try QwenRows.conversations(format)
            .filter { $0["template"]?.stringValue == format.rawValue && $0["error"] == nil }
            .map { row in
                Case(
                    id: try row.string(at: "id"),
                    messages: try row.array(at: "messages").map { json in try Message(json: json) },
                    tools: row["tools"]?.arrayValue ?? [], row: row,
                    addsGenerationPrompt: row["options"]?["add_generation_prompt"] == true,
                    enablesThinking: row["options"]?["enable_thinking"]?.boolValue)
            }
    }

    @Test("The rendered text, its ids, and which of them assistants write", arguments: QwenFormat.allCases)
    func conversations(format: QwenFormat) throws {
        let tokenizer = try SharedData.tokenizer(format.vocabulary)
        let cases = try cases(format)
        #expect(cases.count >= 156)
        for golden in cases {
            let namesAddedToken = golden.namesAddedToken(tokenizer, format)
            let rendered = try golden.rendered(format, tokenizer, recognizesControlTokens: namesAddedToken)
            let placed = rendered.placedTokens()
            #expect(rendered.text == (try golden.row.string(at: "rendered")), "\(golden.id)")
            #expect(placed.tokens == (try golden.row.tokens(at: "ids")), "\(golden.id)")
            let ranges = try golden.row.ranges(at: "assistant_token_ranges")
            #expect(rendered.tokensAndAssistantRanges(golden.messages).ranges == ranges, "\(golden.id)")
            if namesAddedToken { try expectPlainText(golden, format, tokenizer) }
        }
    }

    /// Names of added tokens in messages change no text and make no control token.
    private func expectPlainText(_ golden: Case, _ format: QwenFormat, _ tokenizer: Tokenizer) throws {
        let rendered = try golden.rendered(format, tokenizer)
        let tokens = rendered.tokens
        #expect(tokenizer.decode(tokens) == (try golden.row.string(at: "rendered")), "\(golden.id)")
        let written = rendered.segments.filter { if case .control = $0.content { true } else { false } }
        let controls = tokens.filter { id in tokenizer.addedTokens.contains { $0.id == id } }
        #expect(controls.count == written.count, "\(golden.id)")
    }
}
