/// The paths inside a run directory.
public struct RunLayout: Sendable {
    public let root: String

    public init(root: String) { self.root = root }

    public static let metricsName = "metrics.jsonl"
    public static let outcomesName = "outcomes.jsonl"

    public var recipe: String { root + "/recipe.yaml" }
    public var lock: String { root + "/lock.json" }
    public var latest: String { root + "/latest.json" }
    public var metrics: String { root + "/" + Self.metricsName }
    /// What came of the questions of each reinforcement step; curriculum and replay are functions of it.
    public var outcomes: String { root + "/" + Self.outcomesName }
    public var manifests: String { root + "/manifests" }
    public var rejectedManifests: String { root + "/manifests/rejected" }
    public var dataset: String { root + "/dataset" }
    public var rollouts: String { root + "/rollouts" }
    public var evaluations: String { root + "/evaluations" }
    public var groups: String { root + "/groups" }
    public var checkpoints: String { root + "/checkpoints" }
    public var logs: String { root + "/logs" }
    /// Held (flock) by the process that works in the directory.
    public var inUse: String { root + "/.in-use" }

    var directories: [String] {
        [manifests, rejectedManifests, dataset, rollouts, evaluations, groups, checkpoints, logs]
    }

    public func rollouts(step: Int) -> String { root + "/" + Self.rolloutsName(step: step) }

    /// Relative to the run directory.
    static func rolloutsName(step: Int) -> String { "rollouts/" + padded(step) + ".jsonl.zst" }

    /// The report of an evaluation; its episodes lie beside it with the ending `.jsonl.zst`.
    public func evaluation(stage: StageName, step: Int) -> String {
        evaluations + "/" + Self.padded(step) + "." + stage.rawValue + ".json"
    }

    public func evaluationEpisodes(stage: StageName, step: Int) -> String {
        evaluations + "/" + Self.padded(step) + "." + stage.rawValue + ".jsonl.zst"
    }

    /// What the policy of a supervised stage wrote after the beginnings of held-out examples.
    public func samples(stage: StageName, step: Int) -> String {
        evaluations + "/" + Self.padded(step) + "." + stage.rawValue + ".samples.jsonl"
    }

    public func groups(stage: StageName, step: Int) -> String { root + "/" + Self.groupsName(stage: stage, step: step) }

    /// Relative to the run directory.
    static func groupsName(stage: StageName, step: Int) -> String {
        "groups/" + stage.rawValue + "-" + padded(step) + ".jsonl"
    }

    public func log(attempt: Int) -> String { logs + "/attempt-\(attempt).log" }

    static func padded(_ step: Int) -> String {
        let digits = String(step)
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }
}
