/// The checked content of a `forward` or `forward_backward` request.
struct TrainingBatch: Sendable {
    var sequences: [TrainingSequence]
    var loss: DecoderLoss

    /// The contribution of every token to the loss, given the trainer's logprobs; their sum is the loss.
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
