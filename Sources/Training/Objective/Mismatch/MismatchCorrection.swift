import Foundation

/// Corrects for a sampler that does not compute quite the trainer's probabilities: other kernels, another precision, weights
/// that arrived late.
///
/// With `q` the sampler's logprob of a token and `p` the trainer's before the first update of the step, `ρ = exp(p − q)` is what
/// the token should count. It multiplies the token's advantage, bounded in one of four ways, and the ratio of the loss is then
/// taken against `p` instead of `q` (decoupled PPO, arXiv 2110.00641): the loss bounds how far the updates of a step move the
/// policy, the correction bounds the difference of sampler and trainer, and neither is counted twice. In a step of one update
/// the ratio of the loss is therefore 1 and its clipping does nothing.
///
/// Weights and rejection never change what a batch is divided by: a token with weight 0 counts in token and sequence means, as
/// importance weights do in verl and TRL.
public struct MismatchCorrection: Sendable, Hashable {
    public enum Weighting: Sendable, Hashable {
        /// Every token counts 1: only rejection and the decoupled ratio apply.
        case none
        /// `min(ρ, maximum)` (truncated importance sampling, verl and slime with 2).
        case tokenTruncation(maximum: Double)
        /// `ρ` inside the bounds, 0 outside (IcePop with 0.5…2; TRL `token_mask` with 0…3).
        case tokenMask(low: Double, high: Double)
        /// Every token of a sequence counts `min(Π ρ, maximum)`, the product over its policy tokens.
        case sequenceTruncation(maximum: Double)
        /// `Π ρ` inside the bounds, 0 outside (TRL's default `sequence_mask` with 0…3).
        case sequenceMask(low: Double, high: Double)
    }

    public var weighting: Weighting
    /// Sequences whose geometric mean `(Π ρ)^(1/n)` lies outside are given up: all their tokens count 0 (verl's geometric
    /// rejection). It does not grow with length as the product does.
    public var geometricBounds: ClosedRange<Double>?

    public init(_ weighting: Weighting, geometricBounds: ClosedRange<Double>? = nil) {
        self.weighting = weighting
        self.geometricBounds = geometricBounds
    }

    /// Log ratios are held in ± this before they are exponentiated, as in verl.
    static let largestLogRatio = 20.0

    /// The weights of one sequence's policy tokens.
    func weights(logRatios: [Double], recording statistics: inout MismatchStatistics) -> [Double] {
        guard !logRatios.isEmpty else { return [] }
        let sum = logRatios.reduce(0, +)
        let isRejected = geometricBounds.map { !$0.contains(Self.ratio(sum / Double(logRatios.count))) } ?? false
        let (ratios, low, high, masks) = bounds(logRatios, sum: sum)
        let weights = ratios.map { ratio -> Double in
            if isRejected { return 0 }
            if case .none = weighting { return 1 }
            if masks { return ratio < low || ratio > high ? 0 : ratio }
            return min(ratio, high)
        }
        statistics.add(weights: weights, ratios: ratios, low: low, high: high, isRejected: isRejected)
        return weights
    }

    /// The ratios that are bounded, their bounds, and whether what lies outside counts 0.
    private func bounds(
        _ logRatios: [Double], sum: Double
    ) -> (ratios: [Double], low: Double, high: Double, masks: Bool) {
        let product = [Double](repeating: Self.ratio(sum), count: logRatios.count)
        return switch weighting {
        case .none: (logRatios.map(Self.ratio), 0, .infinity, false)
        case .tokenTruncation(let maximum): (logRatios.map(Self.ratio), 0, maximum, false)
        case .tokenMask(let low, let high): (logRatios.map(Self.ratio), low, high, true)
        case .sequenceTruncation(let maximum): (product, 0, maximum, false)
        case .sequenceMask(let low, let high): (product, low, high, true)
        }
    }

    private static func ratio(_ logRatio: Double) -> Double {
        exp(min(max(logRatio, -largestLogRatio), largestLogRatio))
    }
}
