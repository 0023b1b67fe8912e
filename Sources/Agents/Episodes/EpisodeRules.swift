/// How an episode treats what the policy and its tools do, within its budgets.
public struct EpisodeRules: Sendable, Hashable {
    /// Calls that one turn may make without breaking the format. They run at the same time.
    public var callsPerTurn: Int
    /// How often a turn that neither calls a tool nor answers is told so, instead of ending the episode.
    public var reminders: Int
    /// Whether a tool's outage ends the episode as failed. Otherwise the policy reads of it like of its own mistakes, and
    /// its reward suffers for what it did not do.
    public var failsOnOutage: Bool
    /// Failures that tools are made to have; evaluations are spared.
    public var toolFailures: ToolFailureSimulation?

    public init(
        callsPerTurn: Int = 1, reminders: Int = 0, failsOnOutage: Bool = true,
        toolFailures: ToolFailureSimulation? = nil
    ) {
        self.callsPerTurn = callsPerTurn
        self.reminders = reminders
        self.failsOnOutage = failsOnOutage
        self.toolFailures = toolFailures
    }
}
