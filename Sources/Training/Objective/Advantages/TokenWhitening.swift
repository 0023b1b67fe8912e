/// `(x − mean) / √(var + 1e-8)` with mean and variance (ddof 1) over tokens, as verl's `masked_whiten`.
///
/// Fewer than two tokens, or tokens that are all equal, are whitened to exact zeros.
struct TokenWhitening {
    static let epsilon = 1e-8

    private let mean: Double
    private let scale: Double

    /// - Parameters:
    ///   - groups: each reward of a group is the value of its episode's tokens.
    init(_ groups: [RewardGroup]) {
        var (count, sum) = (0, 0.0)
        var (lowest, highest) = (Double.infinity, -Double.infinity)
        Self.forEach(groups) { value, tokens in
            count += tokens
            sum += Double(tokens) * value
            lowest = min(lowest, value)
            highest = max(highest, value)
        }
        guard count > 1, lowest != highest else {
            (mean, scale) = (0, 0)
            return
        }
        let mean = sum / Double(count)
        var squares = 0.0
        Self.forEach(groups) { value, tokens in squares += Double(tokens) * (value - mean) * (value - mean) }
        self.mean = mean
        scale = 1 / (squares / Double(count - 1) + Self.epsilon).squareRoot()
    }

    private static func forEach(_ groups: [RewardGroup], _ body: (_ value: Double, _ tokens: Int) -> Void) {
        for group in groups {
            for index in group.rewards.indices where group.tokenCounts[index] > 0 {
                if let reward = group.rewards[index] { body(reward, group.tokenCounts[index]) }
            }
        }
    }

    func callAsFunction(_ value: Double) -> Double { scale == 0 ? 0 : (value - mean) * scale }
}
