import Agents
import Evaluation

/// The metrics of one reinforcement step. Everything about episodes is measured on **all** episodes of the step, before any
/// filter, and everything about rewards on all that were played to their end, because a failed one has none. What is named
/// `shipped/…`, and what is said about the trainer, is measured on what was trained.
struct RolloutMetrics {
    let groups: [JudgedGroup]
    /// Optimizer steps when the step began.
    let policyVersion: Int

    func record(in row: inout StepMetrics) {
        let all = groups.flatMap(\.group.episodes)
        let played = all.filter { $0.episode.failure == nil }
        func mean(_ value: (ScoredEpisode) -> Double, over episodes: [ScoredEpisode]) -> Double {
            episodes.isEmpty ? 0 : episodes.reduce(0) { $0 + value($1) } / Double(episodes.count)
        }
        func mean(_ value: (ScoredEpisode) -> Double) -> Double { mean(value, over: all) }
        func fraction(_ condition: (ScoredEpisode) -> Bool) -> Double { mean { condition($0) ? 1 : 0 } }
        func groupFraction(_ condition: (JudgedGroup) -> Bool) -> Double {
            groups.isEmpty ? 0 : Double(groups.count(where: condition)) / Double(groups.count)
        }
        let rewards = RewardStatistics(played.map(\.reward.total))
        row["reward/mean"] = rewards.mean
        row["reward/std"] = rewards.standardDeviation(degreesOfFreedom: 0)
        row["reward/min"] = rewards.minimum
        row["reward/max"] = rewards.maximum
        row["reward/task/mean"] = mean(\.reward.task, over: played)
        row["reward/format/mean"] = mean(\.reward.format, over: played)
        row["reward/efficiency/mean"] = mean(\.reward.efficiency, over: played)
        for name in Set(played.flatMap { $0.reward.parts.map(\.name) }) {
            let values = played.flatMap(\.reward.parts).filter { $0.name == name }.map(\.value)
            row["reward/\(name.rawValue)/mean"] = RewardStatistics(values).mean
        }
        row["accuracy"] = mean({ $0.isCorrect ? 1 : 0 }, over: played)
        row["format/valid_fraction"] = mean({ $0.isFormatValid ? 1 : 0 }, over: played)
        row["verdict/excluded_fraction"] = fraction { !$0.reward.trains }
        row["episodes/failed_fraction"] = fraction { $0.episode.failure != nil }
        row["group/count"] = Double(groups.count)
        row["group/trained"] = Double(groups.count(where: \.isShipped))
        row["group/frac_zero_std"] = groupFraction(\.hasZeroVariance)
        row["group/frac_all_correct"] = groupFraction { $0.group.episodes.allSatisfy(\.isCorrect) }
        row["group/frac_none_correct"] = groupFraction { !$0.group.episodes.contains(where: \.isCorrect) }
        row["group/frac_mixed"] = groupFraction { judged in
            judged.group.episodes.contains(where: \.isCorrect) && !judged.group.episodes.allSatisfy(\.isCorrect)
        }
        let trained = groups.filter(\.isShipped).flatMap { $0.advantages.compactMap(\.self) }
        row["advantage/abs_mean"] =
            trained.isEmpty ? nil : trained.reduce(0) { $0 + abs($1) } / Double(trained.count)
        row["response_length/mean"] = mean { Double($0.episode.responseTokenCount) }
        row["response_length/max"] = Double(all.map(\.episode.responseTokenCount).max() ?? 0)
        row["response_length/clip_ratio"] = fraction(\.episode.wasTruncated)
        row["turns/mean"] = mean { Double($0.episode.turns.count) }
        row["tool_calls/mean"] = mean { Double($0.episode.toolCallCount) }
        let calls = all.reduce(0) { $0 + $1.episode.toolCallCount }
        row["tool_calls/error_fraction"] =
            calls == 0 ? 0 : Double(all.reduce(0) { $0 + $1.episode.toolErrorCount }) / Double(calls)
        for (tool, calls) in Dictionary(grouping: all.flatMap(\.episode.turns).flatMap(\.calls), by: \.tool) {
            guard let tool else { continue }
            row["tools/\(tool)/calls"] = Double(calls.count)
            row["tools/\(tool)/error_fraction"] = Double(calls.count { $0.failure != nil }) / Double(calls.count)
        }
        let selections = ToolSelectionMetrics(
            all.flatMap { $0.episode.selectionRecords(question: $0.questionID, reward: $0.reward.total) })
        if selections.decisions > 0 {
            row["tools/selection/agreement"] = selections.agreement
            row["tools/selection/coverage"] = selections.coverage
            row["tools/selection/breadth"] = selections.breadth
            row["tools/selection/regret"] = selections.regret
        }
        row["tokens/sampled"] = Double(all.reduce(0) { $0 + $1.episode.responseTokenCount })
        row["staleness/mean"] = mean { Double(policyVersion) - $0.episode.meanPolicyVersion }
        row["staleness/max"] = Double(policyVersion - (all.map(\.episode.policyVersion).min() ?? policyVersion))
        row["policy_version"] = Double(policyVersion)
        recordShipped(in: &row)
        recordJudgedRewards(in: &row)
        recordReference(in: &row)
    }

