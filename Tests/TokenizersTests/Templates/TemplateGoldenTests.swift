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

    /// The templates whose golden conversations say what assistants wrote.
    static let placed = families[..<3].flatMap { family in family.templates.map { (family, $0) } }

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
        _ family: Family, _ row: JSONValue, _ template: ChatTemplate, isOpen: Bool
    ) throws -> TemplateRenderer {
        var configuration = TokenizerConfiguration()
        configuration.namedTokens["eos_token"] = "<|im_end|>"
        var options = RendererOptions()
        options.recognizesControlTokensInContent = isOpen
        if let enables = row["options"]?["enable_thinking"]?.boolValue { options.enablesThinking = enables }
        return try TemplateRenderer(
            tokenizer: SharedData.tokenizer(family.directory), template: template, configuration: configuration,
            options: options)
    }

    /// Equal to the reference's wherever messages hold no names of added tokens; there as many control tokens as the
    /// template wrote, unless these names are to be recognised. Every sixth conversation, for the sake of time.
    @Test("The ids, and what assistants wrote where every message is proven", arguments: placed)
    func tokens(_ family: Family, _ name: String) throws {
        let tokenizer = try SharedData.tokenizer(family.directory)
        let template = try ChatTemplate(source: source(family, name))
        let rows = try SharedData.rows("\(family.directory)/chat-golden-dev.jsonl.zst").filter {
            $0["template"] == .string(name) && $0["error"] == nil
        }
        for (index, row) in rows.enumerated() where index % 6 == 0 {
            let id = "\(row["id"] ?? .null)"
            let messages = try row.array(at: "messages").map { json in try Message(json: json) }
            let tools = row["tools"]?.arrayValue ?? []
            let addsPrompt = row["options"]?["add_generation_prompt"] == true
            let ids = try row.tokens(at: "ids")
            let open = try renderer(family, row, template, isOpen: true)
            #expect(try open.render(messages, tools: tools, addsGenerationPrompt: addsPrompt).tokens == ids, "\(id)")
            let renderer = try renderer(family, row, template, isOpen: false)
            let rendered = try renderer.render(messages, tools: tools, addsGenerationPrompt: addsPrompt)
            let texts = messages.map(\.json.text)
            if tokenizer.addedTokens.contains(where: { token in texts.contains { $0.contains(token.content) } }) {
                #expect(tokenizer.decode(rendered.tokens) == (try row.string(at: "rendered")), "\(id)")
                continue
            }
            #expect(rendered.tokens == ids, "\(id)")
            guard try renderer.unplaced(messages, tools: tools).isEmpty else { continue }
            let expected = try row.array(at: "assistant_token_ranges").map { range in
                let bounds = try #require(range.tokensValue)
                return Int(bounds[0])..<Int(bounds[1])
            }
            #expect(rendered.tokensAndAssistantRanges(messages).ranges == expected, "\(id)")
        }
    }
}
