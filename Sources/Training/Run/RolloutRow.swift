import Evaluation
import Primitives

/// One line of `rollouts/NNNNNN.jsonl.zst`.
struct RolloutRow: Sendable {
    /// The step that trained it first.
    let step: Int
    /// The step that it was sampled for.
    let sampledStep: Int
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
        if sampledStep != step { row["sampled_step"] = .integer(sampledStep) }
        for (key, value) in scored.json.objectValue?.members ?? [] { row[key] = value }
        return .object(row)
    }

    static func rows(step: Int, groups: [JudgedGroup]) -> [RolloutRow] {
        groups.flatMap { judged in
            zip(judged.group.episodes, judged.advantages).enumerated().map { sample, pair in
                RolloutRow(
                    step: step, sampledStep: judged.group.step, group: judged.group.index, sample: sample,
                    scored: pair.0, advantage: pair.1, wasTrained: judged.isShipped && pair.1 != nil)
            }
        }
    }

    /// The groups that rows were written from, in order.
    static func groups(_ rows: [JSONValue]) throws(JSONError) -> [RolloutGroup] {
        var groups: [RolloutGroup] = []
        var episodes: [ScoredEpisode] = []
        var place: (step: Int, sampledStep: Int, group: Int)?
        func finish() {
            guard let place, let first = episodes.first else { return }
            groups.append(
                RolloutGroup(
                    step: place.sampledStep, index: place.group, trainedStep: place.step, questionID: first.questionID,
                    episodes: episodes))
            episodes = []
        }
        for row in rows {
            let step = try row.integer(at: "step")
            let sampled = row["sampled_step"] == nil ? step : try row.integer(at: "sampled_step")
            let next = (step, sampled, try row.integer(at: "group"))
            if let place, place != next { finish() }
            place = next
            episodes.append(try ScoredEpisode(json: row))
        }
        finish()
        return groups
    }
}