    /// What the trainer said of the passes of the step; of a step that trained nothing the numbers have no value.
    static func record(
        _ passes: [(update: PolicyUpdate, trainerLogprobs: [[Float]])], gradientNorm: Double?, in row: inout StepMetrics
    ) {
        row["train/updated"] = passes.isEmpty ? 0 : 1
        row["train/sequences"] = Double(passes.reduce(0) { $0 + $1.update.datums.count })
        row["tokens/trained"] = Double(passes.reduce(0) { $0 + $1.update.tokenCount })
        row["grad_norm"] = gradientNorm
        for (name, value) in PolicyUpdate.metrics(of: passes) { row[name] = passes.isEmpty ? nil : value }
    }

    // MARK: The shipped subset and the reference

    /// The same numbers as above on what went to the trainer; without a value in a step that trained nothing.
    private func recordShipped(in row: inout StepMetrics) {
        let shipped = groups.filter(\.isShipped)
        let episodes = shipped.flatMap { judged in
            zip(judged.group.episodes, judged.advantages).compactMap { $1 == nil ? nil : $0 }
        }
        func mean(_ value: (ScoredEpisode) -> Double) -> Double? {
            episodes.isEmpty ? nil : episodes.reduce(0) { $0 + value($1) } / Double(episodes.count)
        }
        row["shipped/groups"] = Double(shipped.count)
        row["shipped/episodes"] = Double(episodes.count)
        row["shipped/reward/mean"] = mean(\.reward.total)
        row["shipped/reward/std"] =
            episodes.isEmpty
            ? nil : RewardStatistics(episodes.map(\.reward.total)).standardDeviation(degreesOfFreedom: 0)
        row["shipped/accuracy"] = mean { $0.isCorrect ? 1 : 0 }
        row["shipped/response_length/mean"] = mean { Double($0.episode.responseTokenCount) }
    }

    /// What the estimator saw, where shaping or a penalty made it differ from the rewards.
    private func recordJudgedRewards(in row: inout StepMetrics) {
        let differs = groups.contains { judged in
            zip(judged.rewards, judged.group.episodes).contains { $0 != nil && $0 != $1.reward.total }
        }
        guard differs else { return }
        let rewards = RewardStatistics(groups.flatMap { $0.rewards.compactMap(\.self) })
        row["reward/judged/mean"] = rewards.mean
        row["reward/judged/std"] = rewards.standardDeviation(degreesOfFreedom: 0)
    }

    /// The distance of the sampler from the reference, over all tokens of all groups that have the reference's logprobs.
    private func recordReference(in row: inout StepMetrics) {
        let measured = groups.map(\.group).filter { $0.referenceLogprobs != nil }
        guard !measured.isEmpty else { return }
        let distances = measured.flatMap { group in
            group.episodes.indices.flatMap { group.distances(ofEpisode: $0).flatMap(\.self) }
        }
        for estimator in [DivergenceEstimator.k1, .k2, .k3] {
            let sum = distances.reduce(0) { $0 + estimator(policy: $1.policy, reference: $1.reference) }
            row["kl/reference_\(estimator.rawValue)"] = distances.isEmpty ? nil : sum / Double(distances.count)
        }
    }
}
