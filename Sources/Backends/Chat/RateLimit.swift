/// How much may be asked of a server in a minute.
public struct RateLimit: Sendable, Hashable {
    /// Requests a minute; `nil` is without limit.
    public var requestsPerMinute: Double?
    /// Prompt and completion tokens a minute; `nil` is without limit.
    public var tokensPerMinute: Double?

    public init(requestsPerMinute: Double? = nil, tokensPerMinute: Double? = nil) {
        self.requestsPerMinute = requestsPerMinute
        self.tokensPerMinute = tokensPerMinute
    }
}
