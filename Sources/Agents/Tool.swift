import Primitives
import Tokenizers

/// Something the policy can call during an episode.
///
/// A tool answers every call, a failed one with an error text for the policy to read; it must be safe to call from many
/// episodes at once, and for reproducible runs its answer depends on the arguments alone.
public protocol Tool: Sendable {
    /// Name, purpose and parameters as a JSON schema, as the policy is told.
    var description: ToolDescription { get }

    /// - Parameter arguments: an object that the router has checked against the schema's properties.
    func call(arguments: JSONValue) async -> ToolResult
}

/// The observation that a call made.
public struct ToolResult: Sendable, Hashable {
    public var content: String
    /// Whether the call failed; `content` then says what was wrong and what was expected.
    public var isError: Bool

    public init(content: String, isError: Bool = false) {
        self.content = content
        self.isError = isError
    }
}
