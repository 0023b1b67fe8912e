import Primitives
import Storage
import Testing

@testable import Tokenizers

/// The conversations that transformers rendered with the models' own templates.
@Suite("Golden conversations through the interpreter", .enabled(if: SharedData.isPresent, SharedData.absence))
struct TemplateGoldenTests {
    struct Family: Sendable, CustomTestStringConvertible {
        var directory: String
        var templates: [String]
        var testDescription: String { directory }
    }

    static let families = [
        Family(directory: "chatml", templates: ["chatml"]),
        Family(directory: "qwen2.5", templates: ["qwen2.5"]),
        Family(directory: "qwen3", templates: ["qwen3", "qwen3-thinking-2507", "qwen3-instruct-2507"]),
        Family(directory: "deepseek-v3", templates: ["deepseek-r1-distill", "deepseek-v3.1"]),
        Family(directory: "gpt-oss", templates: ["gpt-oss"]),
    ]

    private func source(_ family: Family, _ name: String) throws -> String {
        try FileStore.readText("\(SharedData.directory)/\(family.directory)/templates/\(name).jinja")
    }

    /// What transformers hands to a template: gpt-oss finds the thinking under a name of its own.
    private func variables(_ row: JSONValue) throws -> JSONObject {
        var variables: JSONObject = ["add_generation_prompt": false, "tools": row["tools"] ?? .null]
        for key in ["template_kwargs", "options"] {
            for (name, value) in row[key]?.objectValue?.members ?? [] { variables[name] = value }
        }
        variables["messages"] = .array(
            try row.array(at: "messages").map { message in
                guard var object = message.objectValue, row["template"] == "gpt-oss",
                    let thinking = object["reasoning_content"]
                else { return message }
                object["thinking"] = thinking
                return .object(object)
            })
        return variables
    }

    @Test("The rendered text, and the failures of the templates", arguments: families)
    func text(_ family: Family) throws {
        var templates: [String: ChatTemplate] = [:]
        for name in family.templates { templates[name] = try ChatTemplate(source: source(family, name)) }
        let rows = try SharedData.rows("\(family.directory)/chat-golden-dev.jsonl.zst")
        #expect(rows.count == 157 * family.templates.count)
        for row in rows {
            let template = try #require(templates[row.string(at: "template")])
            let id = try row.string(at: "id")
            let clock = TemplateClock(year: 2026, month: 1, day: 15)
            if let message = row["error"]?.stringValue {
                let error = #expect(throws: TemplateError.self, "\(id)") {
                    _ = try template.render(variables: variables(row), clock: clock)
                }
                let explanation = message.split(separator: ": ", maxSplits: 1).last ?? ""
                #expect(error?.message.contains(explanation) == true, "\(id)")
            } else {
                let text = try template.render(variables: variables(row), clock: clock)
                #expect(text.utf8.elementsEqual(try row.string(at: "rendered").utf8), "\(id)")
            }
        }
    }

    private func renderer(
        _ family: Family, _ row: JSONValue, isOpen: Bool = false
    ) throws -> TemplateRenderer {
        var configuration = TokenizerConfiguration()
        configuration.namedTokens["eos_token"] = "<|im_end|>"
        var options = RendererOptions()
        options.recognizesControlTokensInContent = isOpen
        if let enables = row["options"]?["enable_thinking"]?.boolValue { options.enablesThinking = enables }
        return try TemplateRenderer(
            tokenizer: SharedData.tokenizer(family.directory),
            template: ChatTemplate(source: source(family, row.string(at: "template"))), configuration: configuration,
            options: options)
    }

    private func messages(_ row: JSONValue) throws -> [Message] {
        try row.array(at: "messages").map { json in try Message(json: json) }
    }

    private func render(_ renderer: TemplateRenderer, _ row: JSONValue) throws -> RenderedConversation {
        try renderer.render(
            messages(row), tools: row["tools"]?.arrayValue ?? [],
            addsGenerationPrompt: row["options"]?["add_generation_prompt"] == true)
    }

    @Test(
        "The ids, where names of added tokens in messages are recognised as the reference does",
        arguments: families[..<3])
    func openTokens(_ family: Family) throws {
        for row in try SharedData.rows("\(family.directory)/chat-golden-dev.jsonl.zst") where row["error"] == nil {
            let rendered = try render(renderer(family, row, isOpen: true), row)
            #expect(rendered.tokens == (try row.tokens(at: "ids")), "\(row["id"] ?? .null)")
        }
    }

    @Test("The ids, and as many control tokens as the template wrote", arguments: families[..<3])
    func tokens(_ family: Family) throws {
        let tokenizer = try SharedData.tokenizer(family.directory)
        for row in try SharedData.rows("\(family.directory)/chat-golden-dev.jsonl.zst") where row["error"] == nil {
            let rendered = try render(renderer(family, row), row)
            let messages = try messages(row)
            let holdsNames = tokenizer.addedTokens.contains { token in
                messages.contains { $0.json.text.contains(token.content) }
            }
            if holdsNames {
                #expect(tokenizer.decode(rendered.tokens) == (try row.string(at: "rendered")))
            } else {
                #expect(rendered.tokens == (try row.tokens(at: "ids")), "\(row["id"] ?? .null)")
            }
        }
    }

    /// Qwen3 2507 opens the thinking in its generation prompt; the golden spans begin before that, ours after it.
    @Test("What assistants wrote, where every message is proven", arguments: families[..<3])
    func ranges(_ family: Family) throws {
        for row in try SharedData.rows("\(family.directory)/chat-golden-dev.jsonl.zst")
        where row["error"] == nil && row["template"] != "qwen3-thinking-2507" {
            let renderer = try renderer(family, row)
            let messages = try messages(row)
            let holdsNames = try SharedData.tokenizer(family.directory).addedTokens.contains { token in
                messages.contains { $0.json.text.contains(token.content) }
            }
            guard !holdsNames, try renderer.unplaced(messages, tools: row["tools"]?.arrayValue ?? []).isEmpty else {
                continue
            }
            let expected = try row.array(at: "assistant_token_ranges").map { range in
                let bounds = try #require(range.tokensValue)
                return Int(bounds[0])..<Int(bounds[1])
            }
            #expect(try render(renderer, row).assistantTokenRanges(messages) == expected, "\(row["id"] ?? .null)")
        }
    }
}
