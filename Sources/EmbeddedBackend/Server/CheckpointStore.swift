import Foundation
import Primitives
import Storage
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Checkpoints on disk: `ROOT/MODEL/weights/NAME/` and `ROOT/MODEL/sampler_weights/NAME/`, each with a
/// `checkpoint.json` that describes it, and `ROOT/MODEL/run.json`, which describes the training run.
///
/// A checkpoint is written into a hidden directory beside its place, made durable, and renamed, so that a directory
/// with a checkpoint's name is always whole, also after `kill -9`. Replacing one renames the old one aside first;
/// ``recover()`` puts it back where a kill fell between the two renames. A checkpoint that a sampler holds stays
/// readable when it is replaced, deleted or expires (see ``hold(_:)``). All methods block on files.
final class CheckpointStore: Sendable {
    struct State {
        var lastModelNumber = 0
        /// How many samplers read a checkpoint.
        var holders: [HeldCheckpoint: Int] = [:]
    }

    let root: String
    /// Seconds since 1970.
    let now: @Sendable () -> Double
    let state = Mutex(State())

    init(root: String, now: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }) {
        self.root = root
        self.now = now
    }

    // MARK: Model ids

    /// Reserves a model id that no checkpoint below the root carries, also over restarts, by creating its directory.
    func allocateModelID() throws(StorageError) -> String {
        try state.withLock { (state) throws(StorageError) in
            let highest = try FileStore.list(root).compactMap(Self.modelNumber).max() ?? 0
            state.lastModelNumber = max(state.lastModelNumber, highest)
            while true {
                state.lastModelNumber += 1
                let digits = String(state.lastModelNumber)
                let id = "model_" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
                let path = root + "/" + id
                if mkdir(path, 0o755) == 0 { return id }
                if errno != EEXIST { throw .system(path: path, operation: "create directory", code: errno) }
            }
        }
    }

    /// Forgets a model id under which nothing was saved.
    func releaseModelID(_ id: String) {
        var isEmpty = true
        for kind in CheckpointReference.Kind.allCases {
            let path = "\(root)/\(id)/\(kind.rawValue)"
            if rmdir(path) != 0, errno != ENOENT { isEmpty = false }
        }
        if isEmpty { unlink("\(root)/\(id)/\(Self.runFile)") }
        rmdir("\(root)/\(id)")
    }

    static func modelNumber(_ directory: String) -> Int? {
        directory.hasPrefix("model_") ? Int(directory.dropFirst("model_".count)) : nil
    }

    // MARK: Checkpoints

    func directory(of reference: CheckpointReference) -> String { parent(of: reference) + "/" + reference.name }

    /// Whether there is a checkpoint, which has not expired.
    func exists(_ reference: CheckpointReference) -> Bool { (try? description(of: reference)) != nil }

    /// What is known of an existing checkpoint.
    func description(of reference: CheckpointReference) throws(ServiceError) -> CheckpointDescription {
        let missing = ServiceError.unknown("there is no checkpoint \(reference.path) below \(root)")
        guard FileStore.exists(directory(of: reference)) else { throw missing }
        let file = directory(of: reference) + "/" + Self.descriptionFile
        let description: CheckpointDescription
        do {
            description = try CheckpointDescription(
                reference: reference, file: try JSONValue.parse(try FileStore.read(file)))
        } catch {
            throw .failed("\(file) cannot be read: \(error)")
        }
        if let expires = description.expires, expires <= now() {
            throw .unknown("checkpoint \(reference.path) expired at \(CheckpointDescription.text(expires))")
        }
        return description
    }

    /// Saves a checkpoint: `write` fills the directory that it is given.
    func save(_ new: NewCheckpoint, write: (String) throws -> Void) throws {
        let reference = new.reference
        let parent = parent(of: reference)
        let final = directory(of: reference)
        let unfinished = "\(parent)/\(Self.unfinishedPrefix)\(getpid())-\(reference.name)"
        let replaced = parent + "/" + Self.replacedPrefix + reference.name
        if !new.overwrites, exists(reference) { throw Self.conflict(reference) }
        try FileStore.remove(unfinished)
        do {
            try FileStore.createDirectory(unfinished)
            try write(unfinished)
            let size = try FileStore.list(unfinished).reduce(0) { try $0 + FileStore.size(unfinished + "/" + $1) }
            let description = CheckpointDescription(new, version: UUID().uuidString, created: now(), byteCount: size)
            try FileStore.writeAtomically(
                description.file.serialized(), to: unfinished + "/" + Self.descriptionFile)
            for file in try FileStore.list(unfinished) { try Self.synchronize(unfinished + "/" + file) }
            try Self.synchronize(unfinished)
            try state.withLock { state in
                if FileStore.exists(final) {
                    try FileStore.remove(replaced)
                    try Self.move(final, to: replaced)
                }
                try Self.move(unfinished, to: final)
                try retire(replaced, reference, state: state)
            }
        } catch {
            try? FileStore.remove(unfinished)
            throw error
        }
        for directory in [parent, FileStore.directory(of: parent), root] { try Self.synchronize(directory) }
        try FileStore.remove(replaced)
    }

    /// Replaces what is known of a checkpoint: when it expires, whether it is public.
    func update(
        _ reference: CheckpointReference, _ change: (inout CheckpointDescription) -> Void
    ) throws(ServiceError) {
        var description = try description(of: reference)
        change(&description)
        do {
            try FileStore.writeAtomically(
                description.file.serialized(), to: directory(of: reference) + "/" + Self.descriptionFile)
        } catch { throw .failed("\(reference.path) cannot be changed: \(error)") }
    }

    static func conflict(_ reference: CheckpointReference) -> ServiceError {
        .conflict("checkpoint \(reference.path) exists already; send `overwrite: true` or another name")
    }

    func parent(of reference: CheckpointReference) -> String {
        "\(root)/\(reference.modelID)/\(reference.kind.rawValue)"
    }

    // MARK: Names

    static let descriptionFile = "checkpoint.json"
    static let runFile = "run.json"
    /// Followed by the process id and the checkpoint's name.
    static let unfinishedPrefix = ".unfinished-"
    static let replacedPrefix = ".replaced-"
    /// Followed by the version and the checkpoint's name: gone, but held by a sampler.
    static let retiredPrefix = ".retired-"

    // MARK: Files

    static func move(_ source: String, to destination: String) throws(StorageError) {
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
