import Primitives

/// A tool as the policy is told about it.
public struct ToolDescription: Sendable, Hashable {
    public var name: String
    public var description: String
    /// A JSON schema of the arguments, of type `object`.
    public var parameters: JSONValue

    public init(name: String, description: String, parameters: JSONValue) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }

    /// `{"type":"function","function":{"name":…,"description":…,"parameters":…}}`, the form that chat templates print.
    public var json: JSONValue {
        [
            "type": "function",
            "function": ["name": .string(name), "description": .string(description), "parameters": parameters],
        ]
    }
}
