import Primitives
import Storage

/// What a look at everything that a run's manifests vouch for has found. Nothing is written, so that a run in use can be
/// looked at.
///
/// Checked are the chain of manifests from the first to the newest; every file that they name, by length and SHA-256; the
/// recipe and `lock.json`; that `metrics.jsonl` and `outcomes.jsonl` have the rows of the steps that each manifest stands
/// for, in order; that the rollouts hold the groups that the outcomes speak of; and that the trainer states are there that
/// a resume may need. Times are not looked at, because clocks go wrong and nothing in a run depends on them.
public struct RunVerification: Sendable {
    public struct Manifest: Sendable {
        public var file: String
        public var stage: StageName
        public var step: Int
        public var isStageComplete: Bool
        /// How many files it vouches for, those of pending groups where it is the newest, and how many bytes of them.
        public var files: Int
        public var bytes: Int
        /// Whether the trainer state can be loaded; `nil` where the backend keeps it and cannot be asked.
        public var hasState: Bool?
        /// Why it cannot be trusted; empty where it can.
        public var problems: [String] = []
    }

    public var path: String
    /// Oldest first: the newest and its ancestors.
    public var manifests: [Manifest] = []
    /// What is wrong with the run besides.
    public var problems: [String] = []
    /// What lies there that no manifest vouches for: a resume cuts it off, completes it or does it again.
    public var leftovers: [String] = []

    /// Whether nothing is wrong.
    public var isSound: Bool { problems.isEmpty && manifests.allSatisfy(\.problems.isEmpty) }

    /// Looks at a run directory.
    /// - Parameter stateProblem: why a trainer state cannot be loaded; `nil` where the states are not at hand.
    public static func check(
        _ path: String, stateProblem: ((String) -> String?)? = nil
    ) throws(TrainingError) -> RunVerification {
        // A run in use may write a manifest, and remove what only the one before it needed, under the reader's eyes.
        var attempts = 0
        while true {
            attempts += 1
            let before = try RunDirectory.latestManifest(at: path)?.sequence
            let verification = try RunVerifier(path: path, stateProblem: stateProblem).verification()
            if verification.isSound || attempts == 5 { return verification }
            if try RunDirectory.latestManifest(at: path)?.sequence == before { return verification }
        }
    }

    // MARK: For people and programs

    /// One line per manifest, then what else was found, then the verdict.
    public var lines: [String] {
        var lines = manifests.map { manifest in
            let position = "\(manifest.stage.rawValue) \(manifest.step)\(manifest.isStageComplete ? ", complete" : "")"
            guard manifest.problems.isEmpty else {
                return "\(manifest.file)\t\(position)\tBROKEN: \(manifest.problems.joined(separator: "; "))"
            }
            let state = manifest.hasState.map { $0 ? ", state kept" : ", state let go" } ?? ""
            return "\(manifest.file)\t\(position)\tok: \(manifest.files) files, \(manifest.bytes) bytes\(state)"
        }
        lines += problems.map { "BROKEN: \($0)" }
        lines += leftovers.map { "left over: \($0)" }
        let broken = manifests.count { !$0.problems.isEmpty }
        if isSound {
            lines.append(
                manifests.isEmpty
                    ? "\(path) has no manifest yet; there is nothing to verify"
                    : "\(path) verifies: \(manifests.count) manifests and everything that they name")
        } else {
            lines.append(
                "\(path) does not verify: \(broken) of \(manifests.count) manifests are broken"
                    + (problems.isEmpty ? "" : ", and \(problems.count) other problems"))
        }
        return lines
    }

    public var json: JSONValue {
        func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
        return [
            "path": .string(path), "sound": .bool(isSound),
            "manifests": .array(
                manifests.map { manifest in
                    [
                        "file": .string(manifest.file), "stage": .string(manifest.stage.rawValue),
                        "step": .integer(manifest.step), "stage_complete": .bool(manifest.isStageComplete),
                        "files": .integer(manifest.files), "bytes": .integer(manifest.bytes),
                        "state": manifest.hasState.map { .bool($0) } ?? .null, "problems": texts(manifest.problems),
                    ]
                }),
            "problems": texts(problems), "leftovers": texts(leftovers),
        ]
    }
}
