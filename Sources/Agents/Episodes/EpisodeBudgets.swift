/// The bounds of one episode. Whatever the policy writes and whatever a tool does, an episode ends within them.
public struct EpisodeBudgets: Sendable, Hashable {
    /// Assistant turns.
    public var maximumTurns: Int
    /// Sampled tokens of one turn, the end-of-turn token included.
    public var maximumTokensPerTurn: Int
    /// What the policy sees at a time, prompt and observations included; at most the model's context.
    public var maximumEpisodeTokens: Int
    /// Tokens of one observation's text; longer ones are cut and say so.
    public var maximumObservationTokens: Int
    /// Tool calls that are run in the whole episode; `nil` is without limit.
    public var maximumToolCalls: Int?
    /// Sampled tokens of all turns together; `nil` is without limit.
    public var maximumResponseTokens: Int?
    /// How often one call may bring the same observation; the last time ends the episode. `nil` is without limit.
    public var maximumRepetitions: Int?
    /// The time of the whole episode, without waiting for a place in a queue (``ServiceClock``); `nil` is without limit. An
    /// episode that reaches it has failed and is not trained on, because the policy is not to blame for a slow server.
    public var maximumTime: Duration?

    public init(
        maximumTurns: Int, maximumTokensPerTurn: Int, maximumEpisodeTokens: Int, maximumObservationTokens: Int,
        maximumToolCalls: Int? = nil, maximumResponseTokens: Int? = nil, maximumRepetitions: Int? = nil,
        maximumTime: Duration? = nil
    ) {
        self.maximumTurns = maximumTurns
        self.maximumTokensPerTurn = maximumTokensPerTurn
        self.maximumEpisodeTokens = maximumEpisodeTokens
        self.maximumObservationTokens = maximumObservationTokens
        self.maximumToolCalls = maximumToolCalls
        self.maximumResponseTokens = maximumResponseTokens
        self.maximumRepetitions = maximumRepetitions
        self.maximumTime = maximumTime
    }
}
