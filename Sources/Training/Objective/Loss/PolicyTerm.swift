import Backends
import Foundation

/// What the objective means by one datum, whatever has to be sent to the server for it. All arrays are shifted as the datum's.
struct PolicyTerm: Sendable {
    /// 0 off the policy's tokens. On them 1, but for DRO the aggregation's factor: its penalty has no advantage that could
    /// carry the factor.
    var weights: [Float]
    /// What the sampler gave the targets.
    var samplerLogprobs: [Float]
    /// What the ratio of the loss is taken against.
    var comparedLogprobs: [Float]
    /// With mismatch weights and the aggregation's factor (not for DRO), before any clipping.
    var advantages: [Float]

    var positions: [Int] { weights.indices.filter { weights[$0] != 0 } }

    /// `exp(mean(p − q))` over the policy's tokens; 1 where there is none.
    func sequenceRatio(trainer: [Float]) -> Double {
        let positions = positions
        guard !positions.isEmpty else { return 1 }
        let sum = positions.reduce(0) { $0 + Double(trainer[$1]) - Double(comparedLogprobs[$1]) }
        return exp(sum / Double(positions.count))
    }
}
