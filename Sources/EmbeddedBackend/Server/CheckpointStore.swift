import Foundation
import Primitives
import Storage
import Synchronization

/// Checkpoints on disk: `ROOT/MODEL/weights/NAME/` and `ROOT/MODEL/sampler_weights/NAME/`, each with a
/// `checkpoint.json` that names the base model.
///
/// A checkpoint is written into a hidden directory beside its place, made durable, and renamed, so that a directory
/// with a checkpoint's name is always whole, also after `kill -9`. Replacing one renames the old one aside first;
/// ``recover()`` puts it back where a kill fell between the two renames. All methods block on files.
final class CheckpointStore: Sendable {
    let root: String
    private let lastModelNumber = Mutex(0)

    init(root: String) { self.root = root }

    // MARK: Model ids

    /// Reserves a model id that no checkpoint below the root carries, also over restarts, by creating its directory.
    func allocateModelID() throws -> String {
        try lastModelNumber.withLock { last in
            let taken = try FileManager.default.contentsOfDirectory(atPath: root).compactMap(Self.modelNumber)
            last = max(last, taken.max() ?? 0)
            while true {
                last += 1
                let digits = String(last)
                let id = "model_" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
                if mkdir("\(root)/\(id)", 0o755) == 0 { return id }
                if errno != EEXIST { throw ServiceError.failed("cannot create \(root)/\(id): \(Self.errorText)") }
            }
        }
    }

    /// Forgets a model id under which nothing was saved.
    func releaseModelID(_ id: String) {
        for kind in [CheckpointReference.Kind.training, .sampler] { rmdir("\(root)/\(id)/\(kind.rawValue)") }
        rmdir("\(root)/\(id)")
    }

    private static func modelNumber(_ directory: String) -> Int? {
        directory.hasPrefix("model_") ? Int(directory.dropFirst("model_".count)) : nil
    }

    // MARK: Checkpoints

    func directory(of reference: CheckpointReference) -> String {
        "\(root)/\(reference.modelID)/\(reference.kind.rawValue)/\(reference.name)"
    }

    func exists(_ reference: CheckpointReference) -> Bool {
        FileManager.default.fileExists(atPath: directory(of: reference))
    }

    /// The base model of an existing checkpoint.
    func baseModel(of reference: CheckpointReference) throws(ServiceError) -> String {
        guard exists(reference) else {
            throw .unknown("there is no checkpoint \(reference.path) below \(root)")
        }
        let file = directory(of: reference) + "/checkpoint.json"
        do {
            return try JSONValue.parse(try FileStore.read(file)).string(at: "base_model")
        } catch {
            throw .failed("\(file) cannot be read: \(error)")
        }
    }

    /// Saves a checkpoint: `write` fills the directory that it is given.
    func save(
        _ reference: CheckpointReference, baseModel: String, overwrite: Bool, write: (String) throws -> Void
    ) throws {
        let parent = "\(root)/\(reference.modelID)/\(reference.kind.rawValue)"
        let final = directory(of: reference)
        let partial = "\(parent)/\(Self.partialPrefix)\(getpid())-\(reference.name)"
        let replaced = parent + "/" + Self.replacedPrefix + reference.name
        if !overwrite, exists(reference) { throw Self.conflict(reference) }
        let manager = FileManager.default
        try? manager.removeItem(atPath: partial)
        do {
            try manager.createDirectory(atPath: partial, withIntermediateDirectories: true)
            try write(partial)
            let description: JSONValue = [
                "format": "medresearcher.checkpoint/1", "base_model": .string(baseModel),
                "path": .string(reference.path),
            ]
            try FileStore.writeAtomically(description.serialized(), to: partial + "/checkpoint.json")
            for file in try manager.contentsOfDirectory(atPath: partial).sorted() {
                try Self.synchronize(partial + "/" + file)
            }
            try Self.synchronize(partial)
        } catch {
            try? manager.removeItem(atPath: partial)
            throw error
        }
        if exists(reference) {
            try? manager.removeItem(atPath: replaced)
            try Self.move(final, to: replaced)
        }
        try Self.move(partial, to: final)
        try Self.synchronize(parent)
        try? manager.removeItem(atPath: replaced)
    }

    static func conflict(_ reference: CheckpointReference) -> ServiceError {
        .conflict("checkpoint \(reference.path) exists already; send `overwrite: true` or another name")
    }

    // MARK: After a kill

    private static let partialPrefix = ".partial-"
    private static let replacedPrefix = ".replaced-"

    /// Creates the root, removes what dead processes left half written, and completes interrupted replacements.
    func recover() throws {
        let manager = FileManager.default
        try manager.createDirectory(atPath: root, withIntermediateDirectories: true)
        for model in try manager.contentsOfDirectory(atPath: root).sorted() where Self.modelNumber(model) != nil {
            for kind in [CheckpointReference.Kind.training, .sampler] {
                let parent = "\(root)/\(model)/\(kind.rawValue)"
                for entry in (try? manager.contentsOfDirectory(atPath: parent))?.sorted() ?? [] {
                    try recover(entry, in: parent)
                }
            }
        }
    }

    private func recover(_ entry: String, in parent: String) throws {
        let manager = FileManager.default
        if entry.hasPrefix(Self.partialPrefix) {
            let owner = pid_t(entry.dropFirst(Self.partialPrefix.count).prefix { $0 != "-" }) ?? 0
            let isOwnerAlive = owner > 0 && owner != getpid() && kill(owner, 0) == 0
            if !isOwnerAlive { try manager.removeItem(atPath: parent + "/" + entry) }
        } else if entry.hasPrefix(Self.replacedPrefix) {
            let final = parent + "/" + entry.dropFirst(Self.replacedPrefix.count)
            if manager.fileExists(atPath: final) {
                try manager.removeItem(atPath: parent + "/" + entry)
            } else {
                try Self.move(parent + "/" + entry, to: final)
            }
        }
    }

    // MARK: Files

    private static func move(_ source: String, to destination: String) throws {
        guard rename(source, destination) == 0 else {
            throw ServiceError.failed("cannot rename \(source) to \(destination): \(errorText)")
        }
    }

    private static func synchronize(_ path: String) throws {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { throw ServiceError.failed("cannot open \(path): \(errorText)") }
        defer { close(file) }
        guard fsync(file) == 0 else { throw ServiceError.failed("cannot make \(path) durable: \(errorText)") }
    }

    private static var errorText: String { String(cString: strerror(errno)) }
}
