import Primitives

/// One request to a chat model, answered with text.
public struct ChatRequest: Sendable, Hashable {
    public var system: String
    public var user: String
    public var maximumTokens: Int
    public var temperature: Double
    /// A JSON schema that the answer must obey, for servers with structured output.
    public var schema: JSONValue?

    public init(
        system: String, user: String, maximumTokens: Int = 512, temperature: Double = 0, schema: JSONValue? = nil
    ) {
        self.system = system
        self.user = user
        self.maximumTokens = maximumTokens
        self.temperature = temperature
        self.schema = schema
    }
}

/// A model that answers in text: a judge or a teacher.
public protocol ChatModel: Sendable {
    /// The model's name at its server.
    var name: String { get }

    /// The whole text of one answer that the model ended by itself.
    func complete(_ request: ChatRequest) async throws(BackendError) -> String
}
