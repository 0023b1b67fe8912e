#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif
import Synchronization

/// A file that only grows: each record reaches it whole or not at all, and its length is known to verify it later.
public final class AppendLog: Sendable {
    public let path: String

    private struct State: ~Copyable {
        var file: OpenFile?
        var length: Int
    }

    private let state: Mutex<State>

    /// Opens a log to append to, and creates it if it is not there.
    public init(path: String) throws(StorageError) {
        let file = try OpenFile(path, .append)
        self.path = path
        let length = try file.length()
        state = Mutex(State(file: file, length: length))
    }

    /// The length in bytes after the last whole record.
    public var length: Int { state.withLock { $0.length } }

    /// Appends one record with one `write(2)`. If the disk takes only a part of it, that part is cut off again.
    public func append(_ bytes: [UInt8]) throws(StorageError) {
        try state.withLock { (state) throws(StorageError) in
            guard let (written, failure) = bytes.withUnsafeBytes({ state.file?.write($0) }) else {
                throw .system(path: path, operation: "append to", code: EBADF)
            }
            if let failure {
                if written > 0 { try state.file?.truncate(to: state.length) }
                throw failure
            }
            state.length += written
        }
    }

    /// Waits until everything appended is on the disk.
    public func synchronize() throws(StorageError) {
        try state.withLock { (state) throws(StorageError) in try state.file?.synchronize() }
    }

    /// Closes the file; a later append is an error. Safe to call twice.
    public func close() { state.withLock { $0.file = nil } }

    /// Cuts a log back to a length it once had. A log that is shorter than that has lost records, which is an error.
    public static func truncate(_ path: String, to length: Int) throws(StorageError) {
        if !FileStore.exists(path), length > 0 {
            throw .system(path: path, operation: "truncate", code: ENOENT)
        }
        let file = try OpenFile(path, .append)
        let current = try file.length()
        if current < length {
            throw .malformed(
                path: path, problem: "holds \(current) bytes where at least \(length) were recorded: records are lost")
        }
        if current == length { return }
        try file.truncate(to: length)
        try file.synchronize()
    }
}
