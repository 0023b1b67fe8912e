import Backends

/// The datums of one supervised optimizer step, as they are sent.
struct SupervisedBatch: Sendable {
    let exampleCount: Int
    /// In the order in which the trainer answers for them; packed where the stage packs.
    let sequences: [SupervisedSequence]
    /// The datums of each forward-backward pass. Their weights are divided by the total weight of all passes, so that the
    /// loss of a server that sums is the mean over the weighted tokens of the batch.
    let passes: [[Datum]]
    /// See ``MicroBatching/paddingFraction(of:lengths:)``.
    let paddingFraction: Double

    init(_ examples: [SupervisedSequence], packing: ExamplePacking? = nil, microBatching: MicroBatching = .whole) {
        exampleCount = examples.count
        let sequences = packing?.packed(examples) ?? examples
        let datums = DatumAssembler().supervisedDatums(sequences)
        let lengths = datums.map(\.count)
        let indices = microBatching.passes(lengths: lengths)
        paddingFraction = MicroBatching.paddingFraction(of: indices, lengths: lengths)
        passes = indices.map { $0.map { datums[$0] } }
        self.sequences = indices.flatMap { $0.map { sequences[$0] } }
    }

    var tokenCount: Int { passes.reduce(0) { $0 + $1.reduce(0) { $0 + $1.count } } }

    var trainedTokenCount: Int {
        passes.reduce(0) { $0 + $1.reduce(0) { $0 + $1.weights.count { $0 != 0 } } }
    }

    /// `−Σ w·logp / Σ w` over the batch, in nats per weighted token; `nil` where nothing has weight.
    func meanLoss(logprobs: [[Float]]) -> Double? {
        var (loss, total) = (0.0, 0.0)
        for (sequence, logprobs) in zip(sequences, logprobs) {
            for (weight, logprob) in zip(sequence.weights.dropFirst(), logprobs) {
                loss -= Double(weight) * Double(logprob)
                total += Double(weight)
            }
        }
        return total > 0 ? loss / total : nil
    }
}
