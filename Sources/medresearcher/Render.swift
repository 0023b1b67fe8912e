import ArgumentParser
import Primitives
import Tokenizers

struct Render: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turns conversations into the text and the token ids that a model reads.",
        discussion: """
            A line of the input: {"id"?, "messages", "tools"?, "options"?}; of the output: {"id"?, "rendered", "ids", \
            "assistant_token_ranges", "stop"}. Other members are ignored. Lines that the format cannot say are named on \
            standard error, and the exit code is then 3; the others are written. `--list` shows the renderers and the \
            options.
            """)

    @Option(help: "A tokenizer.json, the same as .zst, or a model's directory.")
    var tokenizer: String?

    @Option(help: "The chat format; `template` interprets the model's own chat_template.")
    var renderer: String?

    @Option(help: "A file of conversations, one JSON object a line (.jsonl or .jsonl.zst); - reads standard input.")
    var input: String?

    @Option(help: "Where the results go, one JSON object a line; standard output if not given.")
    var output: String?

    @Option(help: "A chat template (Jinja) for the renderer `template`, instead of the model's own.")
    var template: String?

    @Flag(help: "List the renderers and the options of a conversation.")
    var list = false

    func validate() throws {
        guard !list else { return }
        for (name, value) in [("--tokenizer", tokenizer), ("--renderer", renderer), ("--input", input)]
        where value == nil { throw ValidationError("\(name) is missing; `render --list` shows the renderers") }
        if template != nil, let renderer, !RendererCatalogue.interpretsTemplates(renderer) {
            throw ValidationError(
                "--template needs --renderer \(RendererCatalogue.templateName); \(renderer) has its own format")
        }
    }

    func run() async throws {
        guard let tokenizer, let renderer, let input else { return print(RendererCatalogue.text, terminator: "") }
        let catalogue = try RendererCatalogue(
            name: renderer, tokenizer: try Tokenizer.load(path: tokenizer), modelPath: tokenizer, templatePath: template
        )
        try catalogue.requireTokens()
        try await LineFiles.map(input, to: output, what: "rendered") { json in
            let request = try RenderRequest(json: json, defaults: RendererOptions())
            return try request.answer(by: catalogue.renderer(request.options))
        }
    }
}
