import Primitives
import Synthesis

/// Who says questions in other words and who checks it: `synthesis.rewriting`.
public struct RewritingSection: Sendable {
    public var rewriter: ChatServerSection
    /// The model that states a query back from the new wording; better another one than the rewriter.
    public var reader: ChatServerSection
    public var configuration: QuestionRewriter.Configuration
    /// What reference works say about entities; `nil` describes none.
    public var definitions: String?

    init(_ section: RecipeSection) {
        func server(_ key: String) -> ChatServerSection {
            let part = section.section(key)
            defer { part.finish() }
            return ChatServerSection(part, name: part.name)
        }
        rewriter = server("rewriter")
        reader = server("reader")
        var configuration = QuestionRewriter.Configuration()
        configuration.attempts = section.integer("attempts", default: configuration.attempts, in: 1...100)
        configuration.temperature = section.number("temperature", default: configuration.temperature, in: 0...10)
        configuration.maximumTokens = section.integer(
            "tokens", default: configuration.maximumTokens, in: 16...1_000_000)
        configuration.sendsSchema = section.boolean("structured_output", default: configuration.sendsSchema)
        definitions = section.optionalFile("definitions")
        configuration.describesNames = section.boolean("describe_names", default: definitions != nil)
        self.configuration = configuration
        if configuration.describesNames, definitions == nil {
            section.reader.complain(
                section.place(of: "describe_names"),
                "synthesis.rewriting.describe_names needs synthesis.rewriting.definitions, a file of what the names mean"
            )
        }
        section.finish()
    }

    /// What refined questions are a function of.
    /// - Parameter definitions: the SHA-256 of the file.
    func inputs(definitions: String?) -> JSONValue {
        [
            "rewriter": rewriter.identity, "reader": reader.identity, "attempts": .integer(configuration.attempts),
            "temperature": .number(configuration.temperature), "tokens": .integer(configuration.maximumTokens),
            "structured_output": .bool(configuration.sendsSchema),
            "describe_names": .bool(configuration.describesNames),
            "definitions_sha256": definitions.map { .string($0) } ?? .null,
        ]
    }
}
