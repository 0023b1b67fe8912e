/// What an episode's reward is made of, as the recipe says.
public struct RewardComposition: Sendable, Hashable {
    /// A part computed from what the policy wrote.
    public enum Shaping: Sendable, Hashable {
        /// Soft overlong punishment: 0 up to `maximumTokens - bufferTokens`, then falling to −1 at `maximumTokens`.
        case overlong(maximumTokens: Int, bufferTokens: Int)
        /// The share of repeated n-grams of tokens, as a value from −1 to 0.
        case repetition(length: Int)
        /// Shorter is better for a right answer (1 to 0.5), longer is better for a wrong one (−1 to −0.5).
        case cosineLength(maximumTokens: Int)
        /// The share of quotations (`<cite>…</cite>`) that stand literally in what the tools answered.
        case citation

        public var name: RewardPart.Name {
            switch self {
            case .overlong: .overlong
            case .repetition: .repetition
            case .cosineLength: .cosineLength
            case .citation: .citation
            }
        }

        /// The values that a right answer and a wrong one can get.
        var range: (right: ClosedRange<Double>, wrong: ClosedRange<Double>) {
            switch self {
            case .overlong, .repetition: (-1...0, -1...0)
            case .cosineLength: (0.5...1, -1 ... -0.5)
            case .citation: (0...1, 0...1)
            }
        }
    }

    public struct WeightedShaping: Sendable, Hashable {
        public var shaping: Shaping
        public var weight: Double

        public init(_ shaping: Shaping, weight: Double) {
            self.shaping = shaping
            self.weight = weight
        }
    }

    public var weights: RewardWeights
    public var shaping: [WeightedShaping]
    /// The parts that count for correct answers only, so that no style outranks being right.
    public var onlyWhenCorrect: Set<RewardPart.Name>

    public init(
        weights: RewardWeights = RewardWeights(), shaping: [WeightedShaping] = [],
        onlyWhenCorrect: Set<RewardPart.Name> = [.expert, .efficiency]
    ) {
        self.weights = weights
        self.shaping = shaping
        self.onlyWhenCorrect = onlyWhenCorrect
    }

    /// The least that a right answer can earn, and the most that a wrong one can.
    public var bounds: (leastForRight: Double, mostForWrong: Double) {
        var least = weights.task
        var most = weights.format
        if !onlyWhenCorrect.contains(.expert) { most += weights.expert }
        if !onlyWhenCorrect.contains(.efficiency) { most += weights.efficiency }
        for part in shaping {
            let range = part.shaping.range
            least += part.weight * range.right.lowerBound
            if !onlyWhenCorrect.contains(part.shaping.name) { most += part.weight * range.wrong.upperBound }
        }
        return (least, most)
    }

    /// What is wrong with the composition: a wrong answer that could earn as much as a right one.
    public var problem: String? {
        let (least, most) = bounds
        guard least <= most else { return nil }
        return "a wrong answer can earn up to \(most) and a right one as little as \(least); raise `task`, lower the "
            + "other weights, or name parts in `only_when_correct`"
    }
}
