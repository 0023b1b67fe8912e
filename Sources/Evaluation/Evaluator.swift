import Agents
import Backends
import Primitives

/// Plays one episode per held-out question and reports what was reached.
///
/// The random streams depend on the seed and the question's position only, so two policies meet the same draws and a
/// report does not depend on the concurrency.
public struct Evaluator<Environment: RolloutEnvironment>: PolicyEvaluation {
    public var environment: Environment
    public var questions: [Environment.Question]
    /// 0 is greedy.
    public var temperature: Double
    public var maximumConcurrency: Int
    public var seed: UInt64
    public var failures: FailurePolicy

    public init(
        environment: Environment, questions: [Environment.Question], temperature: Double = 0,
        maximumConcurrency: Int = 32, seed: UInt64, failures: FailurePolicy = FailurePolicy()
    ) {
        self.failures = failures
        self.environment = environment
        self.questions = questions
        self.temperature = temperature
        self.maximumConcurrency = maximumConcurrency
        self.seed = seed
    }

    public func evaluate(_ sampler: any PolicySampler) async throws -> EvaluationResult {
        let (environment, questions, temperature, seed) = (environment, questions, temperature, seed)
        let attempts = failures.attempts
        var finished = [ScoredEpisode?](repeating: nil, count: questions.count)
        try await BoundedConcurrency.forEach(count: questions.count, limit: maximumConcurrency) { index in
            try await environment.scoredEpisode(
                for: questions[index], sampler: sampler, temperature: temperature,
                key: EpisodeKey(seed: seed, stage: .evaluation, step: 0, group: index, sample: 0),
                attempts: attempts)
        } receive: { index, episode in
            finished[index] = episode
        }
        let episodes = finished.compactMap(\.self)
        let report = EvaluationReport(
            policyVersion: sampler.policyVersion, temperature: temperature, episodes: episodes, questions: questions)
        return EvaluationResult(report: report, episodes: episodes)
    }
}

extension RolloutEnvironment {
    /// Plays and scores one episode.
    public func scoredEpisode(
        for question: Question, sampler: any PolicySampler, temperature: Double, key: EpisodeKey, attempts: Int = 1
    ) async throws -> ScoredEpisode {
        let episode = try await episode(
            for: question, sampler: sampler, temperature: temperature, key: key, attempts: attempts)
        return ScoredEpisode(
            questionID: question.id, episode: episode, reward: try await reward(for: episode, question: question))
    }
}
