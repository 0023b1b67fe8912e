import Backends
import Primitives

/// Turns sequences into datums such that the server's own reduction gives the aggregation that the recipe names.
///
/// All normalisation is put into `advantages` (or, in supervised training, `weights`), so that one recipe means one
/// gradient on every backend. With a server that sums over tokens, the factors of ``LossAggregation`` are all there is to
/// it. A server that takes the mean over the `D` datums of `Σ loss / Σ weights` is undone by multiplying a datum's
/// advantages by `D · Σ weights`. For supervised datums such a server cannot be undone, because the scale of a datum's
/// weights cancels in its own mean: there every sequence counts alike, whatever its length.
public struct DatumAssembler: Sendable {
    public var aggregation: LossAggregation
    public var profile: BackendProfile

    public init(aggregation: LossAggregation = .tokenMean, profile: BackendProfile) {
        self.aggregation = aggregation
        self.profile = profile
    }

    /// One datum per sequence, in order: `weights` is 1 on policy tokens, `advantages` is the sequence's advantage times
    /// the aggregation's factor there, and every array is zero elsewhere.
    public func policyDatums(_ sequences: [PolicySequence]) -> [Datum] {
        let factors = aggregation.tokenFactors(policyTokenCounts: sequences.map(\.policyTokenCount))
        return zip(sequences, factors).map { sequence, factor in
            let mask = sequence.policyMask.dropFirst()
            let compensation = serverCompensation(weightSum: sequence.policyTokenCount, datumCount: sequences.count)
            let advantage = Float(sequence.advantage * factor * compensation)
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

    private func serverCompensation(weightSum: Int, datumCount: Int) -> Double {
        switch profile.lossReduction {
        case .tokenSum: 1
        case .meanOfDatumMeans: Double(datumCount) * Double(weightSum)
        }
    }
}
