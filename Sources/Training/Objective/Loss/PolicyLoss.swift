import Backends
import Foundation

/// The loss of a policy-gradient step, with every bound explicit and absolute: a bound of 1.2 is a ratio of 1.2.
///
/// Peers mean three things by one number (`epsilon_high` is 1 + ε in verl and slime, the bound itself in TRL's CISPO and in
/// Tinker), so there is no ε here. With `p` the trainer's logprob of a token, `q` that of the policy it is compared with,
/// `r = exp(p − q)` and `A` the advantage, the objectives (minus the loss) of a token are:
public enum PolicyLoss: Sendable, Hashable {
    /// `r · A`
    case importanceSampling
    /// `min(r · A, clip(r, clipLow, clipHigh) · A)` (PPO; unequal distances from 1 are DAPO's clip-higher).
    ///
    /// With `dualClip` c, a token with `A < 0` has the objective `max(that, c · A)` (arXiv 1912.09729): beyond `r > c` its
    /// gradient vanishes. TRL calls c `delta`. Servers know no dual clip, so those tokens are sent without an advantage,
    /// which is exactly that gradient; it takes the trainer's logprobs before the update.
    case ppo(clipLow: Double, clipHigh: Double, dualClip: Double? = nil)
    /// `sg(clip(r, clipLow, clipHigh)) · A · p`, where `sg` stops the gradient (CISPO, arXiv 2506.13585).
    case cispo(clipLow: Double, clipHigh: Double)
    /// PPO with the ratio of the whole sequence, `s = exp(mean(p − q))`, at each of its tokens: `min(s · A, clip(s) · A)`
    /// (GSPO, arXiv 2507.18071; tokens may have advantages of their own, its GSPO-token form).
    ///
    /// Servers do not compute it. From the trainer's logprobs before the update the derivative of every token is known:
    /// `s · A` times the aggregation's factor where the sequence is not clipped, else 0. That is sent as importance sampling
    /// at `q = p`, whose gradient is just that.
    case gspo(clipLow: Double, clipHigh: Double)
    /// `A · p − ½ · beta · (p − q)²` (direct reward optimisation).
    case dro(beta: Double)

    /// The loss that the server is asked for.
    public var serverLoss: LossFunction {
        switch self {
        case .importanceSampling, .gspo: .importanceSampling
        case .ppo(let low, let high, _): .ppo(clipLow: low, clipHigh: high)
        case .cispo(let low, let high): .cispo(clipLow: low, clipHigh: high)
        case .dro(let beta): .dro(beta: beta)
        }
    }

    /// Whether the client has to know the trainer's logprobs before each update.
    var needsTrainerLogprobs: Bool {
        switch self {
        case .gspo: true
        case .ppo(_, _, let dualClip): dualClip != nil
        case .importanceSampling, .cispo, .dro: false
        }
    }

    /// What the bounds did to a token.
    enum Clipping: Sendable { case none, low, high, dual }

    /// The objective of one token.
    /// - Parameters:
    ///   - ratio: `r`, or `s` for GSPO.
    ///   - weight: what the token counts where that is not part of the advantage (``PolicyTerm/weights``).
    func objective(
        ratio: Double, logprob: Double, compared: Double, advantage: Double, weight: Double
    ) -> (value: Double, clipping: Clipping) {
        switch self {
        case .importanceSampling:
            return (weight * ratio * advantage, .none)
        case .ppo(let low, let high, let dualClip):
            if let dualClip, advantage < 0, ratio > dualClip { return (weight * dualClip * advantage, .dual) }
            return Self.clipped(ratio, low, high, weight * advantage)
        case .gspo(let low, let high):
            return Self.clipped(ratio, low, high, weight * advantage)
        case .cispo(let low, let high):
            let value = weight * min(max(ratio, low), high) * advantage * logprob
            return (value, ratio < low ? .low : ratio > high ? .high : .none)
        case .dro(let beta):
            let distance = logprob - compared
            return (weight * (advantage * logprob - 0.5 * beta * distance * distance), .none)
        }
    }

    /// PPO's objective. A token counts as clipped where its gradient vanishes.
    private static func clipped(
        _ ratio: Double, _ low: Double, _ high: Double, _ advantage: Double
    ) -> (value: Double, clipping: Clipping) {
        let value = min(ratio * advantage, min(max(ratio, low), high) * advantage)
        let clipping: Clipping = advantage < 0 && ratio < low ? .low : advantage > 0 && ratio > high ? .high : .none
        return (value, clipping)
    }
}
