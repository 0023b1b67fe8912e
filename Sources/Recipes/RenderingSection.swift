import Storage
import Tokenizers

/// The chat format of a run: `model.renderer`, and `model.rendering` with what the format leaves open.
public struct RenderingSection: Sendable {
    public var renderer: String
    public var options = RendererOptions()
    /// A chat template to interpret instead of the model's own.
    public var chatTemplate: String?

    init(_ model: RecipeSection) {
        renderer = model.member("renderer", default: "qwen3", among: RendererCatalogue.names)
        guard model.has("rendering") else {
            model.knows("rendering")
            return
        }
        let section = model.section("rendering")
        for key in ["thinking", "keep_thinking", "dialect"] { section.knows(key) }
        if section.has("thinking") { options.enablesThinking = section.boolean("thinking", default: true) }
        if section.has("keep_thinking") { options.keepsThinking = section.boolean("keep_thinking", default: false) }
        if section.has("dialect") {
            options.dialect = section.choice("dialect", default: .huggingFace) ?? .huggingFace
        }
        options.date = section.optionalText("date")
        options.reasoningEffort = section.optionalText("reasoning_effort")
        chatTemplate = section.optionalFile("chat_template")
        section.finish()
    }

    /// The file of the chat template, where the run interprets one.
    func templateFile(modelPath: String) -> String? {
        guard renderer == RendererCatalogue.templateName else { return nil }
        let candidates = ["chat_template.jinja", "chat_template.json", "tokenizer_config.json"].map {
            "\(modelPath)/\($0)"
        }
        return chatTemplate ?? candidates.first { FileStore.exists($0) }
    }

    /// - Parameter modelPath: where the tokenizer is, beside which a chat template is looked for.
    func renderer(_ tokenizer: Tokenizer, modelPath: String) throws(TokenizerError) -> any ChatRenderer {
        try RendererCatalogue(
            name: renderer, tokenizer: tokenizer, modelPath: modelPath, templatePath: chatTemplate
        ).renderer(options)
    }
}
