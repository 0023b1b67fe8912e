import Storage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Asks before the work whether its result can be written, so that hours of it are not lost to a misspelt folder.
enum OutputCheck {
    /// A file, which is replaced if it exists; the folder that it lies in must be there.
    static func file(_ path: String) throws(StorageError) {
        if FileStore.isDirectory(path) { throw .system(path: path, operation: "write", code: EISDIR) }
        let folder = FileStore.directory(of: path)
        guard FileStore.exists(folder) else { throw .system(path: path, operation: "create", code: ENOENT) }
        guard FileStore.isDirectory(folder) else { throw .system(path: path, operation: "create", code: ENOTDIR) }
        guard access(folder, W_OK) == 0 else { throw .system(path: path, operation: "create", code: errno) }
    }

    /// A directory, which is made with all that it lies in.
    static func directory(_ path: String) throws(StorageError) {
        var folder = path
        while !FileStore.exists(folder) {
            let parent = FileStore.directory(of: folder)
            if parent == folder { break }
            folder = parent
        }
        guard FileStore.isDirectory(folder) else {
            throw .system(path: path, operation: "create directory", code: FileStore.exists(folder) ? ENOTDIR : ENOENT)
        }
        guard access(folder, W_OK) == 0 else {
            throw .system(path: path, operation: "create directory", code: errno)
        }
    }

    /// A graph: one file if the name ends in `.graph`, else a directory.
    static func graph(_ path: String) throws(StorageError) {
        if path.hasSuffix(".graph") { try file(path) } else { try directory(path) }
    }
}
