import Primitives
import Tokenizers

/// The arguments of a tool as a Swift value.
public protocol ToolArguments: Sendable {
    /// What the policy is told; the router refuses calls that break it.
    static var parameters: [ToolParameter] { get }

    /// - Parameter values: an object that fits ``parameters``.
    /// - Throws: for what a schema cannot say, such as two parameters that exclude each other.
    init(_ values: JSONValue) throws(ToolFailure)
}

/// A tool whose arguments are read once, into a value.
public protocol TypedTool: Tool {
    associatedtype Arguments: ToolArguments

    var name: String { get }
    /// What the tool is for, as a sentence or two for the policy.
    var purpose: String { get }

    func call(_ arguments: Arguments) async throws(ToolFailure) -> ToolResult
}

extension TypedTool {
    public var description: ToolDescription {
        ToolDescription(
            name: name, description: purpose, parameters: ToolParameter.schema(of: Arguments.parameters))
    }

    public func call(arguments: JSONValue) async throws(ToolFailure) -> ToolResult {
        try await call(Arguments(arguments))
    }
}
