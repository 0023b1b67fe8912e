/// `rᵢ −= mean(r) · (output · oᵢ / max(o) + input · iᵢ / max(i) + turns · tᵢ / max(t))`: an answer costs in proportion to the
/// longest of its group, and the more the easier its question is (prime-rl's `length_penalty: linear`).
///
/// `o` are the tokens that the policy wrote, `i` those that it read, `t` its turns; means and maxima are over the episodes that
/// have rewards. A mean that is not positive costs nothing: a negative one would reward length.
public struct LengthShaping: Sendable, Hashable {
    /// The size of one episode.
    public struct Size: Sendable, Hashable {
        public var output: Int
        public var input: Int
        public var turns: Int

        public init(output: Int, input: Int, turns: Int) {
            self.output = output
            self.input = input
            self.turns = turns
        }
    }

    public var output: Double
    public var input: Double
    public var turns: Double

    public init(output: Double = 0.25, input: Double = 0.1, turns: Double = 0.1) {
        self.output = output
        self.input = input
        self.turns = turns
    }

    /// The rewards of a group, lowered.
    public func shaped(_ rewards: [Double?], sizes: [Size]) -> [Double?] {
        let present = zip(rewards, sizes).filter { $0.0 != nil }
        let mean = RewardStatistics(present.compactMap(\.0)).mean
        guard mean > 0 else { return rewards }
        func scale(_ weight: Double, _ part: KeyPath<Size, Int>) -> Double {
            let longest = present.map { $0.1[keyPath: part] }.max() ?? 0
            return longest > 0 ? weight / Double(longest) : 0
        }
        let scales = (scale(output, \.output), scale(input, \.input), scale(turns, \.turns))
        return zip(rewards, sizes).map { reward, size in
            reward.map {
                $0 - mean
                    * (scales.0 * Double(size.output) + scales.1 * Double(size.input) + scales.2 * Double(size.turns))
            }
        }
    }
}
