import Primitives
import Storage
import Testing

@testable import Tokenizers

/// The template of gpt-oss as Jinja rendered it. One case is left out: it has content null, which the template refuses
/// and which ``Message`` cannot tell from no content.
@Suite("Conversations of the gpt-oss template", .enabled(if: SharedData.isPresent, SharedData.absence))
struct GPTOSSGoldenTests {
    private func rows() throws -> [JSONValue] {
        try SharedData.rows("gpt-oss/chat-golden-dev.jsonl.zst").filter { $0["kind"] != "none-content" }
    }

    private func rendered(
        _ row: JSONValue, _ tokenizer: Tokenizer, recognizesControlTokens: Bool = false
    ) throws -> RenderedConversation {
        var options = HarmonyGoldens.options(.huggingFace)
        options.recognizesControlTokensInContent = recognizesControlTokens
        return try GPTOSSRenderer(tokenizer: tokenizer, options: options).render(
            HarmonyGoldens.messages(row), tools: row["tools"]?.arrayValue ?? [],
            addsGenerationPrompt: row["options"]?["add_generation_prompt"] == true)
    }

    @Test("The rendered text")
    func text() throws {
        let tokenizer = try HarmonyVocabulary.tokenizer()
        let rows = try rows().filter { $0["error"] == nil }
        #expect(rows.count == 144)
        for row in rows {
            let text = try rendered(row, tokenizer).text
            #expect(text.utf8.elementsEqual(try row.string(at: "rendered").utf8), "\(row["id"]?.stringValue ?? "")")
        }
    }

    @Test("What the template refuses is refused")
    func refusals() throws {
        let tokenizer = try HarmonyVocabulary.tokenizer()
        let rows = try rows().filter { $0["error"] != nil }
        #expect(rows.count == 12)
        for row in rows {
            #expect(throws: TokenizerError.self, "\(row["id"]?.stringValue ?? "")") { try rendered(row, tokenizer) }
        }
    }

    @Test("The ids")
    func tokens() throws {
        let tokenizer = try HarmonyGoldens.tokenizer()
        for row in try rows().filter({ $0["error"] == nil }) {
            let id = try row.string(at: "id")
            let ids = try row.tokens(at: "ids")
            #expect(try rendered(row, tokenizer, recognizesControlTokens: true).tokens == ids, "\(id)")
            let content = try HarmonyGoldens.messages(row).map { $0.content + ($0.thinking ?? "") }
            if content.contains(where: { text in tokenizer.addedTokens.contains { text.contains($0.content) } }) {
                #expect(tokenizer.decode(try rendered(row, tokenizer).tokens) == (try row.string(at: "rendered")))
            } else {
                #expect(try rendered(row, tokenizer).tokens == ids, "\(id)")
            }
        }
    }
}

/// tinker-cookbook's renderer `gpt_oss_no_sysprompt`, which recognises control tokens in content.
@Suite("Conversations of the cookbook's gpt-oss renderer", .enabled(if: SharedData.isPresent, SharedData.absence))
struct GPTOSSCookbookGoldenTests {
    private let renderer: GPTOSSRenderer

    init() throws {
        var options = HarmonyGoldens.options(.cookbook)
        options.recognizesControlTokensInContent = true
        renderer = try GPTOSSRenderer(tokenizer: HarmonyGoldens.tokenizer(), options: options)
    }

    private func rows() throws -> [JSONValue] { try SharedData.rows("gpt-oss/renderer-golden-dev.jsonl.zst") }

    private func tokens(_ messages: [Message], prompt: Bool) throws -> [TokenID] {
        try renderer.render(messages, tools: [], addsGenerationPrompt: prompt).tokens
    }

    @Test("Prompts and examples")
    func prompts() throws {
        for row in try rows() {
            let id = try row.string(at: "id")
            let messages = try HarmonyGoldens.messages(row)
            #expect(renderer.stop.tokens == (try row.tokens(at: "stop")))
            if let prompt = row["generation_prompt"]?.tokensValue {
                #expect(try tokens(messages, prompt: true) == prompt, "\(id)")
            }
            if let prompt = row["generation_prompt_before_last"]?.tokensValue {
                #expect(try tokens(messages.dropLast(), prompt: true) == prompt, "\(id)")
                #expect(try tokens(messages, prompt: false) == (try row.tokens(at: "tokens")), "\(id)")
            }
        }
    }

    @Test(
        "Weights",
        arguments: [
            ("last_assistant_message", LossMask.lastAssistantMessage), ("last_assistant_turn", .lastAssistantTurn),
            ("all_assistant_messages", .allAssistantMessages),
        ])
    func weights(key: String, mask: LossMask) throws {
        for row in try rows() {
            guard let ranges = row["weights"]?[key]?.arrayValue else { continue }
            let example = try renderer.trainingExample(
                messages: HarmonyGoldens.messages(row), tools: [], mask: mask)
            var expected = [Float](repeating: 0, count: example.tokens.count)
            for range in ranges {
                let bounds = try #require(range.tokensValue)
                for index in Int(bounds[0])..<Int(bounds[1]) { expected[index] = 1 }
            }
            #expect(example.weights == expected, "\(row["id"]?.stringValue ?? "")")
        }
    }

    @Test("Turns are read as the cookbook reads them")
    func parsing() throws {
        var compared = 0
        for row in try rows() {
            guard let parsed = row["parsed_last"], let ids = row["tokens"]?.tokensValue else { continue }
            let prompt = try row.tokens(at: "generation_prompt_before_last")
            let turn = renderer.parse(Array(ids.dropFirst(prompt.count)))
            var expected = try Message(json: parsed)
            for index in expected.toolCalls.indices {
                expected.toolCalls[index].arguments = try JSONValue.parse(expected.toolCalls[index].argumentsText)
            }
            #expect(turn.message == expected, "\(row["id"]?.stringValue ?? "")")
            #expect(turn.termination == .endOfTurn)
            #expect(turn.problem == nil)
            compared += 1
        }
        #expect(compared == 86)
    }
}
