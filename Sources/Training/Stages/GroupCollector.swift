import Agents
import Backends
import Evaluation
import Primitives

/// The groups of one step.
struct CollectedGroups: Sendable {
    /// In the order of the questions, whatever the order in which they were finished.
    var groups: [RolloutGroup]
    /// Tokens sampled in this launch; groups reused from the write-ahead log do not count.
    var sampledTokens: Int
    /// Seconds spent on scoring, summed over concurrent episodes.
    var rewardSeconds: Double
}

/// Plays the groups of a step with a bounded number of episodes in flight, and writes each finished group ahead.
struct GroupCollector<Environment: RolloutEnvironment>: Sendable {
    let environment: Environment
    let run: RunDirectory
    let stop: StopSignal
    let stage: StageName
    let groupSize: Int
    let temperature: Double
    let maximumConcurrency: Int
    let seed: UInt64
    let failures: FailurePolicy

    /// - Returns: `nil` where the stop signal came first. Episodes in flight are cancelled then; finished groups are in the
    ///   write-ahead log, and the others will be played again just as they would have been.
    func collect(
        _ questions: [Environment.Question], step: Int, sampler: any PolicySampler, policyIdentity: String
    ) async throws -> CollectedGroups? {
        let stored = try await run.openGroups(stage: stage, step: step, policyIdentity: policyIdentity)
        var groups = try reusable(stored, questions: questions)
        let open = questions.indices.filter { groups[$0] == nil }
        var unfinished = Dictionary(
            uniqueKeysWithValues: open.map { ($0, [ScoredEpisode?](repeating: nil, count: groupSize)) })
        var (sampledTokens, rewardSeconds) = (0, 0.0)

        do {
            try await BoundedConcurrency.forEach(count: open.count * groupSize, limit: maximumConcurrency) { number in
                let (place, sample) = number.quotientAndRemainder(dividingBy: groupSize)
                let question = questions[open[place]]
                let episode = try await environment.episode(
                    for: question, sampler: sampler, temperature: temperature,
                    key: EpisodeKey(
                        seed: seed, stage: stage.randomStage, step: step, group: open[place], sample: sample),
                    attempts: failures.attempts)
                let start = ContinuousClock.now
                let reward = try await environment.reward(for: episode, question: question)
                return (
                    ScoredEpisode(questionID: question.id, episode: episode, reward: reward),
                    StepTimer.seconds(ContinuousClock.now - start)
                )
            } receive: { number, result in
                let (place, sample) = number.quotientAndRemainder(dividingBy: groupSize)
                let index = open[place]
                unfinished[index]?[sample] = result.0
                sampledTokens += result.0.episode.responseTokenCount
                rewardSeconds += result.1
                if let episodes = unfinished[index], episodes.allSatisfy({ $0 != nil }) {
                    let group = RolloutGroup(
                        index: index, questionID: questions[index].id, episodes: episodes.compactMap(\.self))
                    try await run.append(group: group, stage: stage, step: step)
                    groups[index] = group
                }
                if stop.isRequested { throw CollectionStopped() }
            }
        } catch is CollectionStopped {
            return nil
        }
        try check(groups.compactMap(\.self), step: step)
        return CollectedGroups(
            groups: groups.compactMap(\.self), sampledTokens: sampledTokens, rewardSeconds: rewardSeconds)
    }

    /// Stops the run where so many episodes failed that something must be broken.
    private func check(_ groups: [RolloutGroup], step: Int) throws(TrainingError) {
        let episodes = groups.flatMap(\.episodes).map(\.episode)
        let failed = episodes.compactMap(\.failure)
        guard let first = failed.first, Double(failed.count) > failures.maximumShare * Double(episodes.count) else {
            return
        }
        throw .tooManyFailures(
            stage: stage, step: step, failed: failed.count, count: episodes.count, reason: first.reason)
    }

    /// The stored groups in their places; a group that does not belong to the step's questions is not used.
    private func reusable(_ stored: [JSONValue], questions: [Environment.Question]) throws -> [RolloutGroup?] {
        var groups = [RolloutGroup?](repeating: nil, count: questions.count)
        for value in stored {
            guard let group = try? RolloutGroup(json: value), questions.indices.contains(group.index),
                group.questionID == questions[group.index].id, group.episodes.count == groupSize
            else { continue }
            groups[group.index] = group
        }
        return groups
    }
}

private struct CollectionStopped: Error {}
