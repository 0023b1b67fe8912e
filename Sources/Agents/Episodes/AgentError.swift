/// What ends an episode with an error instead of a termination: a sampler that broke its contract. Whatever the policy
/// writes is never an error.
public enum AgentError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The sampler's answer cannot be a continuation of the prompt it was given.
    case unusableSample(turn: Int, policyVersion: Int, problem: String)

    public var description: String {
        switch self {
        case .unusableSample(let turn, let policyVersion, let problem):
            "the sampler of policy version \(policyVersion) answered turn \(turn) with \(problem); "
                + "expected one sequence of at least one token with a finite logprob for each, within the token bound; "
                + "check the backend, because such an episode cannot be trained on"
        }
    }
}
