/// One sequence to train on. Each token of the input has one or more targets; position *i* of every other array speaks of the
/// prediction of `targetTokens[i]`, the targets of one token after those of another.
///
/// Invariant: the other arrays have one length, a multiple of that of `inputTokens`; tokens are below the vocabulary size,
/// numbers are finite (the server checks).
public struct TrainingSequence: Sendable {
    public var inputTokens: [Int32]
    public var targetTokens: [Int32]
    public var weights: [Float]
    /// The sampler's logprobs; read by the reinforcement losses only.
    public var logprobs: [Float]
    public var advantages: [Float]

    /// How many targets each token of the input has.
    public var targetsPerToken: Int { inputTokens.isEmpty ? 1 : targetTokens.count / inputTokens.count }

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
