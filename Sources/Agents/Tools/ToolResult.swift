/// The observation that a call made.
public struct ToolResult: Sendable, Hashable {
    /// What the policy reads.
    public var content: String
    /// Why the call failed, if it did; `content` then says what was wrong and what was expected.
    public var failure: ToolFailure.Kind?
    /// Where the content comes from, in its order.
    public var citations: [ToolCitation]

    public init(content: String, failure: ToolFailure.Kind? = nil, citations: [ToolCitation] = []) {
        self.content = content
        self.failure = failure
        self.citations = citations
    }

    /// The observation of a failed call.
    public init(_ failure: ToolFailure) {
        self.init(content: "Error: \(failure.message).", failure: failure.kind)
    }

    public var isError: Bool { failure != nil }
}
