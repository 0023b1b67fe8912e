import Primitives
import Storage
import Tokenizers

/// The tokenizer and the chat renderer of a base model, read from its directory when they are first needed.
actor ModelText {
    private let model: String
    private let directory: String
    private let rendererName: String?
    private var tokenizerTask: Task<Tokenizer, any Error>?
    private var catalogueTask: Task<RendererCatalogue, any Error>?

    /// - Parameter renderer: the name of a chat renderer, or `nil` for the model's own chat template.
    init(model: String, directory: String, renderer: String?) {
        self.model = model
        self.directory = directory
        rendererName = renderer
    }

    func tokenizer() async throws(ServiceError) -> Tokenizer {
        let directory = directory
        let task =
            tokenizerTask ?? Task { try await BlockingWork.run { try Tokenizer.load(path: directory) } }
        tokenizerTask = task
        do { return try await task.value } catch {
            throw .invalid("base model `\(model)` has no tokenizer that can be read, so send token ids: \(error)")
        }
    }

    /// A renderer for one conversation.
    func renderer(_ options: RendererOptions) async throws(ServiceError) -> any ChatRenderer {
        let tokenizer = try await tokenizer()
        let (directory, name) = (directory, rendererName ?? RendererCatalogue.templateName)
        let task =
            catalogueTask
            ?? Task {
                try await BlockingWork.run {
                    try RendererCatalogue(name: name, tokenizer: tokenizer, modelPath: directory)
                }
            }
        catalogueTask = task
        do {
            let catalogue = try await task.value
            return try catalogue.renderer(options)
        } catch {
            throw .invalid(
                """
                base model `\(model)` cannot hold conversations with the renderer `\(name)`: \(error). Start the server \
                with `--renderer \(model)=NAME`, or use /v1/completions
                """)
        }
    }
}
