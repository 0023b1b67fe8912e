import Primitives
import Testing

@testable import Tokenizers

/// DeepSeek's templates as Jinja rendered them, and tinker-cookbook's renderers as they ran.
@Suite("Reference conversations of DeepSeek", .enabled(if: SharedData.isPresent, SharedData.absence))
struct GoldenDeepSeekTests {
    private static let chatFile = "deepseek-v3/chat-golden-dev.jsonl.zst"
    private static let cookbookFile = "deepseek-v3/renderer-golden-dev.jsonl.zst"

    private func messages(_ row: JSONValue) throws -> [Message] {
        try row.array(at: "messages").map { json in try Message(json: json) }
    }

    private func renderer(
        _ name: String, _ tokenizer: Tokenizer, _ options: RendererOptions = RendererOptions()
    ) throws -> any ChatRenderer {
        switch name {
        case "deepseek-r1-distill": try DeepSeekR1Renderer(tokenizer: tokenizer, options: options)
        case "deepseek-v3.1": try DeepSeekV31Renderer(tokenizer: tokenizer, options: options)
        default:
            try CookbookDeepSeekRenderer(
                tokenizer: tokenizer, variant: #require(.init(rawValue: name)), options: options)
        }
    }

    private func conversations(_ template: String) throws -> [JSONValue] {
        try SharedData.rows(Self.chatFile).filter { $0["template"]?.stringValue == template && $0["error"] == nil }
    }

    private func render(_ row: JSONValue, _ renderer: any ChatRenderer) throws -> RenderedConversation {
        try renderer.render(
            messages(row), tools: row["tools"]?.arrayValue ?? [],
            addsGenerationPrompt: row["options"]?["add_generation_prompt"] == true)
    }

    @Test("The templates' texts and ids", arguments: ["deepseek-r1-distill", "deepseek-v3.1"])
    func templates(_ name: String) throws {
        var options = RendererOptions()
        options.recognizesControlTokensInContent = true
        let renderer = try renderer(name, DeepSeekVocabulary.real(), options)
        let rows = try conversations(name)
        #expect(rows.count == 157)
        for row in rows {
            let rendered = try render(row, renderer)
            #expect(rendered.text == (try row.string(at: "rendered")), "\(row["id"] ?? nil)")
            #expect(rendered.tokens == (try row.tokens(at: "ids")), "\(row["id"] ?? nil)")
        }
    }

    @Test("Without names of control tokens in messages the ids are the same by default; with them they stay text")
    func defaultIDs() throws {
        let tokenizer = try DeepSeekVocabulary.real()
        let renderer = try renderer("deepseek-v3.1", tokenizer)
        for row in try conversations("deepseek-v3.1") {
            let messages = try messages(row)
            let tokens = try render(row, renderer).tokens
            if messages.contains(where: { namesAddedToken($0.content, tokenizer) }) {
                #expect(tokenizer.decode(tokens) == (try row.string(at: "rendered")), "\(row["id"] ?? nil)")
                let users = tokens.count { $0 == tokenizer.tokenID("<｜User｜>") }
                #expect(users == messages.count { $0.role == .user }, "\(row["id"] ?? nil)")
            } else {
                #expect(tokens == (try row.tokens(at: "ids")), "\(row["id"] ?? nil)")
            }
        }
    }

    private func namesAddedToken(_ text: String, _ tokenizer: Tokenizer) -> Bool {
        tokenizer.partsByAddedTokens(text).contains { if case .token = $0 { true } else { false } }
    }

    private func cookbookRows(_ name: String) throws -> [JSONValue] {
        try SharedData.rows(Self.cookbookFile).filter { $0["renderer"]?.stringValue == name }
    }

    private func openRenderer(_ name: String) throws -> CookbookDeepSeekRenderer {
        var options = RendererOptions()
        options.dialect = .cookbook
        options.recognizesControlTokensInContent = true
        return try CookbookDeepSeekRenderer(
            tokenizer: DeepSeekVocabulary.real(), variant: #require(.init(rawValue: name)), options: options)
    }

    @Test("The cookbook's prompts, examples and stop tokens", arguments: ["deepseekv3", "deepseekv3_thinking"])
    func cookbook(_ name: String) throws {
        let renderer = try openRenderer(name)
        let rows = try cookbookRows(name)
        #expect(rows.count == 156)
        for row in rows {
            let messages = try messages(row)
            let comment: Comment = "\(row["id"] ?? nil)"
            #expect(renderer.stop.tokens == (try row.tokens(at: "stop")), comment)
            if row["error"] != nil {
                #expect(throws: TokenizerError.self, comment) { try renderer.prompt(messages: messages, tools: []) }
            } else if let prompt = row["generation_prompt"]?.tokensValue {
                #expect(try renderer.prompt(messages: messages, tools: []) == prompt, comment)
            } else {
                let prompt = try renderer.prompt(messages: messages.dropLast(), tools: [])
                #expect(prompt == (try row.tokens(at: "generation_prompt_before_last")), comment)
                let example = try renderer.render(messages, tools: [], addsGenerationPrompt: false)
                #expect(example.tokens == (try row.tokens(at: "tokens")), comment)
            }
        }
    }

    @Test("The cookbook's weights", arguments: ["deepseekv3", "deepseekv3_thinking"])
    func weights(_ name: String) throws {
        let renderer = try openRenderer(name)
        let masks: [(String, LossMask)] = [
            ("last_assistant_message", .lastAssistantMessage), ("last_assistant_turn", .lastAssistantTurn),
            ("all_assistant_messages", .allAssistantMessages),
        ]
        for row in try cookbookRows(name) where row["tokens"] != nil {
            let messages = try messages(row)
            for (key, mask) in masks where messages.last?.role == .assistant {
                let weights = try renderer.trainingExample(messages: messages, tools: [], mask: mask).weights
                var expected = [Float](repeating: 0, count: weights.count)
                for range in try row.object(at: "weights")[key]?.arrayValue ?? [] {
                    let bounds = try #require(range.tokensValue)
                    for index in bounds[0]..<bounds[1] { expected[Int(index)] = 1 }
                }
                #expect(weights == expected, "\(row["id"] ?? nil) \(key)")
            }
        }
    }

    @Test("What the cookbook reads back", arguments: ["deepseekv3", "deepseekv3_thinking"])
    func parsed(_ name: String) throws {
        let renderer = try openRenderer(name)
        for row in try cookbookRows(name) where row["tokens"] != nil {
            let comment: Comment = "\(row["id"] ?? nil)"
            guard let ranges = row["weights"]?["last_assistant_message"]?.arrayValue,
                let start = ranges.first?.tokensValue?.first
            else { continue }
            let turn = renderer.parse(Array(try row.tokens(at: "tokens")[Int(start)...]))
            if row["termination"] != "stop_sequence" {
                #expect(turn.termination == .truncated, comment)
                continue
            }
            #expect(turn.termination == .endOfTurn, comment)
            var expected = try Message(json: #require(row["parsed_last"]))
            for index in expected.toolCalls.indices {
                let text = expected.toolCalls[index].argumentsText
                expected.toolCalls[index].arguments = try JSONValue.parse(text)
            }
            #expect(turn.message == expected, comment)
        }
    }
}
