import Primitives

/// One sequence of an episode as a policy gradient sees it: unshifted.
public struct PolicySequence: Sendable, Equatable {
    public var tokens: [TokenID]
    /// True where the policy wrote the token; same length as `tokens`.
    public var policyMask: [Bool]
    /// The sampler's logprob where the policy wrote the token, 0 elsewhere.
    public var logprobs: [Float]
    /// The advantage of all that the policy wrote, unless `tokenAdvantages` tell its tokens apart.
    public var advantage: Double
    /// One advantage per token; only those where the policy wrote count.
    public var tokenAdvantages: [Double]?

    public init(
        tokens: [TokenID], policyMask: [Bool], logprobs: [Float], advantage: Double, tokenAdvantages: [Double]? = nil
    ) {
        precondition(
            policyMask.count == tokens.count && logprobs.count == tokens.count, "one mask and logprob per token")
        precondition(tokenAdvantages?.count ?? tokens.count == tokens.count, "one advantage per token")
        self.tokens = tokens
        self.policyMask = policyMask
        self.logprobs = logprobs
        self.advantage = advantage
        self.tokenAdvantages = tokenAdvantages
    }

    /// The number of policy tokens that can be trained. The first token of a sequence is predicted from nothing, so it
    /// never counts.
    public var policyTokenCount: Int { policyMask.dropFirst().count { $0 } }

    /// The positions of the policy tokens that can be trained, in order.
    var trainablePositions: [Int] { policyMask.indices.dropFirst().filter { policyMask[$0] } }

    func advantage(at position: Int) -> Double { tokenAdvantages?[position] ?? advantage }
}
