import Primitives
import Retrieval
import Tokenizers

/// Full-text search over a document index: `search(query)` answers with the texts of the best passages, one per line.
public struct SearchTool: Tool {
    /// What the policy reads when nothing matched.
    public static let emptyResult = "No result."

    private let index: DocumentIndex
    private let passageLimit: Int
    private let maximumCharacters: Int

    /// - Parameters:
    ///   - passageLimit: the most passages that one call returns.
    ///   - maximumCharacters: the length at which a whole observation is cut.
    public init(index: DocumentIndex, passageLimit: Int = 3, maximumCharacters: Int = 4000) {
        self.index = index
        self.passageLimit = passageLimit
        self.maximumCharacters = maximumCharacters
    }

    public var description: ToolDescription {
        ToolDescription(
            name: "search", description: "Searches the medical library and returns the best passages.",
            parameters: [
                "type": "object",
                "properties": ["query": ["type": "string", "description": "What to look for."]],
                "required": ["query"],
            ])
    }

    public func call(arguments: JSONValue) async -> ToolResult {
        let passages = index.search(arguments["query"]?.stringValue ?? "", limit: passageLimit)
        guard !passages.isEmpty else { return ToolResult(content: Self.emptyResult) }
        let text = passages.map(\.text).joined(separator: "\n")
        return ToolResult(content: String(text.prefix(maximumCharacters)))
    }
}
