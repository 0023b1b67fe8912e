import Primitives

/// One episode as a policy gradient sees it: unshifted, with one advantage for all that the policy wrote.
public struct PolicySequence: Sendable, Equatable {
    public var tokens: [TokenID]
    /// True where the policy wrote the token; same length as `tokens`.
    public var policyMask: [Bool]
    /// The sampler's logprob where the policy wrote the token, 0 elsewhere.
    public var logprobs: [Float]
    public var advantage: Double

    public init(tokens: [TokenID], policyMask: [Bool], logprobs: [Float], advantage: Double) {
        precondition(
            policyMask.count == tokens.count && logprobs.count == tokens.count, "one mask and logprob per token")
        self.tokens = tokens
        self.policyMask = policyMask
        self.logprobs = logprobs
        self.advantage = advantage
    }

    /// The number of policy tokens that can be trained. The first token of a sequence is predicted from nothing, so it
    /// never counts.
    public var policyTokenCount: Int { policyMask.dropFirst().count { $0 } }
}
