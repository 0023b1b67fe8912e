import Foundation
import Primitives

/// What is asked of a new checkpoint.
struct NewCheckpoint: Sendable, Equatable {
    var reference: CheckpointReference
    var baseModel: String
    var adapter: AdapterConfiguration?
    /// Replaces a checkpoint of the same name.
    var overwrites = false
    /// Seconds until it expires; `nil` for never.
    var lifetime: Int?
    var userMetadata: JSONValue = .null
}

/// What `checkpoint.json` says of a checkpoint.
struct CheckpointDescription: Sendable, Equatable {
    static let format = "medresearcher.checkpoint/1"

    var reference: CheckpointReference
    var baseModel: String
    /// What was trained, or `nil` for all parameters.
    var adapter: AdapterConfiguration?
    /// Tells a checkpoint from earlier and later ones of its name.
    var version: String
    /// Seconds since 1970.
    var created: Double
    /// Seconds since 1970; `nil` for never.
    var expires: Double?
    /// The size of its files.
    var byteCount: Int
    var isPublic = false
    var userMetadata: JSONValue = .null

    init(_ new: NewCheckpoint, version: String, created: Double, byteCount: Int) {
        reference = new.reference
        baseModel = new.baseModel
        adapter = new.adapter
        self.version = version
        self.created = created
        expires = new.lifetime.map { created + Double($0) }
        self.byteCount = byteCount
        userMetadata = new.userMetadata
    }

    /// Reads the file; one of an earlier release says no more than the base model.
    init(reference: CheckpointReference, file: JSONValue) throws {
        self.reference = reference
        baseModel = try file.string(at: "base_model")
        adapter = try AdapterConfiguration(request: file["lora_config"])
        version = file["version"]?.stringValue ?? "unknown"
        created = file["created"]?.doubleValue ?? 0
        expires = file["expires"]?.doubleValue
        byteCount = file["size_bytes"]?.integerValue ?? 0
        isPublic = file["public"]?.boolValue ?? false
        userMetadata = file["user_metadata"] ?? .null
    }

    var file: JSONValue {
        [
            "format": .string(Self.format), "path": .string(reference.path), "base_model": .string(baseModel),
            "lora_config": adapter?.json ?? .null, "version": .string(version), "created": .number(created),
            "expires": expires.map(JSONValue.number) ?? .null, "size_bytes": .integer(byteCount),
            "public": .bool(isPublic), "user_metadata": userMetadata,
        ]
    }

    /// An entry of a listing.
    var listing: JSONValue {
        [
            "checkpoint_id": .string("\(reference.kind.rawValue)/\(reference.name)"),
            "checkpoint_type": reference.kind == .training ? "training" : "sampler",
            "time": .string(Self.text(created)), "tinker_path": .string(reference.path),
            "size_bytes": .integer(byteCount), "public": .bool(isPublic), "user_metadata": userMetadata,
            "expires_at": expires.map { .string(Self.text($0)) } ?? .null,
        ]
    }

    /// A time as the API writes it (ISO 8601, UTC, whole seconds).
    static func text(_ seconds: Double) -> String {
        Date(timeIntervalSince1970: seconds.rounded(.down)).formatted(.iso8601)
    }
}

/// What `run.json` says of a training run: a model and everything that was saved from it.
struct RunDescription: Sendable, Equatable {
    static let format = "medresearcher.run/1"

    var modelID: String
    /// The name that a client gave the model before it knew ``modelID``.
    var alias: String?
    var baseModel: String
    var adapter: AdapterConfiguration?
    /// Seconds since 1970.
    var lastRequest: Double
    var userMetadata: JSONValue = .null

    init(
        modelID: String, alias: String?, baseModel: String, adapter: AdapterConfiguration?, lastRequest: Double,
        userMetadata: JSONValue
    ) {
        self.modelID = modelID
        self.alias = alias
        self.baseModel = baseModel
        self.adapter = adapter
        self.lastRequest = lastRequest
        self.userMetadata = userMetadata
    }

    init(modelID: String, file: JSONValue) throws {
        self.modelID = modelID
        alias = file["alias"]?.stringValue
        baseModel = try file.string(at: "base_model")
        adapter = try AdapterConfiguration(request: file["lora_config"])
        lastRequest = file["last_request"]?.doubleValue ?? 0
        userMetadata = file["user_metadata"] ?? .null
    }

    var file: JSONValue {
        [
            "format": .string(Self.format), "model_id": .string(modelID), "alias": alias.map(JSONValue.string) ?? .null,
            "base_model": .string(baseModel), "lora_config": adapter?.json ?? .null,
            "last_request": .number(lastRequest), "user_metadata": userMetadata,
        ]
    }
}
