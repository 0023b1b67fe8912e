import Primitives

/// The chat renderers by the names that recipes and the command line use.
///
/// Upper and lower case, `-` and `_` make no difference.
public struct RendererCatalogue: Sendable {
    struct Entry: Sendable {
        var name: String
        /// Names that stand for the same with some options changed.
        var aliases: [String: @Sendable (inout RendererOptions) -> Void] = [:]
        var meaning: String
        var make: @Sendable (Tokenizer, RendererOptions) throws(TokenizerError) -> any ChatRenderer
    }

    /// The name of the renderer that interprets the model's own chat template.
    public static let templateName = "template"

    static let entries: [Entry] = [
        Entry(name: "chatml", meaning: "plain ChatML, without tools") { (tokenizer, options) throws(TokenizerError) in
            try ChatMLRenderer(tokenizer: tokenizer, options: options)
        },
        Entry(name: "qwen2.5", meaning: "Qwen2.5, with tools") { (tokenizer, options) throws(TokenizerError) in
            try Qwen25Renderer(tokenizer: tokenizer, options: options)
        },
        Entry(
            name: "qwen3",
            aliases: [
                "qwen3_disable_thinking": {
                    $0.dialect = .cookbook
                    $0.enablesThinking = false
                },
                "qwen3+keep_thinking": {
                    $0.dialect = .cookbook
                    $0.keepsThinking = true
                },
            ], meaning: "the hybrid Qwen3 models; drops the thinking of earlier turns"
        ) { (tokenizer, options) throws(TokenizerError) in try Qwen3Renderer(tokenizer: tokenizer, options: options) },
        Entry(
            name: "qwen3-thinking-2507", meaning: "Qwen3 Thinking 2507; the prompt opens the thinking"
        ) { (tokenizer, options) throws(TokenizerError) in
            try Qwen3Renderer(tokenizer: tokenizer, variant: .thinking, options: options)
        },
        Entry(
            name: "qwen3-instruct-2507", aliases: ["qwen3_instruct": { $0.dialect = .cookbook }],
            meaning: "Qwen3 Instruct 2507, without thinking"
        ) { (tokenizer, options) throws(TokenizerError) in
            try Qwen3Renderer(tokenizer: tokenizer, variant: .instruct, options: options)
        },
        llama("llama3", .llama3, "Llama 3, without tools"),
        llama("llama3.1", .llama31, "Llama 3.1 and 3.3; one tool call a message"),
        llama("llama3.2", .llama32, "Llama 3.2, which prints the day"),
        Entry(
            name: "deepseek-r1-distill", aliases: ["deepseek-r1": { _ in }],
            meaning: "DeepSeek R1 and its distillates; the prompt opens the thinking"
        ) { (tokenizer, options) throws(TokenizerError) in
            try DeepSeekR1Renderer(tokenizer: tokenizer, options: options)
        },
        Entry(
            name: "deepseek-v3.1", meaning: "DeepSeek V3.1, hybrid"
        ) { (tokenizer, options) throws(TokenizerError) in
            try DeepSeekV31Renderer(tokenizer: tokenizer, options: options)
        },
        cookbookDeepSeek("deepseekv3", .plain, "DeepSeek V3 as tinker-cookbook renders it"),
        cookbookDeepSeek("deepseekv3_thinking", .thinking, "the same, thinking"),
        Entry(
            name: "gpt-oss",
            aliases: [
                "gpt_oss_no_sysprompt": { $0.dialect = .cookbook },
                "gpt_oss_low_reasoning": { ($0.dialect, $0.reasoningEffort) = (.cookbook, "low") },
                "gpt_oss_medium_reasoning": { ($0.dialect, $0.reasoningEffort) = (.cookbook, "medium") },
                "gpt_oss_high_reasoning": { ($0.dialect, $0.reasoningEffort) = (.cookbook, "high") },
            ], meaning: "gpt-oss (harmony), with channels"
        ) { (tokenizer, options) throws(TokenizerError) in try GPTOSSRenderer(tokenizer: tokenizer, options: options) },
        Entry(
            name: "role-colon", meaning: "`User:` and `Assistant:` for base models, without control tokens or tools"
        ) { (tokenizer, options) throws(TokenizerError) in
            try RoleColonRenderer(tokenizer: tokenizer, options: options)
        },
    ]

