/// What the distance from a reference policy costs.
///
/// The distance is that of the sampler, which wrote the tokens: its logprobs against the reference's. Where the sampler is not
/// the trainer's newest policy, the trainer's own distance differs by what `kl/sampler_trainer_*` says.
public struct ReferencePenalty: Sendable, Hashable {
    public enum Form: Sendable, Hashable {
        /// Nothing: it is only measured.
        case metric
        /// The reward of an episode is lowered by `coefficient · Σ KL` over its tokens before advantages are estimated (as
        /// verl's `apply_kl_penalty` with an outcome reward).
        case reward(DivergenceEstimator, coefficient: Double)
        /// `Aₜ += coefficient · (mean(d) − dₜ)` with the mean of the k1 estimates `d` over all tokens that are trained, so that
        /// the penalty moves probability between tokens and is no bonus for short answers (tinker-cookbook's
        /// `incorporate_kl_penalty`). With a discount γ, `Aₜ += Σ_{s ≥ t} γ^(s−t) · coefficient · (mean(d) − d_s)` over the
        /// policy's later tokens of the sequence; what tools wrote is skipped (tinker-cookbook counts it as distance and
        /// leaves an advantage on it).
        case advantage(coefficient: Double, discount: Double = 0)
    }

    public var form: Form

    public init(_ form: Form = .metric) { self.form = form }

    /// What an episode's reward loses.
    func rewardPenalty(_ distances: [TokenDistance]) -> Double {
        guard case .reward(let estimator, let coefficient) = form else { return 0 }
        return coefficient * distances.reduce(0) { $0 + estimator(policy: $1.policy, reference: $1.reference) }
    }

    /// For sequences of distances, what the advantages of their tokens gain.
    static func advantageTerms(
        _ sequences: [[TokenDistance]], coefficient: Double, discount: Double
    ) -> [[Double]] {
        let count = sequences.reduce(0) { $0 + $1.count }
        guard count > 0 else { return sequences.map { _ in [] } }
        let mean = sequences.reduce(0) { $0 + $1.reduce(0) { $0 + $1.difference } } / Double(count)
        return sequences.map { sequence in
            var terms = sequence.map { coefficient * (mean - $0.difference) }
            guard discount > 0 else { return terms }
            for position in terms.indices.dropLast().reversed() { terms[position] += discount * terms[position + 1] }
            return terms
        }
    }
}

/// The logprobs of one token that the policy wrote.
struct TokenDistance: Sendable, Equatable {
    var policy: Double
    var reference: Double

    var difference: Double { policy - reference }
}
