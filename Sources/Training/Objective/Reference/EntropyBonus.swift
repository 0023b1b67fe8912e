/// `Aₜ += min(α · Hₜ, |Aₜ| / κ)`: tokens at which the policy hesitated gain advantage, never so much that its sign turns (Cheng
/// et al., "Reasoning with Exploration: An Entropy Perspective", arXiv 2506.14758, with α = 0.4 and κ = 2).
///
/// The paper's `Hₜ` is the entropy of the whole distribution, which no server returns. Here it is `−logprob` of the sampled
/// token, whose expectation it is.
public struct EntropyBonus: Sendable, Hashable {
    /// α
    public var coefficient: Double
    /// κ, at least 1.
    public var divisor: Double

    public init(coefficient: Double = 0.4, divisor: Double = 2) {
        precondition(divisor >= 1, "a bonus must not turn an advantage's sign")
        self.coefficient = coefficient
        self.divisor = divisor
    }

    /// What a token's advantage gains.
    public func bonus(logprob: Double, advantage: Double) -> Double {
        min(coefficient * max(0, -logprob), abs(advantage) / divisor)
    }
}
