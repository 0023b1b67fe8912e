import Primitives

/// One request to a chat model.
public struct ChatRequest: Sendable, Hashable {
    /// Whether the model has to call a tool.
    public enum ToolChoice: Sendable, Hashable {
        /// The model decides.
        case automatic
        /// It answers in text.
        case never
        /// It calls at least one tool.
        case required
        /// It calls the tool of that name.
        case named(String)
    }

    public var messages: [Message]
    /// The tools offered, as `{"type":"function","function":{…}}`.
    public var tools: [JSONValue]
    public var toolChoice: ToolChoice
    /// A JSON schema that the answer must obey, for servers with structured output.
    public var schema: JSONValue?
    public var maximumTokens: Int
    public var temperature: Double
    public var topP: Double
    /// Texts that end the answer.
    public var stopTexts: [String]
    /// For servers that can repeat a draw; also tells apart requests that are meant to be answered differently.
    public var seed: Int64?

    public init(
        messages: [Message], tools: [JSONValue] = [], toolChoice: ToolChoice = .automatic, schema: JSONValue? = nil,
        maximumTokens: Int = 512, temperature: Double = 0, topP: Double = 1, stopTexts: [String] = [],
        seed: Int64? = nil
    ) {
        self.messages = messages
        self.tools = tools
        self.toolChoice = toolChoice
        self.schema = schema
        self.maximumTokens = maximumTokens
        self.temperature = temperature
        self.topP = topP
        self.stopTexts = stopTexts
        self.seed = seed
    }

    /// A question under instructions, to be answered in text.
    public init(
        system: String, user: String, maximumTokens: Int = 512, temperature: Double = 0, schema: JSONValue? = nil
    ) {
        self.init(
            messages: [Message(role: .system, content: system), Message(role: .user, content: user)], schema: schema,
            maximumTokens: maximumTokens, temperature: temperature)
    }
}
