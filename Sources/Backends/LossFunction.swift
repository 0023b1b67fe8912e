/// A loss of the Tinker API; each is minus the **sum** over tokens of the objective named (DESIGN, "Datum").
///
/// With `logp` the trainer's logprob of the target, `q` the sampler's, `r = exp(logp − q)` and `A` the advantage.
public enum LossFunction: Sendable, Equatable {
    /// `weight · logp`
    case crossEntropy
    /// `r · A`
    case importanceSampling
    /// `min(r · A, clip(r, low, high) · A)`; the bounds are absolute ratios, for example 0.8 and 1.2.
    case ppo(clipLow: Double, clipHigh: Double)
    /// `sg(clip(r, low, high)) · A · logp`, with `sg` stopping the gradient (CISPO).
    case cispo(clipLow: Double, clipHigh: Double)
    /// `A · logp − ½ · beta · (logp − q)²` (direct reward optimisation).
    case dro(beta: Double)

    /// The value of `loss_fn` on the wire.
    public var wireName: String {
        switch self {
        case .crossEntropy: "cross_entropy"
        case .importanceSampling: "importance_sampling"
        case .ppo: "ppo"
        case .cispo: "cispo"
        case .dro: "dro"
        }
    }

    /// The value of `loss_fn_config` on the wire; every bound is sent explicitly, because servers' defaults differ.
    public var wireConfiguration: [String: Double] {
        switch self {
        case .crossEntropy, .importanceSampling: [:]
        case .ppo(let low, let high), .cispo(let low, let high):
            ["clip_low_threshold": low, "clip_high_threshold": high]
        case .dro(let beta): ["beta": beta]
        }
    }
}
