import Primitives

/// A part of a run that trains. The raw value names its files and its metrics rows.
public enum StageName: String, Sendable, Hashable, CaseIterable, Comparable {
    case pretraining = "base"
    case supervised = "sft"
    case reinforcement = "rl"

    /// The stream of random numbers that the stage draws from.
    public var randomStage: CounterRandom.Stage {
        switch self {
        case .pretraining: .pretraining
        case .supervised: .supervised
        case .reinforcement: .reinforcement
        }
    }

    /// The order in which a run goes through its stages.
    public static func < (left: StageName, right: StageName) -> Bool { left.position < right.position }

    private var position: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
