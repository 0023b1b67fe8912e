import Primitives
import Tokenizers

/// A server's tool of which only the description is there: what a replay without the server has in its place.
public struct UnconnectedTool: Tool {
    public let description: ToolDescription
    public let traits: ToolTraits

    public init(description: ToolDescription, traits: ToolTraits) {
        self.description = description
        self.traits = traits
    }

    public func call(arguments: JSONValue) async throws(ToolFailure) -> ToolResult {
        throw ToolFailure(.unavailable, "\(description.name): its server is not connected")
    }
}
