import Backends
import Primitives

/// Turns sequences into datums such that the plain sum over tokens gives the aggregation that the recipe names.
///
/// All normalisation is put into `advantages` (or, in supervised training, `weights`). What a server reduces differently is
/// the business of `Backends`, which compensates when it sends (``BackendProfile/LossReduction``): here is no trace of it,
/// so that nothing is compensated twice.
public struct DatumAssembler: Sendable {
    public var aggregation: LossAggregation

    public init(aggregation: LossAggregation = .tokenMean) { self.aggregation = aggregation }

    /// One datum per sequence, in order: `weights` is 1 on policy tokens, `advantages` is the token's advantage times the
    /// aggregation's factor there, and every array is zero elsewhere.
    /// - Parameter share: see ``LossAggregation/tokenFactors(policyTokenCounts:share:)``.
    public func policyDatums(_ sequences: [PolicySequence], share: Double = 1) -> [Datum] {
        let factors = aggregation.tokenFactors(policyTokenCounts: sequences.map(\.policyTokenCount), share: share)
        return zip(sequences, factors).map { sequence, factor in
            let mask = sequence.policyMask.dropFirst()
            return Datum(
                inputTokens: Array(sequence.tokens.dropLast()), targetTokens: Array(sequence.tokens.dropFirst()),
                weights: mask.map { $0 ? 1 : 0 },
                logprobs: zip(mask, sequence.logprobs.dropFirst()).map { $0 ? $1 : 0 },
                advantages: Self.advantages(sequence, factor: factor))
        }
    }

    private static func advantages(_ sequence: PolicySequence, factor: Double) -> [Float] {
        let mask = sequence.policyMask.dropFirst()
        guard let tokenAdvantages = sequence.tokenAdvantages else {
            let advantage = Float(sequence.advantage * factor)
            return mask.map { $0 ? advantage : 0 }
        }
        return zip(mask, tokenAdvantages.dropFirst()).map { $0 ? Float($1 * factor) : 0 }
    }

    /// One datum per sequence, in order, with weights divided by the total weight of the batch: the loss of a server that
    /// sums is the mean over weighted tokens.
    public func supervisedDatums(_ sequences: [SupervisedSequence]) -> [Datum] {
        let total = sequences.reduce(0) { $0 + $1.trainableWeight }
        return sequences.map { sequence in
            Datum(
                supervised: sequence.tokens,
                weights: total > 0 ? sequence.weights.map { Float(Double($0) / total) } : sequence.weights)
        }
    }
}
