import Agents
import Backends
import Evaluation

/// The metrics of one reinforcement step. Everything about episodes is measured on **all** episodes of the step, before any
/// filter, and everything about rewards on all that were played to their end, because a failed one has none; what is said
/// about the trainer is measured on what was trained.
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
        row["group/trained"] = Double(groups.count(where: \.hasSignal))
        row["group/frac_zero_std"] = groupFraction(\.hasZeroVariance)
        row["group/frac_all_correct"] = groupFraction { $0.group.episodes.allSatisfy(\.isCorrect) }
        row["group/frac_none_correct"] = groupFraction { !$0.group.episodes.contains(where: \.isCorrect) }
        let trained = groups.filter(\.hasSignal).flatMap { $0.advantages.compactMap(\.self) }
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
        let staleness = all.map { Double(policyVersion - $0.episode.policyVersion) }
        row["staleness/mean"] = RewardStatistics(staleness).mean
        row["staleness/max"] = RewardStatistics(staleness).maximum
        row["policy_version"] = Double(policyVersion)
    }

    /// What the trainer said; `nil` for a step that trained nothing, whose numbers then have no value.
    static func record(
        _ result: TrainStepResult?, datums: [Datum], loss: LossFunction, in row: inout StepMetrics
    ) {
        let statistics = result.map { PolicyStatistics(datums: datums, logprobs: $0.logprobs, loss: loss) }
        row["train/updated"] = result == nil ? 0 : 1
        row["train/sequences"] = Double(datums.count)
        row["tokens/trained"] = Double(statistics?.tokenCount ?? 0)
        row["loss"] = statistics?.loss
        row["grad_norm"] = result?.gradientNorm
        row["kl/sampler_trainer_v1"] = statistics?.divergenceV1
        row["kl/sampler_trainer_v2"] = statistics?.divergenceV2
        row["entropy"] = statistics?.entropyEstimate
        if case .ppo = loss {
            row["ratio/clip_fraction_low"] = statistics?.clipFractionLow
            row["ratio/clip_fraction_high"] = statistics?.clipFractionHigh
        }
    }
}
