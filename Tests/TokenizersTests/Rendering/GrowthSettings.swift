import Primitives

@testable import Tokenizers

/// Every renderer of the catalogue, with the options that decide whether its conversations extend.
extension GrowthSetting {
    static let all =
        qwen + llama + deepSeek + harmony + templates + [
            GrowthSetting(name: "role-colon", writing: .roleColon, callsAtMost: 0)
        ]

    private static func options(
        _ dialect: RendererOptions.Dialect = .huggingFace, thinks: Bool? = nil, keeps: Bool = false,
        effort: String? = nil, variables: JSONObject = [:]
    ) -> RendererOptions {
        var options = RendererOptions()
        options.dialect = dialect
        options.enablesThinking = thinks
        options.keepsThinking = keeps
        options.reasoningEffort = effort
        options.templateVariables = variables
        return options
    }

    private static let always: @Sendable (Step) -> Bool = { _ in true }
    private static let beforeUser: @Sendable (Step) -> Bool = { $0.followUp == .user }
    private static let afterUser: @Sendable (Step) -> Bool = { !$0.isAfterTool }

    private static let qwen: [GrowthSetting] = {
        let cookbook = Writing.qwen(opensThinking: true, isASCII: true)
        let opened = Writing.qwen(opensThinking: false, isASCII: false)
        return [
            GrowthSetting(name: "chatml", writing: .plain(end: "<|im_end|>"), callsAtMost: 0),
            GrowthSetting(name: "qwen2.5"),
            GrowthSetting(name: "qwen3", thinks: true, restarts: beforeUser),
            GrowthSetting(name: "qwen3", note: "without a thought"),
            GrowthSetting(name: "qwen3", options: options(thinks: false), restarts: always, note: "not thinking"),
            GrowthSetting(name: "qwen3", options: options(keeps: true), thinks: true, note: "kept"),
            GrowthSetting(
                name: "qwen3", options: options(keeps: true), restarts: always, note: "kept, without a thought"),
            GrowthSetting(name: "qwen3", options: options(thinks: false, keeps: true), note: "kept, not thinking"),
            GrowthSetting(
                name: "qwen3", options: options(.cookbook), writing: cookbook, thinks: true, restarts: always,
                note: "cookbook"),
            GrowthSetting(
                name: "qwen3", options: options(.cookbook), writing: cookbook, note: "cookbook, without a thought"),
            GrowthSetting(name: "qwen3_disable_thinking", writing: cookbook, restarts: always),
            GrowthSetting(name: "qwen3+keep_thinking", writing: cookbook, thinks: true),
            GrowthSetting(
                name: "qwen3_disable_thinking", options: options(keeps: true), writing: cookbook, note: "kept"),
            GrowthSetting(name: "qwen3-thinking-2507", writing: opened, thinks: true, restarts: beforeUser),
            GrowthSetting(
                name: "qwen3-thinking-2507", options: options(keeps: true), writing: opened, thinks: true, note: "kept"),
            GrowthSetting(name: "qwen3-instruct-2507"),
            GrowthSetting(name: "qwen3_instruct", writing: cookbook),
        ]
    }()

    private static let llama = [
        GrowthSetting(name: "llama3", vocabulary: .llama, writing: .llama(callEnd: ""), callsAtMost: 0),
        GrowthSetting(
            name: "llama3", options: options(.cookbook), vocabulary: .llama, writing: .llama(callEnd: ""),
            callsAtMost: 0, note: "cookbook"),
        GrowthSetting(
            name: "llama3.1", vocabulary: .llama, writing: .llama(callEnd: "<|eot_id|>"), callsAtMost: 1,
            textBesideCalls: 0...0),
        GrowthSetting(
            name: "llama3.1", options: options(variables: ["builtin_tools": ["brave_search"]]), vocabulary: .llama,
            writing: .llama(callEnd: "<|eom_id|>"), callsAtMost: 1, textBesideCalls: 0...0, note: "in an environment"),
        GrowthSetting(
            name: "llama3.2", vocabulary: .llama, writing: .llama(callEnd: "<|eot_id|>"), callsAtMost: 1,
            textBesideCalls: 0...0),
    ]

