import Agents
import Backends

/// What becomes of episodes that could not be played to their end. They have no reward, whatever is chosen here.
public struct FailurePolicy: Sendable, Hashable {
    /// How often an episode is played before it counts as failed. Each time it begins as before, so that a failure that
    /// passes leaves no trace.
    public var attempts: Int
    /// Whether the other episodes of its group are trained on. Otherwise the whole group is dropped.
    public var keepsPartialGroups: Bool
    /// The share of a step's episodes that may fail; beyond it the run stops, because something is broken.
    public var maximumShare: Double

    public init(attempts: Int = 2, keepsPartialGroups: Bool = true, maximumShare: Double = 0.5) {
        self.attempts = max(1, attempts)
        self.keepsPartialGroups = keepsPartialGroups
        self.maximumShare = maximumShare
    }
}

extension RolloutEnvironment {
    /// Plays one episode, again where it failed.
    public func episode(
        for question: Question, sampler: any PolicySampler, temperature: Double, key: EpisodeKey, attempts: Int
    ) async throws -> Episode {
        var attempt = 1
        while true {
            let episode = try await episode(for: question, sampler: sampler, temperature: temperature, key: key)
            guard episode.failure != nil, attempt < attempts else { return episode }
            attempt += 1
        }
    }
}
