/// Whether a whole episode obeyed the format.
///
/// The format: each assistant turn is an optional `<think>` block followed by either exactly one tool call or exactly
/// one final answer and nothing else, and the episode ends with an answer.
public struct FormatReport: Sendable, Hashable {
    public var isValid: Bool { violation == nil }
    /// The first violation; `nil` for a valid episode.
    public let violation: String?

    /// - Parameters:
    ///   - turnViolations: what the turns did wrong, in order.
    ///   - endedWithAnswer: whether the last turn gave a final answer, rather than a budget having run out.
    public init(turnViolations: [String], endedWithAnswer: Bool) {
        violation = turnViolations.first ?? (endedWithAnswer ? nil : "the episode did not end with an answer")
    }
}
