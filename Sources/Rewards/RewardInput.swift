/// What the composite reward needs to know of one episode.
public struct RewardInput: Sendable, Hashable {
    /// The visible text of the last assistant message.
    public var finalText: String
    public var gold: Gold
    /// What the turns did wrong, in order; empty when each obeyed the format.
    public var formatViolations: [String]
    public var endedWithAnswer: Bool
    /// Calls that the policy made, malformed ones included.
    public var toolCallCount: Int
    /// Calls that the question needs: its number of hops.
    public var expectedToolCalls: Int

    public init(
        finalText: String, gold: Gold, formatViolations: [String], endedWithAnswer: Bool, toolCallCount: Int,
        expectedToolCalls: Int
    ) {
        self.finalText = finalText
        self.gold = gold
        self.formatViolations = formatViolations
        self.endedWithAnswer = endedWithAnswer
        self.toolCallCount = toolCallCount
        self.expectedToolCalls = expectedToolCalls
    }
}
