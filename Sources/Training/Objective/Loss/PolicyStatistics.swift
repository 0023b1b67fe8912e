import Foundation

/// What a policy-gradient pass says about trainer and sampler, over the policy's tokens.
///
/// With `p` the trainer's logprob before the step and `q` the sampler's. Sums are kept, so that the passes of a step can be
/// combined exactly.
struct PolicyStatistics: Sendable, Equatable {
    private(set) var tokenCount = 0
    /// The loss as aggregated, with its sign; in a step of several passes the sum of theirs.
    private(set) var loss = 0.0
    private var divergence = (first: 0.0, second: 0.0, third: 0.0)
    private var surprise = 0.0
    private var clipped = (low: 0, high: 0, dual: 0)
    private var hasBounds = false
    private var hasDualClip = false

    /// - Parameters:
    ///   - logprobs: per term, the trainer's logprob of each target.
    init(terms: [PolicyTerm], logprobs: [[Float]], loss function: PolicyLoss) {
        switch function {
        case .importanceSampling, .dro: break
        case .ppo(_, _, let dualClip): (hasBounds, hasDualClip) = (true, dualClip != nil)
        case .cispo, .gspo: hasBounds = true
        }
        for (term, trainer) in zip(terms, logprobs) { add(term, trainer: trainer, function) }
    }

    private mutating func add(_ term: PolicyTerm, trainer: [Float], _ function: PolicyLoss) {
        var sequenceRatio: Double?
        if case .gspo = function { sequenceRatio = term.sequenceRatio(trainer: trainer) }
        for position in 0..<min(term.weights.count, trainer.count) where term.weights[position] != 0 {
            let (p, q) = (Double(trainer[position]), Double(term.samplerLogprobs[position]))
            let compared = Double(term.comparedLogprobs[position])
            tokenCount += 1
            divergence.first += q - p
            divergence.second += 0.5 * (q - p) * (q - p)
            divergence.third += exp(p - q) - (p - q) - 1
            surprise -= q
            let (value, clipping) = function.objective(
                ratio: sequenceRatio ?? exp(p - compared), logprob: p, compared: compared,
                advantage: Double(term.advantages[position]), weight: Double(term.weights[position]))
            loss -= value
            switch clipping {
            case .none: break
            case .low: clipped.low += 1
            case .high: clipped.high += 1
            case .dual: clipped.dual += 1
            }
        }
    }

    /// The statistics of several passes of one step.
    init(combining parts: [PolicyStatistics]) {
        for part in parts {
            tokenCount += part.tokenCount
            loss += part.loss
            divergence.first += part.divergence.first
            divergence.second += part.divergence.second
            divergence.third += part.divergence.third
            surprise += part.surprise
            clipped.low += part.clipped.low
            clipped.high += part.clipped.high
            clipped.dual += part.clipped.dual
            hasBounds = hasBounds || part.hasBounds
            hasDualClip = hasDualClip || part.hasDualClip
        }
    }

    private func perToken(_ sum: Double) -> Double { sum / Double(max(1, tokenCount)) }

    /// `mean(q − p)`: the k1 estimate of KL(sampler ‖ trainer), which may be negative.
    var divergenceV1: Double { perToken(divergence.first) }
    /// `mean((q − p)² / 2)`: the k2 estimate.
    var divergenceV2: Double { perToken(divergence.second) }
    /// `mean(exp(p − q) − (p − q) − 1)`: the k3 estimate (prime-rl's `mismatch_kl`).
    var divergenceV3: Double { perToken(divergence.third) }
    /// `−mean(q)`: an estimate of the sampler's entropy per token, from the tokens it drew.
    var entropyEstimate: Double { perToken(surprise) }
    /// The fraction of tokens clipped at the lower bound; for PPO and GSPO those with a negative advantage. `nil` where the
    /// loss has no bounds.
    var clipFractionLow: Double? { hasBounds ? perToken(Double(clipped.low)) : nil }
    /// The fraction of tokens clipped at the upper bound; for PPO and GSPO those with a positive advantage.
    var clipFractionHigh: Double? { hasBounds ? perToken(Double(clipped.high)) : nil }
    /// The fraction of tokens beyond the dual bound.
    var dualClipFraction: Double? { hasDualClip ? perToken(Double(clipped.dual)) : nil }

    /// Under the names of `metrics.jsonl`.
    var metrics: [(name: String, value: Double?)] {
        var metrics: [(name: String, value: Double?)] = [
            ("loss", loss), ("kl/sampler_trainer_v1", divergenceV1), ("kl/sampler_trainer_v2", divergenceV2),
            ("kl/sampler_trainer_v3", divergenceV3), ("entropy", entropyEstimate),
        ]
        if hasBounds {
            metrics.append(("ratio/clip_fraction_low", clipFractionLow))
            metrics.append(("ratio/clip_fraction_high", clipFractionHigh))
        }
        if hasDualClip { metrics.append(("ratio/dual_clip_fraction", dualClipFraction)) }
        return metrics
    }

    static func == (one: PolicyStatistics, other: PolicyStatistics) -> Bool {
        one.tokenCount == other.tokenCount && one.metrics.elementsEqual(other.metrics) { $0 == $1 }
    }
}
