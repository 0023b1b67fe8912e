/// How often and how soon a failed request is sent again.
public struct SourceRetry: Sendable, Hashable {
    /// Requests in all for one answer.
    public var attempts = 4
    /// The n-th wait is up to `firstDelay · 2ⁿ`, at most `longestDelay`, and never shorter than the server asks for.
    public var firstDelay: Duration = .milliseconds(500)
    public var longestDelay: Duration = .seconds(20)

    public init() {}
}
