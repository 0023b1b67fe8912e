/// The bounds of one episode. Whatever the policy writes, an episode ends within them.
public struct EpisodeBudgets: Sendable, Hashable {
    /// Assistant turns.
    public var maximumTurns: Int
    /// Sampled tokens of one turn, the end-of-turn token included.
    public var maximumTokensPerTurn: Int
    /// The whole token sequence, prompt and observations included; at most the model's context.
    public var maximumEpisodeTokens: Int
    /// Tokens of one observation's text; longer ones are cut.
    public var maximumObservationTokens: Int

    public init(
        maximumTurns: Int, maximumTokensPerTurn: Int, maximumEpisodeTokens: Int, maximumObservationTokens: Int
    ) {
        self.maximumTurns = maximumTurns
        self.maximumTokensPerTurn = maximumTokensPerTurn
        self.maximumEpisodeTokens = maximumEpisodeTokens
        self.maximumObservationTokens = maximumObservationTokens
    }
}
