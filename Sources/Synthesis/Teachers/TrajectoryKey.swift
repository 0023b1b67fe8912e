import Primitives

/// The place of a trajectory in a synthesis, which names its random streams.
///
/// Nothing random depends on what else is synthesised or in which order.
public struct TrajectoryKey: Sendable, Hashable {
    /// What the numbers of a stream are for. The raw values are part of every data set's reproducibility.
    enum Stream: Int {
        /// 0 and 1 are the questions' wording and splits.
        case guidance = 2
        case toolFailure, phrasing, sampling, rewriting, datasetSplit, balance
    }

    public var seed: UInt64
    /// The question's number in its set.
    public var question: Int
    /// The trajectory's number among those of its question; below 2¹⁶.
    public var rollout: Int

    public init(seed: UInt64, question: Int, rollout: Int) {
        self.seed = seed
        self.question = question
        self.rollout = rollout
    }

    /// - Parameter turn: the turn or call; those from 4095 on share a stream.
    func random(_ stream: Stream, turn: Int = 0) -> CounterRandom {
        CounterRandom(
            seed: seed, stage: .synthesis, step: question, group: stream.rawValue, sample: rollout,
            turn: min(turn, 4095))
    }
}
