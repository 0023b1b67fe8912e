import Storage

/// An append-only file of a run whose length and hash are known at any time, without reading it again.
final class TrackedLog {
    /// Relative to the run directory.
    let name: String
    private let log: AppendLog
    private var hash: SHA256

    init(name: String, path: String) throws(StorageError) {
        self.name = name
        log = try AppendLog(path: path)
        hash = SHA256()
        if log.length > 0 { hash.update(try FileStore.read(path)) }
    }

    func append(_ bytes: [UInt8]) throws(StorageError) {
        try log.append(bytes)
        hash.update(bytes)
    }

    /// The file as it is now, on the disk.
    func sealed() throws(StorageError) -> CheckpointManifest.File {
        try log.synchronize()
        return CheckpointManifest.File(path: name, length: log.length, sha256: hash.hexadecimal())
    }

    func close() { log.close() }
}
