import Primitives
import Testing

@testable import Tokenizers

/// Facts about DeepSeek's formats; expected texts are what Jinja and tinker-cookbook wrote.
@Suite("DeepSeek renderers")
struct DeepSeekRendererTests {
    private let question = Message(role: .user, content: "Hi")
    private let call = ToolCall(name: "search", arguments: ["q": "β", "n": 1])
    private let end = "<｜end▁of▁sentence｜>"

    private func text(
        _ renderer: any ChatRenderer, _ messages: [Message], prompt: Bool = false
    ) throws -> String {
        try renderer.render(messages, tools: [], addsGenerationPrompt: prompt).text
    }

    @Test("R1 writes thinking nowhere and takes it out of the content")
    func distilledThinking() throws {
        let renderer = try DeepSeekR1Renderer(tokenizer: DeepSeekVocabulary.small())
        let answers = [
            Message(role: .assistant, content: "Hello", thinking: "hm"),
            Message(role: .assistant, content: "<think>a</think>b</think>\nc"),
        ]
        #expect(
            try text(renderer, [question] + answers, prompt: true)
                == "<｜begin▁of▁sentence｜><｜User｜>Hi<｜Assistant｜>Hello\(end)<｜Assistant｜>\nc\(end)"
                + "<｜Assistant｜><think>\n")
    }

    @Test("R1 writes the last system message only, and that first")
    func distilledSystem() throws {
        let renderer = try DeepSeekR1Renderer(tokenizer: DeepSeekVocabulary.small())
        let messages = [Message(role: .system, content: "A"), question, Message(role: .system, content: "B")]
        #expect(try text(renderer, messages) == "<｜begin▁of▁sentence｜>B<｜User｜>Hi")
    }

    @Test("R1 closes its section of calls from the second call of the conversation on")
    func distilledCalls() throws {
        let renderer = try DeepSeekR1Renderer(tokenizer: DeepSeekVocabulary.small())
        let calling = Message(role: .assistant, content: "", toolCalls: [call])
        let result = Message(role: .tool, content: "found")
        let written =
            "<｜tool▁call▁begin｜>function<｜tool▁sep｜>search\n```json\n{\"q\": \"β\", \"n\": 1}\n```<｜tool▁call▁end｜>"
        #expect(
            try text(renderer, [question, calling, result, calling, result], prompt: true)
                == "<｜begin▁of▁sentence｜><｜User｜>Hi<｜Assistant｜><｜tool▁calls▁begin｜>\(written)"
                + "<｜tool▁outputs▁begin｜><｜tool▁output▁begin｜>found<｜tool▁output▁end｜>"
                + "\n\(written)<｜tool▁calls▁end｜>\(end)"
                + "\n<｜tool▁output▁begin｜>found<｜tool▁output▁end｜><｜tool▁outputs▁end｜>")
    }

    @Test("V3.1 joins system messages and answers tools without a header")
    func system() throws {
        let renderer = try DeepSeekV31Renderer(tokenizer: DeepSeekVocabulary.small())
        let messages = [
            Message(role: .system, content: "A"), question,
            Message(role: .assistant, content: "Wait. ", toolCalls: [call, call]),
            Message(role: .tool, content: "found"), Message(role: .assistant, content: "x</think>y"),
            Message(role: .system, content: "B"),
        ]
        let written = "<｜tool▁call▁begin｜>search<｜tool▁sep｜>{\"q\": \"β\", \"n\": 1}<｜tool▁call▁end｜>"
        #expect(
            try text(renderer, messages, prompt: true)
                == "<｜begin▁of▁sentence｜>A\n\nB<｜User｜>Hi<｜Assistant｜></think>Wait. <｜tool▁calls▁begin｜>"
                + "\(written)\(written)<｜tool▁calls▁end｜>\(end)<｜tool▁output▁begin｜>found<｜tool▁output▁end｜>"
                + "x</think>y\(end)")
    }

    @Test("V3.1 begins the turn as the variable `thinking` says", arguments: [true, false])
    func thinking(_ isThinking: Bool) throws {
        var options = RendererOptions()
        options.enablesThinking = isThinking
        let renderer = try DeepSeekV31Renderer(tokenizer: DeepSeekVocabulary.small(), options: options)
        let prompt = try text(renderer, [question], prompt: true)
        #expect(
            prompt == "<｜begin▁of▁sentence｜><｜User｜>Hi<｜Assistant｜>" + (isThinking ? "<think>" : "</think>"))
    }

    @Test("Thinking tags without tokens are plain text, and read back all the same")
    func plainTags() throws {
        var options = RendererOptions()
        options.enablesThinking = true
        let tokenizer = try DeepSeekVocabulary.withoutThinkingTags()
        let renderer = try DeepSeekV31Renderer(tokenizer: tokenizer, options: options)
        #expect(try text(renderer, [question], prompt: true).hasSuffix("<｜Assistant｜><think>"))
        let turn = renderer.parse(tokenizer.encode("hm</think>yes\(end)", splitSpecialTokens: false))
        #expect(turn.message == Message(role: .assistant, content: "yes", thinking: "hm"))
        #expect(turn.problem == nil)
    }

    @Test("The cookbook strips thinking from history unless told otherwise", arguments: [true, false])
    func history(_ keeps: Bool) throws {
        var options = RendererOptions()
        options.keepsThinking = keeps
        let renderer = try CookbookDeepSeekRenderer(
            tokenizer: DeepSeekVocabulary.small(), variant: .thinking, options: options)
        let answer = Message(role: .assistant, content: "Hello", thinking: "hm")
        let first = keeps ? "<think>hm</think>Hello" : "</think>Hello"
        #expect(
            try text(renderer, [question, answer, question, answer])
                == "<｜begin▁of▁sentence｜><｜User｜>Hi<｜Assistant｜>\(first)\(end)<｜User｜>Hi<｜Assistant｜>"
                + "<think>hm</think>Hello\(end)")
    }

    @Test("The cookbook does not end a turn that says nothing but tool calls")
    func bareCalls() throws {
        let renderer = try CookbookDeepSeekRenderer(tokenizer: DeepSeekVocabulary.small(), variant: .plain)
        let calling = Message(role: .assistant, content: "", toolCalls: [call])
        #expect(try text(renderer, [question, calling]).hasSuffix("<｜tool▁call▁end｜><｜tool▁calls▁end｜>"))
    }

    @Test("The cookbook describes tools at the end of the system message")
    func tools() throws {
        let renderer = try CookbookDeepSeekRenderer(tokenizer: DeepSeekVocabulary.small(), variant: .plain)
        let tool = ToolDescription(name: "search", description: "Finds β.", parameters: ["type": "object", "d": "β"])
        let rendered = try renderer.render(
            [Message(role: .system, content: "Be brief."), question], tools: [tool.json], addsGenerationPrompt: false)
        let expected = """
            <｜begin▁of▁sentence｜>Be brief.

            ## Tools
            You have access to the following tools:

            ### search
            Description: Finds β.

            Parameters: {"type": "object", "d": "\\u03b2"}

            IMPORTANT: ALWAYS adhere to this exact format for tool use:
            <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>tool_call_name<｜tool▁sep｜>tool_call_arguments<｜tool▁call▁end｜>\
            <｜tool▁calls▁end｜>

            Where:
            - `tool_call_name` must be an exact match to one of the available tools
            - `tool_call_arguments` must be valid JSON that strictly follows the tool's Parameters Schema
            - For multiple tool calls, chain them directly without separators or spaces<｜User｜>Hi
            """
        #expect(rendered.text == expected)
    }

    @Test("Each format refuses what it cannot say")
    func refusals() throws {
        let tokenizer = try DeepSeekVocabulary.small()
        let developer = [question, Message(role: .developer, content: "x")]
        let late = [question, Message(role: .system, content: "x")]
        #expect(throws: TokenizerError.self) { try text(DeepSeekR1Renderer(tokenizer: tokenizer), developer) }
        #expect(throws: TokenizerError.self) { try text(DeepSeekV31Renderer(tokenizer: tokenizer), developer) }
        for variant in CookbookDeepSeekRenderer.Variant.allCases {
            let renderer = try CookbookDeepSeekRenderer(tokenizer: tokenizer, variant: variant)
            #expect(throws: TokenizerError.self) { try text(renderer, developer) }
            #expect(throws: TokenizerError.self) { try text(renderer, late) }
        }
        #expect(throws: TokenizerError.missingToken("<｜begin▁of▁sentence｜>", renderer: "deepseek-v3.1")) {
            try DeepSeekV31Renderer(tokenizer: SmallVocabulary.tokenizer())
        }
    }
}
