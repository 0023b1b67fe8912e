import Agents
import Backends
import Rewards

/// A world in which a policy plays episodes that are then scored.
///
/// Both methods must be functions of their arguments: the same key and the same policy give the same episode, whatever
/// else runs at the same time.
public protocol RolloutEnvironment<Question>: Sendable {
    associatedtype Question: RolloutQuestion

    /// Plays one episode.
    /// - Parameter temperature: 0 is greedy.
    func episode(
        for question: Question, sampler: any PolicySampler, temperature: Double, key: EpisodeKey
    ) async throws -> Episode

    /// Scores a finished episode.
    func reward(for episode: Episode, question: Question) async throws -> RewardBreakdown
}
