import Primitives
import Testing

@testable import Tokenizers

@Suite("Lines of the verbs tokenize and render")
struct RequestTests {
    private let tokenizer: Tokenizer

    init() throws { tokenizer = try SmallVocabulary.tokenizer() }

    private func tokenize(
        _ line: String, _ change: (inout TokenizeRequest.Settings) -> Void = { _ in }
    ) throws -> JSONValue {
        var settings = TokenizeRequest.Settings()
        change(&settings)
        return try TokenizeRequest(json: JSONValue.parse(line), settings: settings)
            .answer(by: tokenizer, settings: settings)
    }

    @Test("A text becomes ids, and ids become a text again")
    func roundTrip() throws {
        let encoded = try tokenize(#"{"id": "a", "text": "The cat<|im_end|>", "ids": "ignored"}"#)
        #expect(encoded["id"] == "a")
        #expect(encoded["ids"]?.tokensValue?.last == tokenizer.tokenID("<|im_end|>"))
        let line: JSONValue = ["ids": try #require(encoded["ids"])]
        #expect(try tokenize(line.text) { $0.decodes = true } == ["text": "The cat<|im_end|>"])
        #expect(try tokenize(line.text) { ($0.decodes, $0.skipsSpecialTokens) = (true, true) } == ["text": "The cat"])
    }

    @Test("Special tokens are text where that is asked for")
    func splitSpecial() throws {
        let ids = try tokenize(#"{"text": "<|im_end|>"}"#) { $0.splitsSpecialTokens = true }["ids"]?.tokensValue ?? []
        #expect(ids.count > 1 && tokenizer.decode(ids) == "<|im_end|>")
    }

    @Test("Offsets are byte ranges of the text")
    func offsets() throws {
        let answer = try tokenize(#"{"text": "né<|im_end|>"}"#) { $0.showsOffsets = true }
        let offsets = try answer.array(at: "offsets").map { try #require($0.tokensValue) }
        #expect(offsets.first?.first == 0)
        #expect(offsets.last == [3, 13])
        #expect(offsets.count == answer["ids"]?.arrayValue?.count)
    }

    @Test(
        "What is missing or wrong is named",
        arguments: [
            (#"{"messages": 1}"#, "`messages`"), (#"{"messages": [{"role": "user"}]}"#, "`messages[0].content`"),
            (#"{"messages": [], "tools": [1]}"#, "`tools[0]`"),
            (#"{"messages": [], "options": {"enable_thinkin": true}}"#, "did you mean `enable_thinking`?"),
            (#"{"messages": [], "options": {"dialect": "klingon"}}"#, "hf or cookbook"),
            (#"{"messages": [], "options": {"date": "15.1.2026"}}"#, "a day such as"),
            (#"{"messages": [], "options": {"add_generation_prompt": "yes"}}"#, "`options.add_generation_prompt`"),
        ])
    func refusals(line: String, named: String) throws {
        let json = try JSONValue.parse(line)
        #expect { try RenderRequest(json: json, defaults: RendererOptions()) } throws: { "\($0)".contains(named) }
    }

    /// The reference takes ids as unsigned 32-bit integers, and decodes those of no token to nothing.
    @Test("An id that is no id is named, and one that no token has is nothing")
    func idsOfNoToken() throws {
        #expect(try tokenize(#"{"ids": [4294967295, 2147483648, 999999]}"#) { $0.decodes = true } == ["text": ""])
        for (id, found) in [
            ("-1", "-1"), ("4294967296", "4294967296"), ("1.5", "1.5"), ("\"1\"", "a string"), ("null", "null"),
            ("18446744073709551616", "18446744073709551616"),
        ] {
            let json = try JSONValue.parse("{\"ids\": [1, \(id)]}")
            var settings = TokenizeRequest.Settings()
            settings.decodes = true
            #expect {
                try TokenizeRequest(json: json, settings: settings)
            } throws: {
                "\($0)".contains("`ids[1]`") && "\($0)".contains("is \(found)")
            }
        }
    }

    /// Expected from Python: `json.dumps(json.loads(…), ensure_ascii=False)`, which keeps every integer exact.
    @Test("Numbers are printed as Python prints them", arguments: ["qwen3", "template"])
    func numbers(rendererName: String) throws {
        let line = #"""
            {"messages": [{"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "f", "arguments":
            {"a": [9223372036854775808, -9223372036854775809, 10000000000000000000000000, 9223372036854775808.0, 70, 70.0,
            1e-05, 1e16, 1E5, -0.0, 100000000000.0]}}}]}]}
            """#
        let expected = """
            {"a": [9223372036854775808, -9223372036854775809, 10000000000000000000000000, 9.223372036854776e+18, 70, 70.0, \
            1e-05, 1e+16, 100000.0, -0.0, 100000000000.0]}
            """
        let renderer: any ChatRenderer =
            if rendererName == "qwen3" {
                try Qwen3Renderer(tokenizer: tokenizer)
            } else {
                try TemplateRenderer(
                    tokenizer: tokenizer,
                    template: ChatTemplate(source: "{{ messages[0].tool_calls[0].function.arguments | tojson }}"),
                    configuration: TokenizerConfiguration())
            }
        let request = try RenderRequest(json: JSONValue.parse(line), defaults: RendererOptions())
        let text = try request.answer(by: renderer)["rendered"]?.stringValue
        #expect(text?.contains(expected) == true, "\(text ?? "nothing")")
    }

    @Test("A tokenizer without the tokens of a format is refused before any conversation is read")
    func missingTokens() throws {
        for name in ["llama3", "gpt-oss", "deepseek-v3.1", "deepseekv3"] {
            let catalogue = try RendererCatalogue(name: name, tokenizer: tokenizer, modelPath: "")
            #expect(throws: TokenizerError.self) { try catalogue.requireTokens() }
        }
        for name in ["chatml", "Qwen3", "qwen3_instruct", "role-colon"] {
            try RendererCatalogue(name: name, tokenizer: tokenizer, modelPath: "").requireTokens()
        }
    }

    @Test(
        "Every option does what it says",
        arguments: [
            ("{}", "<|im_start|>user\nR<|im_end|>\n"),
            (#"{"add_generation_prompt": true}"#, "<|im_start|>user\nR<|im_end|>\n<|im_start|>assistant\n"),
            (
                #"{"add_generation_prompt": true, "enable_thinking": false}"#,
                "<|im_start|>assistant\n<think>\n\n</think>\n\n"
            ),
            (#"{"keep_thinking": true}"#, "<think>\nT\n</think>\n\nA<|im_end|>\n<|im_start|>user\nR<|im_end|>\n"),
            (
                #"{"strip_thinking_from_history": false}"#,
                "<think>\nT\n</think>\n\nA<|im_end|>\n<|im_start|>user\nR<|im_end|>\n"
            ),
            (
                #"{"strip_thinking_from_history": true}"#,
                "<|im_start|>assistant\nA<|im_end|>\n<|im_start|>user\nR<|im_end|>\n"
            ),
            (#"{"dialect": "cookbook"}"#, "<|im_start|>user\nR<|im_end|>"),
        ])
    func options(options: String, ending: String) throws {
        let line =
            #"{"messages": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A", "#
            + #""reasoning_content": "T"}, {"role": "user", "content": "R"}], "options": \#(options)}"#
        let request = try RenderRequest(json: JSONValue.parse(line), defaults: RendererOptions())
        let answer = try request.answer(by: Qwen3Renderer(tokenizer: tokenizer, options: request.options))
        #expect(try answer.string(at: "rendered").hasSuffix(ending), "\(answer)")
    }

    @Test("What only some formats read reaches them")
    func rarerOptions() throws {
        let line = #"""
            {"messages": [], "options": {"date": "2026-01-15", "reasoning_effort": "low", "thinking": true,
            "recognize_control_tokens": true, "template_variables": {"builtin_tools": ["python"]}}}
            """#
        let options = try RenderRequest(json: JSONValue.parse(line), defaults: RendererOptions()).options
        #expect(options.date == "2026-01-15" && options.reasoningEffort == "low")
        #expect(options.recognizesControlTokensInContent)
        #expect(options.templateVariables["builtin_tools"] == ["python"])
        #expect(options.templateVariables["thinking"] == true)
    }

    @Test("A conversation is rendered with its ranges and stop")
    func render() throws {
        let line = #"""
            {"id": 7, "messages": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"},
            {"role": "user", "content": "R"}], "options": {"add_generation_prompt": true}}
            """#
        let request = try RenderRequest(json: JSONValue.parse(line), defaults: RendererOptions())
        let answer = try request.answer(by: Qwen3Renderer(tokenizer: tokenizer, options: request.options))
        let text =
            "<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\nA<|im_end|>\n<|im_start|>user\nR<|im_end|>\n"
            + "<|im_start|>assistant\n"
        #expect(answer["id"] == 7)
        #expect(answer["rendered"] == .string(text))
        let ids = tokenizer.encode(text, splitSpecialTokens: false)
        #expect(answer["ids"] == .tokens(ids))
        #expect(answer["stop"] == .array([.integer(Int64(tokenizer.tokenID("<|im_end|>") ?? -1))]))
        let range = try #require(answer["assistant_token_ranges"]?.arrayValue?.first?.tokensValue)
        #expect(tokenizer.decode(Array(ids[Int(range[0])..<Int(range[1])])) == "A<|im_end|>")
    }
}
