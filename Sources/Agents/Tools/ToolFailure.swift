/// Why a tool call brought no result.
public struct ToolFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The raw values are written into rollouts and recordings.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The call could not be read, named no tool, or its arguments break the schema or make no sense.
        case invalidCall = "invalid_call"
        /// What was asked for by name does not exist.
        case notFound = "not_found"
        /// The tool did not answer in time.
        case timeout
        /// The tool's server could not be reached, or said that it failed.
        case unavailable
        /// The server asked to be left alone for a while, longer than the call may take.
        case rateLimited = "rate_limited"
        /// The server refused the key, or wants one.
        case unauthorized
        /// The answer was not what the tool's protocol says.
        case malformedAnswer = "malformed_answer"
        /// The answer was larger than the tool reads.
        case tooLarge = "too_large"
        /// The tool failed so often in a row that it is not asked for a while.
        case suspended

        /// Whether the tool failed rather than its caller. The policy is not to blame then.
        public var isOutage: Bool { self != .invalidCall && self != .notFound }
    }

    public var kind: Kind
    /// What was wrong and what was expected, for the policy to read; without a full stop, secrets or local paths.
    public var message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    public var description: String { message }
}
