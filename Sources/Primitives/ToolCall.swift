/// A request of the policy to run a tool.
public struct ToolCall: Sendable, Hashable {
    public var name: String
    /// A JSON object whose keys are the tool's parameters, in the order in which the policy wrote them.
    public var arguments: JSONValue

    public init(name: String, arguments: JSONValue) {
        self.name = name
        self.arguments = arguments
    }
}
