/// What the composite reward needs to know of one episode.
public struct RewardInput: Sendable, Hashable {
    /// The visible text of the last assistant message.
    public var finalText: String
    public var gold: Gold
    /// The question as it was asked; `nil` skips the rule against echoing it.
    public var question: String?
    /// What the turns did wrong, in order; empty when each obeyed the format.
    public var formatViolations: [String]
    public var endedWithAnswer: Bool
    /// Calls that the policy made, malformed ones included.
    public var toolCallCount: Int
    /// Calls that the question needs: its number of hops.
    public var expectedToolCalls: Int
    /// The tokens that the policy wrote, over all turns.
    public var responseTokens: [Int32]
    /// What the tools answered.
    public var observations: [String]

    public init(
        finalText: String, gold: Gold, question: String? = nil, formatViolations: [String], endedWithAnswer: Bool,
        toolCallCount: Int, expectedToolCalls: Int, responseTokens: [Int32] = [], observations: [String] = []
    ) {
        self.finalText = finalText
        self.gold = gold
        self.question = question
        self.formatViolations = formatViolations
        self.endedWithAnswer = endedWithAnswer
        self.toolCallCount = toolCallCount
        self.expectedToolCalls = expectedToolCalls
        self.responseTokens = responseTokens
        self.observations = observations
    }
}
