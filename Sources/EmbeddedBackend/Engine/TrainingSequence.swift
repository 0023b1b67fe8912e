/// One sequence to train on; position *i* of every array speaks of the prediction of `targetTokens[i]`.
///
/// Invariant: all arrays have one length, tokens are below the vocabulary size, numbers are finite (the server checks).
public struct TrainingSequence: Sendable {
    public var inputTokens: [Int32]
    public var targetTokens: [Int32]
    public var weights: [Float]
    /// The sampler's logprobs; read by the reinforcement losses only.
    public var logprobs: [Float]
    public var advantages: [Float]

    public init(
        inputTokens: [Int32], targetTokens: [Int32], weights: [Float], logprobs: [Float], advantages: [Float]
    ) {
        self.inputTokens = inputTokens
        self.targetTokens = targetTokens
        self.weights = weights
        self.logprobs = logprobs
        self.advantages = advantages
    }
}
