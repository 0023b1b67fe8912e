import Evaluation
import Primitives

/// One line of `rollouts/NNNNNN.jsonl.zst`.
struct RolloutRow: Sendable {
    let step: Int
    let group: Int
    let sample: Int
    let scored: ScoredEpisode
    let advantage: Double?
    /// Whether the episode was sent to the trainer.
    let wasTrained: Bool

    var json: JSONValue {
        var row: JSONObject = [
            "stage": .string(StageName.reinforcement.rawValue), "step": .integer(step), "group": .integer(group),
            "sample": .integer(sample), "policy_version": .integer(scored.episode.policyVersion),
            "advantage": advantage.map { .number($0) } ?? .null, "trained": .bool(wasTrained),
        ]
        for (key, value) in scored.json.objectValue?.members ?? [] { row[key] = value }
        return .object(row)
    }

    static func rows(step: Int, groups: [JudgedGroup]) -> [RolloutRow] {
        groups.flatMap { judged in
            zip(judged.group.episodes, judged.advantages).enumerated().map { sample, pair in
                RolloutRow(
                    step: step, group: judged.group.index, sample: sample, scored: pair.0, advantage: pair.1,
                    wasTrained: judged.isShipped && pair.1 != nil)
            }
        }
    }
}
