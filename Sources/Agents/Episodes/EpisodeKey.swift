import Primitives

/// The place of an episode in a run, which names the random stream of each of its turns.
///
/// An episode is a function of its messages, its sampler's weights and its key, whatever else runs beside it.
public struct EpisodeKey: Sendable, Hashable {
    public var seed: UInt64
    public var stage: CounterRandom.Stage
    public var step: Int
    /// The question's place in the step.
    public var group: Int
    /// The episode's place in its group.
    public var sample: Int

    public init(seed: UInt64, stage: CounterRandom.Stage, step: Int, group: Int, sample: Int) {
        self.seed = seed
        self.stage = stage
        self.step = step
        self.group = group
        self.sample = sample
    }

    /// The backend's seed for one turn.
    public func samplingSeed(turn: Int) -> Int64 { random(turn: turn).seed63 }

    /// The turn's own numbers, which no sampler draws from.
    func random(turn: Int) -> CounterRandom {
        CounterRandom(seed: seed, stage: stage, step: step, group: group, sample: sample, turn: turn)
    }
}
