/// How per-token losses of a batch become the one number that is differentiated.
public enum LossAggregation: String, Sendable, CaseIterable {
    /// The mean over all policy tokens of the batch: every token counts alike (DAPO, verl `token-mean`).
    case tokenMean = "token_mean"
    /// The mean over sequences of the mean over their policy tokens; sequences without policy tokens do not count
    /// (verl `seq-mean-token-mean`).
    case sequenceMean = "sequence_mean"
    /// The same, but sequences without policy tokens count as zeros (TRL `grpo`, SkyRL `sequence_mean`).
    case sequenceMeanOverAll = "sequence_mean_over_all"
    /// The plain sum over tokens.
    case tokenSum = "token_sum"

    /// For each sequence, the factor that every one of its policy tokens is multiplied by, so that a plain sum over tokens
    /// gives this aggregation.
    public func tokenFactors(policyTokenCounts counts: [Int]) -> [Double] {
        let tokens = counts.reduce(0, +)
        let sequences = self == .sequenceMean ? counts.count { $0 > 0 } : counts.count
        return counts.map { count in
            guard count > 0 else { return 0 }
            return switch self {
            case .tokenMean: 1 / Double(tokens)
            case .sequenceMean, .sequenceMeanOverAll: 1 / (Double(sequences) * Double(count))
            case .tokenSum: 1
            }
        }
    }
}
