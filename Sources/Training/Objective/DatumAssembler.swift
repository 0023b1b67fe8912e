import Backends
import Primitives

/// Turns sequences into datums whose plain sum over tokens gives the aggregation that the recipe names.
///
/// All normalisation is put into `advantages` (or, in supervised training, `weights`). What a server's own reduction does to
/// the sum is undone by the trainer, which knows its backend's profile, and nowhere else.
public struct DatumAssembler: Sendable {
    public var aggregation: LossAggregation

    public init(aggregation: LossAggregation = .tokenMean) { self.aggregation = aggregation }

    /// One datum per sequence, in order: `weights` is 1 on policy tokens, `advantages` is the sequence's advantage times
    /// the aggregation's factor there, and every array is zero elsewhere.
    public func policyDatums(_ sequences: [PolicySequence]) -> [Datum] {
        let factors = aggregation.tokenFactors(policyTokenCounts: sequences.map(\.policyTokenCount))
        return zip(sequences, factors).map { sequence, factor in
            let mask = sequence.policyMask.dropFirst()
            let advantage = Float(sequence.advantage * factor)
            return Datum(
                inputTokens: Array(sequence.tokens.dropLast()), targetTokens: Array(sequence.tokens.dropFirst()),
                weights: mask.map { $0 ? 1 : 0 },
                logprobs: zip(mask, sequence.logprobs.dropFirst()).map { $0 ? $1 : 0 },
                advantages: mask.map { $0 ? advantage : 0 })
        }
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
