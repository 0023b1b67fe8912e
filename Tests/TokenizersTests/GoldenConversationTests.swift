import Primitives
import Testing

@testable import Tokenizers

/// The template of the hybrid Qwen3 models as Jinja rendered it.
///
/// Left out of all comparisons: the one case that the template itself refuses (content null), and the one that switches
/// thinking off, which this renderer does not offer. Left out of the comparison of ids: the five cases whose messages
/// hold names of added tokens, since those stay plain text here.
@Suite("Conversations of the Qwen3 template", .enabled(if: SharedData.isPresent, SharedData.absence))
struct GoldenConversationTests {
    private struct Case {
        var id: String
        var messages: [Message]
        var row: JSONValue

        /// Whether a message holds the name of an added token where the template does not itself write it.
        func namesAddedToken(_ tokenizer: Tokenizer) -> Bool {
            messages.contains { message in
                let isInlineThinking =
                    message.role == .assistant && message.thinking == nil && message.content.contains("</think>")
                return tokenizer.addedTokens.contains { token in
                    message.content.contains(token.content)
                        && !(isInlineThinking && ["<think>", "</think>"].contains(token.content))
                }
            }
        }
    }

    private func cases() throws -> [Case] {
        try SharedData.rows("qwen3/chat-golden-dev.jsonl.zst")
            .filter { $0["template"] == "qwen3" && $0["error"] == nil && $0["options"]?["enable_thinking"] != false }
            .map { row in
                Case(
                    id: try row.string(at: "id"),
                    messages: try row.array(at: "messages").map { json in try Message(json: json) }, row: row)
            }
    }

    private func rendered(_ golden: Case, _ renderer: Qwen3Renderer) -> RenderedConversation {
        renderer.render(
            golden.messages, tools: golden.row["tools"]?.arrayValue ?? [],
            addsGenerationPrompt: golden.row["options"]?["add_generation_prompt"] == true)
    }

    @Test("The rendered text")
    func text() throws {
        let renderer = try Qwen3Renderer(tokenizer: SharedData.tokenizer("qwen3"))
        let cases = try cases()
        #expect(cases.count == 155)
        for golden in cases {
            #expect(rendered(golden, renderer).text == (try golden.row.string(at: "rendered")), "\(golden.id)")
        }
    }

    @Test("The ids, and which of them assistants write")
    func tokens() throws {
        let tokenizer = try SharedData.tokenizer("qwen3")
        let renderer = try Qwen3Renderer(tokenizer: tokenizer)
        let cases = try cases().filter { !$0.namesAddedToken(tokenizer) }
        #expect(cases.count == 150)
        for golden in cases {
            let rendered = rendered(golden, renderer)
            #expect(rendered.tokens == (try golden.row.tokens(at: "ids")), "\(golden.id)")
            let expected = try golden.row.array(at: "assistant_token_ranges").map { range in
                let bounds = try #require(range.tokensValue)
                return Int(bounds[0])..<Int(bounds[1])
            }
            #expect(rendered.assistantTokenRanges(golden.messages) == expected, "\(golden.id)")
        }
    }

    @Test("Names of added tokens in messages change no text and make no control token")
    func namesOfAddedTokens() throws {
        let tokenizer = try SharedData.tokenizer("qwen3")
        let renderer = try Qwen3Renderer(tokenizer: tokenizer)
        let cases = try cases().filter { $0.namesAddedToken(tokenizer) }
        #expect(cases.count == 5)
        for golden in cases {
            let tokens = rendered(golden, renderer).tokens
            #expect(tokenizer.decode(tokens) == (try golden.row.string(at: "rendered")))
            // One start per message and one for the assistant that is to speak.
            let starts = tokens.filter { $0 == tokenizer.tokenID("<|im_start|>") }.count
            let suffix = golden.row["options"]?["add_generation_prompt"] == true ? 1 : 0
            #expect(starts == golden.messages.count + suffix)
        }
    }

    /// tinker-cookbook's renderer `qwen3` agrees with the template except where its authors chose otherwise; left out
    /// are conversations with names of added tokens in a message (which include all tool descriptions), with thinking
    /// written into the content, with several tool results in a row, and with content that begins with a line end,
    /// which it encodes apart from the header.
    @Test("The prompts and examples of tinker-cookbook's renderer")
    func cookbook() throws {
        let tokenizer = try SharedData.tokenizer("qwen3")
        let renderer = try Qwen3Renderer(tokenizer: tokenizer)
        var compared = 0
        for row in try SharedData.rows("qwen3/renderer-golden-dev.jsonl.zst") {
            guard row["renderer"] == "qwen3", let kind = row["kind"]?.stringValue,
                !["thinking-inline", "tool-parallel"].contains(kind), let list = row["messages"]?.arrayValue,
                let messages = try? list.map({ try Message(json: $0) }),
                !Case(id: "", messages: messages, row: row).namesAddedToken(tokenizer),
                !messages.contains(where: { $0.content.hasPrefix("\n") || $0.content.contains("</think>") })
            else { continue }
            let id = try row.string(at: "id")
            if let prompt = row["generation_prompt"]?.tokensValue {
                #expect(try renderer.prompt(messages: messages, tools: []) == prompt, "\(id)")
                compared += 1
            } else if let tokens = row["tokens"]?.tokensValue {
                // The template ends the line after the last message, the cookbook does not.
                let example = try renderer.trainingExample(messages: messages, tools: [])
                #expect(example.tokens.dropLast() == tokens[...], "\(id)")
                compared += 1
            }
        }
        #expect(compared == 87)
    }
}
