import Primitives
import Storage
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

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
    func allocateModelID() throws(StorageError) -> String {
        try lastModelNumber.withLock { (last) throws(StorageError) in
            last = max(last, try FileStore.list(root).compactMap(Self.modelNumber).max() ?? 0)
            while true {
                last += 1
                let digits = String(last)
                let id = "model_" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
                let path = root + "/" + id
                if mkdir(path, 0o755) == 0 { return id }
                if errno != EEXIST { throw .system(path: path, operation: "create directory", code: errno) }
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

    func directory(of reference: CheckpointReference) -> String { parent(of: reference) + "/" + reference.name }

    func exists(_ reference: CheckpointReference) -> Bool { FileStore.exists(directory(of: reference)) }

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
        let parent = parent(of: reference)
        let final = directory(of: reference)
        let unfinished = "\(parent)/\(Self.unfinishedPrefix)\(getpid())-\(reference.name)"
        let replaced = parent + "/" + Self.replacedPrefix + reference.name
        if !overwrite, exists(reference) { throw Self.conflict(reference) }
        try FileStore.remove(unfinished)
        do {
            try FileStore.createDirectory(unfinished)
            try write(unfinished)
            let description: JSONValue = [
                "format": "medresearcher.checkpoint/1", "base_model": .string(baseModel),
                "path": .string(reference.path),
            ]
            try FileStore.writeAtomically(description.serialized(), to: unfinished + "/checkpoint.json")
            for file in try FileStore.list(unfinished) { try Self.synchronize(unfinished + "/" + file) }
            try Self.synchronize(unfinished)
            if exists(reference) {
                try FileStore.remove(replaced)
                try Self.move(final, to: replaced)
            }
            try Self.move(unfinished, to: final)
        } catch {
            try? FileStore.remove(unfinished)
            throw error
        }
        for directory in [parent, FileStore.directory(of: parent), root] { try Self.synchronize(directory) }
        try FileStore.remove(replaced)
    }

    static func conflict(_ reference: CheckpointReference) -> ServiceError {
        .conflict("checkpoint \(reference.path) exists already; send `overwrite: true` or another name")
    }

    private func parent(of reference: CheckpointReference) -> String {
        "\(root)/\(reference.modelID)/\(reference.kind.rawValue)"
    }

    // MARK: After a kill

    /// Followed by the process id and the checkpoint's name.
    private static let unfinishedPrefix = ".unfinished-"
    private static let replacedPrefix = ".replaced-"

    /// Creates the root, removes what dead processes left half written, and completes interrupted replacements.
    func recover() throws(StorageError) {
        try FileStore.createDirectory(root)
        for model in try FileStore.list(root) where Self.modelNumber(model) != nil {
            for kind in [CheckpointReference.Kind.training, .sampler] {
                let parent = "\(root)/\(model)/\(kind.rawValue)"
                guard FileStore.isDirectory(parent) else { continue }
                for entry in try FileStore.list(parent) { try recover(entry, in: parent) }
            }
        }
    }

    private func recover(_ entry: String, in parent: String) throws(StorageError) {
        if entry.hasPrefix(Self.unfinishedPrefix) {
            let owner = pid_t(entry.dropFirst(Self.unfinishedPrefix.count).prefix { $0 != "-" }) ?? 0
            let isOwnerAlive = owner > 0 && owner != getpid() && kill(owner, 0) == 0
            if !isOwnerAlive { try FileStore.remove(parent + "/" + entry) }
        } else if entry.hasPrefix(Self.replacedPrefix) {
            let final = parent + "/" + entry.dropFirst(Self.replacedPrefix.count)
            if FileStore.exists(final) {
                try FileStore.remove(parent + "/" + entry)
            } else {
                try Self.move(parent + "/" + entry, to: final)
            }
        }
    }

    // MARK: Files

    private static func move(_ source: String, to destination: String) throws(StorageError) {
        if rename(source, destination) != 0 {
            throw .system(path: source, operation: "rename to \(destination)", code: errno)
        }
    }

    private static func synchronize(_ path: String) throws(StorageError) {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { throw .system(path: path, operation: "open", code: errno) }
        defer { close(file) }
        if fsync(file) != 0 { throw .system(path: path, operation: "synchronize", code: errno) }
    }
}
