/// A request of the policy to run a tool.
public struct ToolCall: Sendable, Hashable {
    public var name: String
    /// A JSON object whose keys are the tool's parameters, in the order in which the policy wrote them; or a string that
    /// holds such an object as it was written, as OpenAI-compatible servers send it.
    public var arguments: JSONValue
    /// Names the call, so that a tool message can say which one it answers; most chat templates do without.
    public var id: String?

    public init(name: String, arguments: JSONValue, id: String? = nil) {
        self.name = name
        self.arguments = arguments
        self.id = id
    }

    /// The arguments as a chat template prints them: a string as it is, an object as Python's `json.dumps` writes it.
    public var argumentsText: String { arguments.stringValue ?? arguments.pythonText }
}
