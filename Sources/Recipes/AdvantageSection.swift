import Training

/// `rl.advantage`: how rewards become advantages.
public struct AdvantageSection: Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        case grpo
        case meanOnly = "mean_only"
        case leaveOneOut = "rloo"
        case leaveOneOutDeviation = "leave_one_out_std"
        case reinforcePlusPlus = "reinforce_plus_plus"
        case reinforcePlusPlusBaseline = "reinforce_plus_plus_baseline"
        case passAtK = "pass_at_k"
        case maximumReward = "max_rl"
        case batchNormalized = "batch_normalized"
        case optimalBaseline = "optimal_baseline"

        /// What is added to a standard deviation, as the peer whose estimator it is has it; `nil` where nothing is divided.
        var epsilon: Double? {
            switch self {
            case .grpo, .leaveOneOutDeviation, .passAtK: 1e-6
            case .batchNormalized: 1e-4
            case .meanOnly, .leaveOneOut, .reinforcePlusPlus, .reinforcePlusPlusBaseline, .maximumReward,
                .optimalBaseline:
                nil
            }
        }
    }

    public var kind: Kind
    public var estimator: any AdvantageEstimator

    init(_ section: RecipeSection) {
        let kind = section.choice("kind", default: Kind.grpo) ?? .grpo
        section.expects("epsilon", onlyIf: kind.epsilon != nil, "kind", is: kind.rawValue)
        section.expects("degrees_of_freedom", onlyIf: kind == .grpo, "kind", is: kind.rawValue)
        section.expects("discount", onlyIf: kind == .reinforcePlusPlus, "kind", is: kind.rawValue)
        let epsilon = kind.epsilon.map { section.optionalNumber("epsilon", in: 0...1) ?? $0 } ?? 0
        switch kind {
        case .grpo:
            estimator = GroupRelativeAdvantage(
                degreesOfFreedom: section.optionalInteger("degrees_of_freedom", in: 0...1) ?? 1, epsilon: epsilon)
        case .meanOnly: estimator = MeanOnlyAdvantage()
        case .leaveOneOut: estimator = LeaveOneOutAdvantage()
        case .leaveOneOutDeviation: estimator = LeaveOneOutDeviationAdvantage(epsilon: epsilon)
        case .reinforcePlusPlus:
            estimator = ReinforcePlusPlusAdvantage(discount: section.number("discount", default: 1, in: 0...1))
        case .reinforcePlusPlusBaseline: estimator = ReinforcePlusPlusBaselineAdvantage()
        case .passAtK: estimator = PassAtKAdvantage(epsilon: epsilon)
        case .maximumReward: estimator = MaximumRewardAdvantage()
        case .batchNormalized: estimator = BatchNormalizedAdvantage(epsilon: epsilon)
        case .optimalBaseline: estimator = OptimalBaselineAdvantage()
        }
        self.kind = kind
        section.finish()
    }
}
