import Primitives

/// A language model that reads facts out of texts. Whoever builds a graph brings one; this module knows no servers.
public protocol FactExtractor: Sendable {
    /// Tells apart models in the journal: an answer counts only for the model that gave it.
    var name: String { get }

    /// One answer to a conversation.
    func answer(_ request: ExtractionRequest) async throws(ExtractionFailure) -> ExtractionAnswer
}

/// A conversation that ends with the user's turn, and the form that the answer must have.
public struct ExtractionRequest: Sendable, Hashable {
    public var messages: [Message]
    /// The JSON schema of the answer, for servers with structured output.
    public var schema: JSONValue
    public var maximumTokens: Int

    public init(messages: [Message], schema: JSONValue, maximumTokens: Int) {
        self.messages = messages
        self.schema = schema
        self.maximumTokens = maximumTokens
    }
}

public struct ExtractionAnswer: Sendable, Hashable {
    public var text: String
    public var usage: TokenUsage

    public init(text: String, usage: TokenUsage = TokenUsage()) {
        self.text = text
        self.usage = usage
    }
}

/// Why there is no answer.
public enum ExtractionFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What may be spent is spent; what was read so far counts.
    case stopped(String)
    /// The answer broke off for its length, and was paid for; asking again would give the same.
    case answerTooLong(String, usage: TokenUsage)
    /// The server cannot be used.
    case unavailable(String)
    case cancelled

    public var description: String {
        switch self {
        case .stopped(let text), .answerTooLong(let text, _), .unavailable(let text): text
        case .cancelled: "the extraction was cancelled; start it again to go on"
        }
    }
}
