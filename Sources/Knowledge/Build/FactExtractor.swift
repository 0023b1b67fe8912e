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
    public var usage: ExtractionUsage

    public init(text: String, usage: ExtractionUsage = ExtractionUsage()) {
        self.text = text
        self.usage = usage
    }
}

/// What answers took.
public struct ExtractionUsage: Sendable, Hashable {
    public var requests: Int
    public var promptTokens: Int
    public var completionTokens: Int

    public init(requests: Int = 1, promptTokens: Int = 0, completionTokens: Int = 0) {
        self.requests = requests
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
    }

    static let none = ExtractionUsage(requests: 0)

    static func += (left: inout ExtractionUsage, right: ExtractionUsage) {
        left.requests += right.requests
        left.promptTokens += right.promptTokens
        left.completionTokens += right.completionTokens
    }
}

/// Why there is no answer.
public enum ExtractionFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What may be spent is spent; what was read so far counts.
    case stopped(String)
    /// The answer broke off for its length; asking again would give the same.
    case answerTooLong(String)
    /// The server cannot be used.
    case unavailable(String)
    case cancelled

    public var description: String {
        switch self {
        case .stopped(let text), .answerTooLong(let text), .unavailable(let text): text
        case .cancelled: "the extraction was cancelled; start it again to go on"
        }
    }
}
