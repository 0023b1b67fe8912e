import Backends
import Foundation

/// What a policy-gradient step says about trainer and sampler, over the policy tokens of its datums.
///
/// With `p` the trainer's logprob before the step, `q` the sampler's, and `r = exp(p − q)`.
public struct PolicyStatistics: Sendable, Equatable {
    public let tokenCount: Int
    /// `mean(q − p)`: the k1 estimate of KL(sampler ‖ trainer), which may be negative.
    public let divergenceV1: Double
    /// `mean((q − p)² / 2)`: the k2 estimate.
    public let divergenceV2: Double
    /// `−mean(q)`: an estimate of the sampler's entropy per token, from the tokens it drew.
    public let entropyEstimate: Double
    /// The objective named by the loss function, with its sign and with the advantages as sent: `−Σ r·A` or its clipped
    /// form. With a batch built by ``DatumAssembler`` for a server that sums this is the aggregated loss.
    public let loss: Double
    /// PPO only: the fraction of tokens with a negative advantage and a ratio below the lower bound.
    public let clipFractionLow: Double?
    /// PPO only: the fraction of tokens with a positive advantage and a ratio above the upper bound.
    public let clipFractionHigh: Double?

    /// - Parameters:
    ///   - datums: the datums that were trained, with weight 1 on policy tokens.
    ///   - logprobs: per datum, the trainer's logprob of each target.
    public init(datums: [Datum], logprobs: [[Float]], loss function: LossFunction) {
        var count = 0
        var (first, second, entropy, objective) = (0.0, 0.0, 0.0, 0.0)
        var (low, high) = (0, 0)
        for (datum, trainer) in zip(datums, logprobs) {
            for position in 0..<min(datum.count, trainer.count) where datum.weights[position] != 0 {
                let (p, q) = (Double(trainer[position]), Double(datum.logprobs[position]))
                let advantage = Double(datum.advantages[position])
                let ratio = exp(p - q)
                count += 1
                first += q - p
                second += 0.5 * (q - p) * (q - p)
                entropy -= q
                switch function {
                case .crossEntropy: objective += Double(datum.weights[position]) * p
                case .importanceSampling: objective += ratio * advantage
                case .ppo(let clipLow, let clipHigh):
                    let clipped = min(max(ratio, clipLow), clipHigh)
                    objective += min(ratio * advantage, clipped * advantage)
                    if advantage < 0 && ratio < clipLow { low += 1 }
                    if advantage > 0 && ratio > clipHigh { high += 1 }
                case .cispo(let clipLow, let clipHigh):
                    objective += min(max(ratio, clipLow), clipHigh) * advantage * p
                    if ratio < clipLow { low += 1 }
                    if ratio > clipHigh { high += 1 }
                case .dro(let beta): objective += advantage * p - 0.5 * beta * (p - q) * (p - q)
                }
            }
        }
        let divisor = Double(max(1, count))
        tokenCount = count
        divergenceV1 = first / divisor
        divergenceV2 = second / divisor
        entropyEstimate = entropy / divisor
        loss = 0 - objective
        switch function {
        case .ppo, .cispo:
            clipFractionLow = Double(low) / divisor
            clipFractionHigh = Double(high) / divisor
        case .crossEntropy, .importanceSampling, .dro:
            clipFractionLow = nil
            clipFractionHigh = nil
        }
    }
}
