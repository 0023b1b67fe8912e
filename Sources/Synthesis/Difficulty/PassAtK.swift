/// The probability that at least one of `k` attempts is right.
public enum PassAtK {
    /// The unbiased estimate from `correct` of `attempts` attempts, `1 − C(n−c, k) / C(n, k)` (Chen et al., "Evaluating
    /// Large Language Models Trained on Code", 2021); `nil` where fewer than `k` attempts were made or the counts are
    /// impossible.
    public static func estimate(correct: Int, attempts: Int, k: Int) -> Double? {
        guard k >= 1, attempts >= k, 0...attempts ~= correct else { return nil }
        guard attempts - correct >= k else { return 1 }
        var miss = 1.0
        for drawn in 0..<k { miss *= Double(attempts - correct - drawn) / Double(attempts - drawn) }
        return 1 - miss
    }

    /// The mean of the estimates over questions; `nil` if one of them has too few attempts or there are none.
    public static func mean(of counts: [(correct: Int, attempts: Int)], k: Int) -> Double? {
        var sum = 0.0
        for count in counts {
            guard let value = estimate(correct: count.correct, attempts: count.attempts, k: k) else { return nil }
            sum += value
        }
        return counts.isEmpty ? nil : sum / Double(counts.count)
    }
}
