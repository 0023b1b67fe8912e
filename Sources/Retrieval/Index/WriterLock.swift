#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif
import Storage

/// The exclusive right to change an index. It ends with the process, however that ends.
final class WriterLock {
    static let fileName = "write.lock"
    private let descriptor: Int32

    init(directory: String) throws(RetrievalError) {
        let path = directory + "/" + Self.fileName
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .storage(.system(path: path, operation: "create", code: errno)) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            throw code == EWOULDBLOCK
                ? .locked(path: directory) : .storage(.system(path: path, operation: "lock", code: code))
        }
    }

    /// Whether a writer was ever at work in a directory.
    static func exists(in directory: String) -> Bool { FileStore.exists(directory + "/" + fileName) }

    deinit { close(descriptor) }
}
