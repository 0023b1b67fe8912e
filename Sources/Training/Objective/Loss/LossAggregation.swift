/// How per-token losses of an optimizer step become the one number that is differentiated.
///
/// Peers give one name to two conventions wherever a sequence may have no policy token left: verl leaves such rows out of the
/// number of sequences, TRL, SkyRL and slime count them. Both are here under names of their own.
public enum LossAggregation: Sendable, Hashable {
    /// The mean over all policy tokens: every token counts alike (DAPO, verl `token-mean`, TRL `dapo` and `bnpo`).
    case tokenMean
    /// The mean over sequences of the mean over their policy tokens; sequences without policy tokens do not count
    /// (verl `seq-mean-token-mean`).
    case sequenceMean
    /// The same, but sequences without policy tokens count as zeros (TRL `grpo`, SkyRL `sequence_mean`, slime).
    case sequenceMeanOverAll
    /// The mean over sequences of the sum over their policy tokens; sequences without policy tokens do not count
    /// (verl `seq-mean-token-sum`).
    case sequenceSum
    /// The same, but sequences without policy tokens count as zeros.
    case sequenceSumOverAll
    /// The sum over tokens divided by (sequences with policy tokens × a constant length), so that long answers are not
    /// diluted (verl `seq-mean-token-sum-norm`).
    case constantLength(maximum: Int)
    /// The same, but sequences without policy tokens count (Dr. GRPO, TRL `dr_grpo`, SkyRL `seq_mean_token_sum_norm`).
    case constantLengthOverAll(maximum: Int)
    /// The plain sum over tokens (Tinker).
    case tokenSum

    /// For each sequence, the factor that every one of its policy tokens is multiplied by, so that a plain sum over tokens
    /// gives this aggregation.
    /// - Parameter share: the part of the optimizer step that these sequences are, where it is made of several passes: the
    ///   aggregation of these sequences counts so much, and the shares of the passes sum to 1. A sum has nothing to be
    ///   shared, so ``tokenSum`` does not use it.
    public func tokenFactors(policyTokenCounts counts: [Int], share: Double = 1) -> [Double] {
        let tokens = Double(counts.reduce(0, +))
        let (all, filled) = (Double(counts.count), Double(counts.count { $0 > 0 }))
        return counts.map { count in
            guard count > 0 else { return 0 }
            return switch self {
            case .tokenMean: share / tokens
            case .sequenceMean: share / (filled * Double(count))
            case .sequenceMeanOverAll: share / (all * Double(count))
            case .sequenceSum: share / filled
            case .sequenceSumOverAll: share / all
            case .constantLength(let maximum): share / (filled * Double(maximum))
            case .constantLengthOverAll(let maximum): share / (all * Double(maximum))
            case .tokenSum: 1
            }
        }
    }
}
