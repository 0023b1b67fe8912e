import Primitives

/// One training sequence, already shifted: position *i* of every array speaks of the prediction of `targetTokens[i]`.
///
/// Invariant: all five arrays have the same length, `inputTokens = full[:-1]` and `targetTokens = full[1:]`; `weights`,
/// `logprobs` and `advantages` are zero wherever the policy did not write the target.
public struct Datum: Sendable, Equatable {
    public var inputTokens: [TokenID]
    public var targetTokens: [TokenID]
    /// 1 where the target counts in the loss, 0 elsewhere (fractions are allowed in supervised training).
    public var weights: [Float]
    /// The sampler's logprob of each target; zeros in supervised training.
    public var logprobs: [Float]
    /// The advantage of each target, with every normalisation the client wants already applied.
    public var advantages: [Float]

    public init(
        inputTokens: [TokenID], targetTokens: [TokenID], weights: [Float], logprobs: [Float], advantages: [Float]
    ) {
        precondition(
            [targetTokens.count, weights.count, logprobs.count, advantages.count].allSatisfy {
                $0 == inputTokens.count
            },
            "the arrays of a datum must have one length")
        self.inputTokens = inputTokens
        self.targetTokens = targetTokens
        self.weights = weights
        self.logprobs = logprobs
        self.advantages = advantages
    }

    /// A supervised datum from a whole sequence and the loss weight of each of its tokens (both unshifted).
    public init(supervised tokens: [TokenID], weights: [Float]) {
        precondition(tokens.count == weights.count && tokens.count >= 2, "a datum needs at least two tokens")
        let zeros = [Float](repeating: 0, count: tokens.count - 1)
        self.init(
            inputTokens: Array(tokens.dropLast()), targetTokens: Array(tokens.dropFirst()),
            weights: Array(weights.dropFirst()), logprobs: zeros, advantages: zeros)
    }

    /// The number of positions.
    public var count: Int { inputTokens.count }
}
