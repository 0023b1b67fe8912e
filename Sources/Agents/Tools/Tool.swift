import Primitives
import Tokenizers

/// Something the policy can call during an episode.
///
/// A tool must be safe to call from many episodes at once, and for reproducible runs its answer depends on the arguments
/// alone (one that asks a server is replayed from a recording). It need not watch its time: the ``ToolRouter`` gives up
/// on a call after ``ToolTraits/timeout``, also where the tool ignores cancellation. A tool that waits for others must have
/// one.
public protocol Tool: Sendable {
    /// Name, purpose and parameters as a JSON schema, as the policy is told.
    var description: ToolDescription { get }

    /// What the router has to know about the tool.
    var traits: ToolTraits { get }

    /// Answers one call.
    /// - Parameter arguments: an object that the router has checked against the schema.
    /// - Throws: what the policy reads instead of a result, and whether the tool or the caller is to blame.
    func call(arguments: JSONValue) async throws(ToolFailure) -> ToolResult
}

extension Tool {
    public var traits: ToolTraits { ToolTraits() }
}
