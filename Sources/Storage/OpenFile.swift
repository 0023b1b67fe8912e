#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// An open file descriptor that closes itself; every call retries when a signal interrupts it.
struct OpenFile: ~Copyable {
    let path: String
    private let descriptor: Int32

    enum Mode {
        case read, append, createNew, directory

        fileprivate var flags: Int32 {
            switch self {
            case .read: O_RDONLY
            case .append: O_WRONLY | O_APPEND | O_CREAT
            case .createNew: O_WRONLY | O_CREAT | O_EXCL
            case .directory: O_RDONLY | O_DIRECTORY
            }
        }

        fileprivate var operation: String {
            switch self {
            case .read: "read"
            case .append: "append to"
            case .createNew: "create"
            case .directory: "open directory"
            }
        }
    }

    init(_ path: String, _ mode: Mode) throws(StorageError) {
        var descriptor: Int32
        repeat { descriptor = open(path, mode.flags | O_CLOEXEC, 0o644) } while descriptor < 0 && errno == EINTR
        if descriptor < 0 { throw .system(path: path, operation: mode.operation, code: errno) }
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// The length of the file in bytes; 0 for what is no regular file.
    func length() throws(StorageError) -> Int {
        var status = stat()
        if fstat(descriptor, &status) != 0 { throw .system(path: path, operation: "inspect", code: errno) }
        return Int(status.st_size)
    }

    /// Reads up to the size of `buffer`; 0 at the end of the file.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Result<Int, StorageError> {
        while true {
            #if canImport(Darwin)
                let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
            #else
                let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            #endif
            if count >= 0 { return .success(count) }
            if errno != EINTR { return .failure(.system(path: path, operation: "read", code: errno)) }
        }
    }

    /// The whole file as memory that the system reads in when it is touched; empty for an empty file. To be given back
    /// with `munmap`.
    func map() throws(StorageError) -> UnsafeRawBufferPointer {
        let length = try length()
        guard length > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        guard let address = mmap(nil, length, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
            throw .system(path: path, operation: "map", code: errno)
        }
        return UnsafeRawBufferPointer(start: address, count: length)
    }

    /// Writes everything: one `write(2)` unless the system takes only a part. On failure, says how much was taken.
    func write(_ bytes: UnsafeRawBufferPointer) -> (written: Int, failure: StorageError?) {
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            #if canImport(Darwin)
                let count = Darwin.write(descriptor, rest.baseAddress, rest.count)
            #else
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            #endif
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                return (written, .system(path: path, operation: "write", code: errno))
            }
        }
        return (written, nil)
    }

    /// Waits until the file's content is on the disk. Things that cannot be synchronised (devices) are let pass.
    func synchronize() throws(StorageError) {
        while fsync(descriptor) != 0 {
            if errno == EINVAL || errno == ENOTSUP || errno == EROFS { return }
            if errno != EINTR { throw .system(path: path, operation: "synchronise", code: errno) }
        }
    }

    func truncate(to length: Int) throws(StorageError) {
        while ftruncate(descriptor, off_t(length)) != 0 {
            if errno != EINTR { throw .system(path: path, operation: "truncate", code: errno) }
        }
    }
}
