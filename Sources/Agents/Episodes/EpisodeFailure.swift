/// Why an episode could not be played to its end. The policy is not to blame, so such an episode has no reward.
public struct EpisodeFailure: Sendable, Hashable {
    /// The raw values are written into rollouts.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The sampler's answer cannot be a continuation of the prompt it was given.
        case unusableSample = "unusable_sample"
        /// A tool failed to answer.
        case toolOutage = "tool_outage"
        /// The episode's time ran out.
        case timeBudget = "time_budget"
    }

    public var kind: Kind
    public var reason: String

    public init(_ kind: Kind, reason: String) {
        self.kind = kind
        self.reason = reason
    }
}
