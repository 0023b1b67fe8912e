/// The checked content of a `forward` or `forward_backward` request.
struct TrainingBatch: Sendable {
    var sequences: [TrainingSequence]
    var loss: DecoderLoss
    /// Of each datum, how many targets a token has where its tensors have two dimensions.
    var columns: [Int?]

    /// - Parameter columns: `nil` where all tensors have one dimension.
    init(sequences: [TrainingSequence], loss: DecoderLoss, columns: [Int?]? = nil) {
        self.sequences = sequences
        self.loss = loss
        self.columns = columns ?? sequences.map { _ in nil }
    }

    /// Tells batches apart within one process. Binary bodies do not: one message has several encodings.
    var digest: Int {
        var hasher = Hasher()
        hasher.combine(String(describing: loss))
        hasher.combine(columns)
        for sequence in sequences {
            hasher.combine(sequence.inputTokens)
            hasher.combine(sequence.targetTokens)
            for numbers in [sequence.weights, sequence.logprobs, sequence.advantages] { hasher.combine(numbers) }
        }
        return hasher.finalize()
    }

    /// The contribution of every target to the loss, given the trainer's logprobs; their sum is the loss.
    func elementwiseLoss(_ logprobs: [[Float]]) -> [[Float]] {
        zip(sequences, logprobs).map { sequence, logprobs in
            logprobs.indices.map { index in
                let (weight, advantage) = (sequence.weights[index], sequence.advantages[index])
                guard loss.involves(weight: weight, advantage: advantage) else { return 0 }
                return -loss.objective(
                    logprob: logprobs[index], weight: weight, samplerLogprob: sequence.logprobs[index],
                    advantage: advantage
                ).value
            }
        }
    }
}
