import Primitives
import Testing

@testable import Tokenizers

/// The prompts, examples and parsed turns of tinker-cookbook's renderers.
@Suite("Conversations of tinker-cookbook's Qwen3", .enabled(if: SharedData.isPresent, SharedData.absence))
struct QwenCookbookGoldenTests {
    private static let names = ["qwen3", "qwen3+keep_thinking", "qwen3_disable_thinking", "qwen3_instruct"]

    private func renderer(_ name: String) throws -> any ChatRenderer {
        var options = RendererOptions()
        options.dialect = .cookbook
        options.keepsThinking = name == "qwen3+keep_thinking"
        if name == "qwen3_disable_thinking" { options.enablesThinking = false }
        let format: QwenFormat = name == "qwen3_instruct" ? .instruct : .hybrid
        return try format.renderer(SharedData.tokenizer("qwen3"), options)
    }

    private func rows(_ name: String) throws -> [JSONValue] {
        let rows = try QwenRows.cookbook()
            .filter { $0["renderer"]?.stringValue == name }
        #expect(rows.count == 156)
        return rows
    }

    private func messages(_ row: JSONValue) throws -> [Message] {
        try row.array(at: "messages").map { json in try Message(json: json) }
    }

    @Test("Prompts and stop tokens", arguments: names)
    func prompts(name: String) throws {
        let renderer = try renderer(name)
        for row in try rows(name) {
            let messages = try messages(row)
            if row["generation_prompt"] != nil {
                let prompt = try renderer.prompt(messages: messages, tools: [])
                #expect(prompt == (try row.tokens(at: "generation_prompt")), "\(row["id"] ?? nil)")
            } else {
                let prompt = try renderer.prompt(messages: messages.dropLast(), tools: [])
                #expect(prompt == (try row.tokens(at: "generation_prompt_before_last")), "\(row["id"] ?? nil)")
            }
            #expect(renderer.stop == StopSequences(tokens: try row.tokens(at: "stop")))
        }
    }

    @Test("Examples and their weights", arguments: names)
    func examples(name: String) throws {
        let renderer = try renderer(name)
        let masks: [(String, LossMask)] = [
            ("last_assistant_message", .lastAssistantMessage), ("last_assistant_turn", .lastAssistantTurn),
            ("all_assistant_messages", .allAssistantMessages),
        ]
        for row in try rows(name) {
            guard let weights = row["weights"] else { continue }
            let messages = try messages(row)
            for (key, mask) in masks {
                guard weights[key] != nil else {
                    #expect(weights["\(key)_error"] != nil)
                    #expect(throws: TokenizerError.self, "\(row["id"] ?? nil)") {
                        try renderer.trainingExample(messages: messages, tools: [], mask: mask)
                    }
                    continue
                }
                let example = try renderer.trainingExample(messages: messages, tools: [], mask: mask)
                #expect(example.tokens == (try row.tokens(at: "tokens")), "\(row["id"] ?? nil)")
                var expected = [Float](repeating: 0, count: example.tokens.count)
                for range in try weights.ranges(at: key) { for index in range { expected[index] = 1 } }
                #expect(example.weights == expected, "\(row["id"] ?? nil) \(key)")
            }
        }
    }

    /// Read alike, except that here an empty thinking block is told from none, the line end before the first tool call
    /// is none of the content's, and markup out of its place is a problem; the turns with such markup are left out.
    @Test("Parsed turns", arguments: names)
    func parsedTurns(name: String) throws {
        let renderer = try renderer(name)
        var strayCount = 0
        for row in try rows(name) {
            guard let json = row["parsed_last"] else { continue }
            let learned = try #require(row["weights"]).ranges(at: "last_assistant_message")
            let turn = renderer.parse(Array(try row.tokens(at: "tokens")[try #require(learned.first)]))
            if turn.problem != nil {
                strayCount += 1
                continue
            }
            var expected = try Message(json: json)
            for index in expected.toolCalls.indices {
                expected.toolCalls[index].id = nil
                expected.toolCalls[index].arguments = try JSONValue.parse(expected.toolCalls[index].argumentsText)
            }
            if !expected.toolCalls.isEmpty, expected.content.hasSuffix("\n") { expected.content.removeLast() }
            var message = turn.message
            if message.thinking == "" { message.thinking = nil }
            #expect(message == expected, "\(row["id"] ?? nil)")
            #expect(turn.termination == .endOfTurn)
        }
        #expect(strayCount <= 2)
    }
}
