/// Makes one loss mean one gradient on every server (DESIGN, "Datum").
///
/// What the stages mean is minus the sum, over the tokens *t* of all datums *d*, of `w_dt · f_dt`, with `f` the objective of
/// ``LossFunction`` and `w` the weights. A server that reduces to the mean of datum means (SkyRL 0.3 on JAX) differentiates
///
///     (1 / N) · Σ_d (1 / W_d) · Σ_t w_dt · f_dt,    W_d = Σ_t w_dt,
///
/// with `N` the number of datums since the last optimizer step, over all chunks.
///
/// **Policy losses.** `f` is positively homogeneous in the advantage, clipped or not, so that sending
/// `A'_dt = N · W_d · A_dt` gives exactly the sum of tokens: the global constant is 1 and gradient norms agree with those of
/// other servers.
///
/// **Cross-entropy.** There the weights are the only input, and scaling them cancels in `w_dt / W_d`. But the gradient of
/// importance sampling at `q = logp` is `A · ∇logp`. So the logprobs `q` are fetched by a forward pass, and the step is
/// importance sampling with the mask `m_dt = (w_dt ≠ 0)` as weights and `A'_dt = N · M_d · w_dt`, `M_d = Σ_t m_dt`: again
/// exactly the sum of tokens.
enum LossCompensation {
    /// The datums of a policy loss as they are sent.
    static func policyDatums(_ datums: [Datum], profile: BackendProfile) -> [Datum] {
        datums.map { datum in
            var sent = datum
            switch profile.lossReduction {
            case .tokenSum where profile.sendsWeightsWithPolicyLosses:
                break
            case .tokenSum:
                sent.advantages = zip(datum.advantages, datum.weights).map { $0 * $1 }
            case .meanOfDatumMeans:
                let scale = Float(datums.count) * Float(datum.weights.reduce(0) { $0 + Double($1) })
                sent.advantages = datum.advantages.map { $0 * scale }
            }
            return sent
        }
    }

    /// The datums of cross-entropy as importance sampling, for servers that reduce to the mean of datum means.
    /// - Parameter logprobs: the trainer's logprobs of the targets under the weights that the step starts from.
    static func crossEntropyAsImportanceSampling(_ datums: [Datum], logprobs: [[Float]]) -> [Datum] {
        zip(datums, logprobs).map { datum, logprobs in
            let mask: [Float] = datum.weights.map { $0 == 0 ? 0 : 1 }
            let scale = Float(datums.count) * mask.reduce(0, +)
            return Datum(
                inputTokens: datum.inputTokens, targetTokens: datum.targetTokens, weights: mask, logprobs: logprobs,
                advantages: datum.weights.map { $0 * scale })
        }
    }
}
