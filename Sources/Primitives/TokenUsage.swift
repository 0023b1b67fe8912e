/// What answers of language models took: requests, and tokens as the server counts them.
public struct TokenUsage: Sendable, Hashable {
    public var requests: Int
    public var promptTokens: Int
    public var completionTokens: Int

    /// Of one answer, unless `requests` says otherwise.
    public init(requests: Int = 1, promptTokens: Int = 0, completionTokens: Int = 0) {
        self.requests = requests
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
    }

    public static let none = TokenUsage(requests: 0)

    public static func += (left: inout TokenUsage, right: TokenUsage) {
        left.requests += right.requests
        left.promptTokens += right.promptTokens
        left.completionTokens += right.completionTokens
    }
}