    private static let deepSeek: [GrowthSetting] = [
        GrowthSetting(
            name: "deepseek-r1-distill", vocabulary: .deepSeek, writing: .deepSeekR1, thinks: true,
            thinksAfterTools: false, textBesideCalls: 0...0,
            restarts: { !$0.isAfterTool || $0.followUp == .tool }),
        GrowthSetting(name: "deepseek-v3.1", vocabulary: .deepSeek, writing: .deepSeek),
        GrowthSetting(
            name: "deepseek-v3.1", options: options(thinks: true), vocabulary: .deepSeek, writing: .deepSeek,
            thinks: true, thinksAfterTools: false, restarts: afterUser, note: "thinking"),
        GrowthSetting(name: "deepseekv3", vocabulary: .deepSeek, writing: .deepSeek, textBesideCalls: 1...1),
        GrowthSetting(
            name: "deepseekv3", vocabulary: .deepSeek, writing: .deepSeek, textBesideCalls: 0...0,
            restarts: { $0.followUp == .tool }, note: "calls alone"),
        GrowthSetting(
            name: "deepseekv3_thinking", vocabulary: .deepSeek, writing: .deepSeek, thinks: true,
            thinksAfterTools: false, textBesideCalls: 1...1, restarts: afterUser),
        GrowthSetting(
            name: "deepseekv3_thinking", options: options(keeps: true), vocabulary: .deepSeek, writing: .deepSeek,
            thinks: true, thinksAfterTools: false, textBesideCalls: 1...1, note: "kept"),
    ]

    private static let harmony: [GrowthSetting] = {
        let template = Writing.harmony(callHeader: "<|channel|>commentary json")
        let cookbook = Writing.harmony(callHeader: "<|channel|>commentary <|constrain|>json")
        func setting(
            _ name: String, _ options: RendererOptions, _ writing: Writing, _ note: String,
            writesAsHistory: Bool = true
        ) -> GrowthSetting {
            GrowthSetting(
                name: name, options: options, vocabulary: .harmony, writing: writing, thinks: true, callsAtMost: 1,
                textBesideCalls: 0...0, restarts: beforeUser,
                writesAsHistory: writesAsHistory, note: note)
        }
        return [
            setting("gpt-oss", options(), template, ""),
            setting("gpt-oss", options(), cookbook, "with the header of the cookbook", writesAsHistory: false),
            setting("gpt-oss", options(keeps: true), template, "kept"),
            setting("gpt_oss_no_sysprompt", options(), cookbook, ""),
            setting("gpt_oss_low_reasoning", options(), cookbook, ""),
        ]
    }()

    private static let templates: [GrowthSetting] = {
        func template(_ assistant: String, trims: Bool = false, opening: String = "") -> String {
            """
            {%- for message in messages %}
                {%- if message.role == 'assistant' %}
                    {{- '<|im_start|>assistant\\n' }}\(assistant){{ '<|im_end|>\\n' }}
                {%- else %}
                    {{- '<|im_start|>' + message.role + '\\n' + message.content\(trims ? " | trim" : "") + '<|im_end|>\\n' }}
                {%- endif %}
            {%- endfor %}
            {%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n\(opening)' }}{% endif %}
            """
        }
        let thinking = "{{ '<think>\\n' + message.reasoning_content + '\\n</think>\\n\\n' }}"
        let calls = """
            {%- for call in message.tool_calls %}{% if not loop.first or message.content %}{{ '\\n' }}{% endif %}
            {{- '<tool_call>\\n{"name": "' + call.function.name + '", "arguments": ' + call.function.arguments | tojson + '}\\n</tool_call>' }}
            {%- endfor %}
            """
        let content = "{{ message.content }}"
        return [
            GrowthSetting(
                name: "template", template: template(thinking + content + calls), thinks: true, note: "keeps all"),
            GrowthSetting(
                name: "template", template: template(content + calls, trims: true), note: "trims others' text"),
            GrowthSetting(
                name: "template",
                template: template(
                    "{% if loop.last and message.reasoning_content %}\(thinking){% endif %}" + content + calls),
                thinks: true,
                refuses: always, note: "drops thinking from history"),
            GrowthSetting(
                name: "template", template: template(content + calls, opening: "<think>\\n\\n</think>\\n\\n"),
                refuses: always, note: "whose prompt says what its history does not"),
            GrowthSetting(
                name: "template",
                template: "{{ messages | length }}" + template(content), writing: .plain(end: "<|im_end|>"),
                callsAtMost: 0, refuses: always, note: "counts messages"),
            GrowthSetting(
                name: "template",
                template: """
                    {{- '<|begin_of_text|>' }}{% for m in messages %}
                    {{- '<|start_header_id|>' + m.role + '<|end_header_id|>\\n\\n' + m.content | trim + '<|eot_id|>' }}
                    {%- endfor %}{% if add_generation_prompt %}
                    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}
                    """, vocabulary: .llama, writing: .llama(callEnd: ""), callsAtMost: 0, note: "of Llama 3"),
        ]
    }()
}
