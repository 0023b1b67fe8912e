import Backends

/// What one evaluation produced: the report and the episodes that it rests on, in the order of the questions.
public struct EvaluationResult: Sendable {
    public var report: EvaluationReport
    public var episodes: [ScoredEpisode]

    public init(report: EvaluationReport, episodes: [ScoredEpisode]) {
        self.report = report
        self.episodes = episodes
    }
}

/// A measurement of a policy that training stages take now and then.
public protocol PolicyEvaluation: Sendable {
    func evaluate(_ sampler: any PolicySampler) async throws -> EvaluationResult
}
