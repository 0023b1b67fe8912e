import Backends
import Foundation

/// One forward-backward pass: what is sent, and what it means.
///
/// Invariant: the gradient of `loss` over `datums`, summed over tokens at the weights that the pass starts from, is that of the
/// objective over `terms`.
struct PolicyUpdate: Sendable {
    private(set) var datums: [Datum]
    let loss: LossFunction
    /// Policy tokens, those without a gradient included.
    let tokenCount: Int
    private let objective: PolicyLoss
    private var terms: [PolicyTerm]
    private let mismatch: MismatchStatistics?

    /// - Parameters:
    ///   - datums: the sequences after mismatch correction and aggregation.
    ///   - sequences: the sequences as they were sampled.
    init(datums: [Datum], sequences: [PolicySequence], loss objective: PolicyLoss, mismatch: MismatchStatistics?) {
        self.datums = datums
        self.objective = objective
        self.mismatch = mismatch
        loss = objective.serverLoss
        tokenCount = datums.reduce(0) { $0 + $1.weights.count { $0 != 0 } }
        terms = zip(datums, sequences).map { datum, sequence in
            let sampled =
                mismatch == nil
                ? datum.logprobs
                : zip(sequence.policyMask, sequence.logprobs).dropFirst().map { $0 ? $1 : 0 }
            return PolicyTerm(
                weights: datum.weights, samplerLogprobs: sampled, comparedLogprobs: datum.logprobs,
                advantages: datum.advantages)
        }
    }

    /// DRO's penalty has no advantage that could carry the aggregation's factor, so the weights carry it for both.
    mutating func moveFactorsToWeights(_ sequences: [PolicySequence], aggregation: LossAggregation, share: Double) {
        let factors = aggregation.tokenFactors(policyTokenCounts: sequences.map(\.policyTokenCount), share: share)
        let plain = DatumAssembler(aggregation: .tokenSum).policyDatums(sequences)
        for index in datums.indices {
            datums[index].advantages = plain[index].advantages
            datums[index].weights = datums[index].weights.map { $0 * Float(factors[index]) }
            terms[index].advantages = datums[index].advantages
            terms[index].weights = datums[index].weights
        }
    }

    /// Makes the server compute what it does not know, from the trainer's logprobs before the update.
    mutating func prepare(trainerLogprobs: [[Float]]) {
        for index in datums.indices {
            switch objective {
            case .ppo(_, _, let dualClip?): clip(index, above: dualClip, trainer: trainerLogprobs[index])
            case .gspo(let low, let high): linearize(index, low: low, high: high, trainer: trainerLogprobs[index])
            case .ppo, .importanceSampling, .cispo, .dro: break
            }
        }
    }

    private mutating func clip(_ index: Int, above bound: Double, trainer: [Float]) {
        let term = terms[index]
        for position in term.positions where term.advantages[position] < 0 {
            let ratio = exp(Double(trainer[position]) - Double(term.comparedLogprobs[position]))
            if ratio > bound { datums[index].advantages[position] = 0 }
        }
    }

    private mutating func linearize(_ index: Int, low: Double, high: Double, trainer: [Float]) {
        let term = terms[index]
        let ratio = term.sequenceRatio(trainer: trainer)
        for position in term.positions {
            let advantage = Double(term.advantages[position])
            let isClipped = advantage < 0 ? ratio < low : ratio > high
            datums[index].logprobs[position] = trainer[position]
            datums[index].advantages[position] = isClipped ? 0 : Float(ratio * advantage)
        }
    }

    // MARK: Metrics

    /// What the pass says, once the trainer has returned its logprobs of the targets.
    func statistics(trainerLogprobs: [[Float]]) -> PolicyStatistics {
        PolicyStatistics(terms: terms, logprobs: trainerLogprobs, loss: objective)
    }

    func metrics(trainerLogprobs: [[Float]]) -> [(name: String, value: Double?)] {
        Self.metrics(of: [(self, trainerLogprobs)])
    }

    /// The metrics of a step of one or several passes: losses add up, everything else is per token of all passes.
    static func metrics(
        of passes: [(update: PolicyUpdate, trainerLogprobs: [[Float]])]
    ) -> [(name: String, value: Double?)] {
        let statistics = PolicyStatistics(
            combining: passes.map { $0.update.statistics(trainerLogprobs: $0.trainerLogprobs) })
        let mismatches = passes.compactMap(\.update.mismatch)
        return statistics.metrics
            + (mismatches.isEmpty ? [] : MismatchStatistics(combining: mismatches).metrics)
    }
}
