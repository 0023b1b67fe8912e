import Primitives
import Testing

@testable import Tokenizers

/// Expected texts from the models' own templates, run by jinja2 3.1.6 with the settings of transformers 5.24; `nil` where
/// the template fails.
@Suite("Content that is null")
struct NullContentTests {
    private static func message(_ role: String, _ content: JSONValue = .null, calls: JSONValue = .null) -> JSONValue {
        ["role": .string(role), "content": content, "tool_calls": calls]
    }

    private static let calls: JSONValue = [["type": "function", "function": ["name": "f", "arguments": "{}"]]]
    private static let question = message("user", "Q")
    private static let called: JSONValue = [question, message("assistant", calls: calls)]
    private static let answered: JSONValue = [question, message("assistant")]
    private static let toolResult: JSONValue = [question, message("assistant", "", calls: calls), message("tool")]
    private static let instructed: JSONValue = [message("system"), question]
    private static let asked: JSONValue = [message("user")]

    private func ending(_ renderer: any ChatRenderer, _ messages: JSONValue, count: Int) throws -> String? {
        let request = try RenderRequest(json: ["messages": messages], defaults: RendererOptions())
        guard let text = try? request.answer(by: renderer)["rendered"]?.stringValue else { return nil }
        return String(text.suffix(count))
    }

    private func expect(
        _ renderer: any ChatRenderer, _ messages: JSONValue, _ expected: String?, whole: Bool = false
    ) throws {
        let text = try ending(renderer, messages, count: whole ? Int.max : expected?.count ?? 0)
        #expect(text == expected, "\(renderer.name): \(messages)")
    }

    @Test("Qwen and ChatML")
    func qwen() throws {
        let tokenizer = try SmallVocabulary.tokenizer()
        let chatML = try ChatMLRenderer(tokenizer: tokenizer)
        for messages in [Self.called, Self.answered, Self.toolResult, Self.instructed, Self.asked] {
            try expect(chatML, messages, nil)
        }
        let calling = "<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\n<tool_call>\n"
        let printed = "<tool_response>\nNone\n</tool_response><|im_end|>\n"
        let qwen25 = try Qwen25Renderer(tokenizer: tokenizer)
        try expect(qwen25, Self.called, calling + #"{"name": "f", "arguments": "{}"}"# + "\n</tool_call><|im_end|>\n")
        try expect(qwen25, Self.toolResult, printed)
        for messages in [Self.answered, Self.instructed, Self.asked] { try expect(qwen25, messages, nil) }
        let qwen3 = try Qwen3Renderer(tokenizer: tokenizer)
        try expect(qwen3, Self.toolResult, printed)
        for messages in [Self.called, Self.answered, Self.instructed, Self.asked] { try expect(qwen3, messages, nil) }
        let instruct = try Qwen3Renderer(tokenizer: tokenizer, variant: .instruct)
        try expect(
            instruct, Self.called, calling + #"{"name": "f", "arguments": {}}"# + "\n</tool_call><|im_end|>\n",
            whole: true)
        try expect(instruct, Self.toolResult, "<tool_response>\n\n</tool_response><|im_end|>\n")
        try expect(instruct, Self.asked, "<|im_start|>user\n<|im_end|>\n", whole: true)
        try expect(instruct, Self.instructed, nil)
        let thinking = try Qwen3Renderer(tokenizer: tokenizer, variant: .thinking)
        try expect(thinking, Self.answered, "<|im_start|>assistant\n<think>\n\n</think>\n\n<|im_end|>\n")
    }

    @Test("DeepSeek")
    func deepSeek() throws {
        let tokenizer = try DeepSeekVocabulary.small()
        let r1 = try DeepSeekR1Renderer(tokenizer: tokenizer)
        try expect(r1, Self.called, "<｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```json\n{}\n```<｜tool▁call▁end｜>")
        try expect(r1, Self.answered, "<｜begin▁of▁sentence｜><｜User｜>Q", whole: true)
        try expect(r1, Self.instructed, "<｜begin▁of▁sentence｜>None<｜User｜>Q", whole: true)
        for messages in [Self.toolResult, Self.asked] { try expect(r1, messages, nil) }
        let v31 = try DeepSeekV31Renderer(tokenizer: tokenizer)
        try expect(
            v31, Self.called,
            "</think><｜tool▁calls▁begin｜><｜tool▁call▁begin｜>f<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁calls▁end｜>"
                + "<｜end▁of▁sentence｜>")
        for messages in [Self.answered, Self.toolResult, Self.instructed, Self.asked] {
            try expect(v31, messages, nil)
        }
    }

    @Test("gpt-oss")
    func harmony() throws {
        let renderer = try GPTOSSRenderer(tokenizer: HarmonyVocabulary.tokenizer())
        try expect(
            renderer, Self.toolResult,
            "<|start|>functions.f to=assistant<|channel|>commentary<|message|>null<|end|>")
        try expect(renderer, Self.instructed, "for every message.<|end|><|start|>user<|message|>Q<|end|>")
        for messages in [Self.called, Self.answered, Self.asked] { try expect(renderer, messages, nil) }
    }

    @Test("A template that is interpreted sees it as it is")
    func template() throws {
        let template = try ChatTemplate(
            source: "{% for m in messages %}{{ m.content is none }}{{ m.content }};{% endfor %}")
        let renderer = try TemplateRenderer(
            tokenizer: SmallVocabulary.tokenizer(), template: template, configuration: TokenizerConfiguration())
        try expect(renderer, Self.called, "FalseQ;TrueNone;", whole: true)
    }
}
