import Primitives
import Storage

/// A point that a run can be continued from (`medresearcher.manifest/1`). Manifests are immutable, and each names the
/// SHA-256 of its parent, so the newest one vouches for all before it.
public struct CheckpointManifest: Sendable, Equatable {
    /// A file that the manifest vouches for: an append-only one as it was then, or a whole one that never changes.
    public struct File: Sendable, Equatable {
        /// Relative to the run directory.
        public var path: String
        /// In bytes.
        public var length: Int
        public var sha256: String
    }

    /// The write-ahead log of groups that were sampled by policies older than the manifest's and are trained after it.
    public struct PendingGroups: Sendable, Equatable {
        /// The step that they were sampled for.
        public var step: Int
        public var file: File
    }

    public struct Parent: Sendable, Equatable {
        public var file: String
        public var sha256: String
    }

    public var run: String
    /// The manifest's place in the run; its parent's plus one, from 1.
    public var sequence: Int
    public var stage: StageName
    /// The last complete step of the stage.
    public var step: Int
    /// Whether that step was the stage's last.
    public var isStageComplete: Bool
    /// Optimizer steps of the stage that made the weights.
    public var policyVersion: Int
    /// A name of the weights that no other weights of the run share (see ``GroupLog``).
    public var policyIdentity: String
    public var parent: Parent?
    public var recipeSHA256: String
    /// The backend's reference of weights and optimizer state.
    public var trainerState: String
    public var cursor: DataCursor
    /// The append-only files, and the rollouts of the steps since the parent.
    public var files: [File]
    /// In the order of the steps.
    public var pending: [PendingGroups]
    /// The number of the launch that wrote the manifest.
    public var attempt: Int
    public var toolVersion: String
    /// ISO 8601, UTC.
    public var time: String

    /// The name of the manifest's file, for example `000020.rl.json`.
    public var fileName: String { Self.fileName(stage: stage, step: step) }

    static func fileName(stage: StageName, step: Int) -> String {
        RunLayout.padded(step) + "." + stage.rawValue + ".json"
    }
}

extension CheckpointManifest {
    static let format = "medresearcher.manifest/1"

    public var json: JSONValue {
        .object([
            "format": .string(Self.format),
            "run": .string(run),
            "sequence": .integer(sequence),
            "stage": .string(stage.rawValue),
            "step": .integer(step),
            "stage_complete": .bool(isStageComplete),
            "policy_version": .integer(policyVersion),
            "policy": .string(policyIdentity),
            "parent": parent.map { .object(["file": .string($0.file), "sha256": .string($0.sha256)]) } ?? .null,
            "recipe_sha256": .string(recipeSHA256),
            "trainer_state": .string(trainerState),
            "cursor": cursor.json,
            "files": .array(files.map { .object($0.members) }),
            "pending": .array(
                pending.map { pending in
                    var members: JSONObject = ["step": .integer(pending.step)]
                    for (key, value) in pending.file.members.members { members[key] = value }
                    return .object(members)
                }),
            "attempt": .integer(attempt),
            "tool_version": .string(toolVersion),
            "time": .string(time),
        ])
    }

    public init(json: JSONValue) throws(JSONError) {
        let format = try json.string(at: "format")
        guard format == Self.format else {
            throw .unexpected(path: "format", expected: "\"\(Self.format)\"", found: "\"\(format)\"")
        }
        run = try json.string(at: "run")
        sequence = try json.integer(at: "sequence")
        let stageName = try json.string(at: "stage")
        guard let stage = StageName(rawValue: stageName) else {
            throw .unexpected(path: "stage", expected: "the name of a stage", found: "`\(stageName)`")
        }
        self.stage = stage
        step = try json.integer(at: "step")
        isStageComplete = try json.bool(at: "stage_complete")
        policyVersion = try json.integer(at: "policy_version")
        policyIdentity = try json.string(at: "policy")
        if let value = json["parent"], value != .null {
            parent = Parent(file: try value.string(at: "file"), sha256: try value.string(at: "sha256"))
        }
        recipeSHA256 = try json.string(at: "recipe_sha256")
        trainerState = try json.string(at: "trainer_state")
        cursor = try DataCursor(json: .object(json.object(at: "cursor")))
        files = []
        for value in try json.array(at: "files") { files.append(try File(json: value)) }
        pending = []
        for value in json["pending"] == nil ? [] : try json.array(at: "pending") {
            pending.append(PendingGroups(step: try value.integer(at: "step"), file: try File(json: value)))
        }
        attempt = try json.integer(at: "attempt")
        toolVersion = try json.string(at: "tool_version")
        time = try json.string(at: "time")
    }
}

extension CheckpointManifest.File {
    fileprivate var members: JSONObject {
        ["path": .string(path), "length": .integer(length), "sha256": .string(sha256)]
    }

    fileprivate init(json: JSONValue) throws(JSONError) {
        path = try json.string(at: "path")
        length = try json.integer(at: "length")
        sha256 = try json.string(at: "sha256")
    }
}