    private static func llama(_ name: String, _ variant: Llama3Renderer.Variant, _ meaning: String) -> Entry {
        Entry(name: name, meaning: meaning) { (tokenizer, options) throws(TokenizerError) in
            // tinker-cookbook has one renderer for all of them.
            if options.dialect == .cookbook {
                return try CookbookLlama3Renderer(tokenizer: tokenizer, options: options)
            }
            return try Llama3Renderer(tokenizer: tokenizer, variant: variant, options: options)
        }
    }

    private static func cookbookDeepSeek(
        _ name: String, _ variant: CookbookDeepSeekRenderer.Variant, _ meaning: String
    ) -> Entry {
        Entry(name: name, meaning: meaning) { (tokenizer, options) throws(TokenizerError) in
            try CookbookDeepSeekRenderer(tokenizer: tokenizer, variant: variant, options: options)
        }
    }

    /// Every name, aliases included.
    public static let names: [String] =
        entries.flatMap { [$0.name] + $0.aliases.keys.sorted() } + [templateName]

    private static func key(_ name: String) -> String { name.lowercased().replacing("_", with: "-") }

    /// Makes renderers of one name, for a tokenizer and options that may differ from conversation to conversation.
    private enum Kind: Sendable {
        case entry(Entry, @Sendable (inout RendererOptions) -> Void)
        case template(ChatTemplate, TokenizerConfiguration)
    }

    private let kind: Kind
    private let tokenizer: Tokenizer

    /// - Parameters:
    ///   - name: one of ``names``.
    ///   - modelPath: the directory or file of the tokenizer, beside which a model's chat template is looked for.
    ///   - templatePath: a chat template to take instead.
    public init(
        name: String, tokenizer: Tokenizer, modelPath: String, templatePath: String? = nil
    ) throws(TokenizerError) {
        self.tokenizer = tokenizer
        let key = Self.key(name)
        if key == Self.templateName {
            var configuration = try TokenizerConfiguration.load(beside: modelPath)
            let template = try configuration.template(orAt: templatePath)
            if templatePath != nil { configuration.toolTemplateSource = nil }
            kind = .template(template, configuration)
            return
        }
        for entry in Self.entries {
            if Self.key(entry.name) == key {
                kind = .entry(entry, { _ in })
                return
            }
            if let alias = entry.aliases.first(where: { Self.key($0.key) == key }) {
                kind = .entry(entry, alias.value)
                return
            }
        }
        throw .unknownRenderer(name, known: Self.names)
    }

    /// Whether a name is that of the renderer that interprets chat templates.
    public static func interpretsTemplates(_ name: String) -> Bool { key(name) == templateName }

    /// Fails when the tokenizer lacks a token of the format, which no option of a conversation can change.
    public func requireTokens() throws(TokenizerError) {
        guard case .entry = kind else { return }
        do throws(TokenizerError) {
            _ = try renderer()
        } catch .missingToken(let token, let renderer) {
            throw .missingToken(token, renderer: renderer)
        } catch {}
    }

    public func renderer(_ options: RendererOptions = RendererOptions()) throws(TokenizerError) -> any ChatRenderer {
        switch kind {
        case .entry(let entry, let change):
            var options = options
            change(&options)
            return try entry.make(tokenizer, options)
        case .template(let template, let configuration):
            try options.requireHuggingFace(renderer: Self.templateName)
            return try TemplateRenderer(
                tokenizer: tokenizer, template: template, configuration: configuration, options: options)
        }
    }

    /// The renderers and the options of a conversation, for a person.
    public static var text: String {
        var lines = ["renderers:"]
        for entry in entries {
            let aliases = entry.aliases.keys.sorted().joined(separator: ", ")
            lines.append(
                "  " + entry.name.padded(to: 22) + entry.meaning + (aliases.isEmpty ? "" : " (also \(aliases))"))
        }
        lines.append("  " + templateName.padded(to: 22) + "interprets the model's own chat_template (Jinja)")
        lines.append("options of a conversation:")
        for option in RendererOptions.jsonKeys { lines.append("  " + option.name.padded(to: 26) + option.meaning) }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
