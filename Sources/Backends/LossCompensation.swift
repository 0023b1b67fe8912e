/// Makes one loss mean one gradient on every server (DESIGN, "Datum").
///
/// What the stages mean is minus the sum, over the tokens *t* of all datums *d*, of `w_dt · f(logp_dt; A_dt)`, with `f` the
/// objective of ``LossFunction`` and `w` the weights. A server that sums computes that. A server that reduces to the mean
/// of datum means (SkyRL 0.3 on JAX) differentiates
///
///     (1 / N) · Σ_d (1 / W_d) · Σ_t w_dt · f(logp_dt; A_dt),    W_d = Σ_t w_dt,
///
/// with `N` the number of datums since the last optimizer step, over all chunks. There are two ways to the same gradient.
///
/// **Scaling.** `r · A` (importance sampling) and `sg(clip(r)) · A · logp` (CISPO) are linear in the advantage, and
/// `min(r · A, clip(r) · A)` (PPO) is positively homogeneous in it: `f(s · A) = s · f(A)` for `s ≥ 0`. So the weight and the
/// server's factor go into the advantage: the mask `m_dt = (w_dt ≠ 0)` is sent as weights and
/// `A'_dt = N · M_d · w_dt · A_dt`, `M_d = Σ_t m_dt` (or, where the server does not look at weights, the number of
/// positions of the datum). The result is exactly the sum of tokens, and gradient norms agree with other servers'.
///
/// **Linearising.** Cross-entropy has no advantage, and its weights cancel in `w_dt / W_d`. DRO's penalty
/// `−½ · beta · (logp − q)²` does not scale with the advantage, and `beta` is one number for the whole request. PPO with a
/// negative weight is a maximum where the server computes a minimum. In these cases, and where the server does not know the
/// loss at all, the trainer's logprobs are fetched by a forward pass, and the step is importance sampling at `q = logp` with
/// `A'_dt = s_d · w_dt · ∂f/∂logp_dt`, because the gradient of `r · A'` at `r = 1` is `A' · ∇logp`: again exactly the
/// gradient that was meant, whatever the sign of the weights. It costs one forward pass.
struct LossCompensation {
    /// How a batch gets to the server.
    enum Route: Equatable {
        case unchanged, scaled, linearised
    }

    let datums: [Datum]
    let loss: LossFunction
    let profile: BackendProfile
    /// The number of datums up to the next optimizer step; those given where they are all.
    var total: Int?

    var route: Route {
        let (sums, seesWeights) = (profile.lossReduction == .tokenSum, profile.policyWeights == .honoured)
        guard profile.losses.contains(loss.wireName) else { return .linearised }
        switch loss {
        case .crossEntropy:
            return sums ? .unchanged : .linearised
        case .dro:
            return sums && (seesWeights || isUnweighted) ? .unchanged : .linearised
        case .ppo, .cispo:
            if profile.clipConvention != .absoluteRatios { return .linearised }
            if sums && (seesWeights || isUnweighted) { return .unchanged }
            if case .ppo = loss, datums.contains(where: { $0.weights.contains { $0 < 0 } }) { return .linearised }
            return .scaled
        case .importanceSampling:
            return sums && (seesWeights || isUnweighted) ? .unchanged : .scaled
        }
    }

    /// The batch whose reduction by the server has the gradient that is meant.
    /// - Parameter logprobs: the trainer's logprobs of the targets under the weights that the step starts from; read only on
    ///   the route ``Route/linearised``.
    func sent(logprobs: [[Float]] = []) throws(BackendError) -> (datums: [Datum], loss: LossFunction) {
        guard profile.lossReduction != .unknown else {
            throw .unsupported(
                detail: "it reduces losses in a way that the client cannot undo; `medresearcher doctor` shows what was "
                    + "measured")
        }
        switch route {
        case .unchanged: return (datums, loss)
        case .scaled: return (datums.map(scaled), loss)
        case .linearised:
            guard profile.losses.contains(LossFunction.importanceSampling.wireName) else {
                throw .unsupported(
                    detail:
                        "it computes neither the loss \(loss.wireName) nor importance_sampling, by which the client "
                        + "would replace it")
            }
            return (zip(datums, logprobs).map(linearised), .importanceSampling)
        }
    }

    private var isUnweighted: Bool { datums.allSatisfy { $0.weights.allSatisfy { $0 == 1 } } }

    private func scaled(_ datum: Datum) -> Datum {
        let scale = serverFactor(datum)
        var sent = datum
        sent.weights = Self.mask(datum)
        sent.advantages = zip(datum.weights, datum.advantages).map {
            scale == 1 ? $0 * $1 : Float(scale * Double($0) * Double($1))
        }
        return sent
    }

    private func linearised(_ datum: Datum, _ logprobs: [Float]) -> Datum {
        let scale = serverFactor(datum)
        let advantages = datum.weights.indices.map { index -> Float in
            guard datum.weights[index] != 0 else { return 0 }
            let slope = loss.objective(
                logprob: Double(logprobs[index]), samplerLogprob: Double(datum.logprobs[index]),
                advantage: Double(datum.advantages[index])
            ).derivative
            return Float(scale * Double(datum.weights[index]) * slope)
        }
        return Datum(
            inputTokens: datum.inputTokens, targetTokens: datum.targetTokens, weights: Self.mask(datum),
            logprobs: logprobs, advantages: advantages)
    }

    private static func mask(_ datum: Datum) -> [Float] { datum.weights.map { $0 == 0 ? 0 : 1 } }

    /// What the server divides a datum's sum of token losses by, if it is sent with its mask as weights.
    private func serverFactor(_ datum: Datum) -> Double {
        guard profile.lossReduction == .meanOfDatumMeans else { return 1 }
        let counted = profile.policyWeights == .honoured ? datum.weights.count { $0 != 0 } : datum.count
        return Double(total ?? datums.count) * Double(counted)
    }
}
