#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif
import Synchronization

/// Whole files: read at once, written so that a reader or a crash sees the old content or the new, never a part.
public enum FileStore {
    public static func read(_ path: String) throws(StorageError) -> [UInt8] {
        let file = try OpenFile(path, .read)
        var bytes = [UInt8](repeating: 0, count: try file.length())
        var count = 0
        while true {
            // One byte of room more than the length seen, so that the end of the file is noticed without growing.
            if count == bytes.count { bytes.append(contentsOf: repeatElement(0, count: max(1, count / 2))) }
            let taken = try bytes.withUnsafeMutableBytes { buffer in
                file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
            }.get()
            if taken == 0 { break }
            count += taken
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// Reads a UTF-8 text.
    public static func readText(_ path: String) throws(StorageError) -> String {
        guard let text = String(validating: try read(path), as: UTF8.self) else {
            throw .malformed(path: path, problem: "this is not a UTF-8 text")
        }
        return text
    }

    /// Whether anything is at `path` (a dangling link is nothing).
    public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    public static func isDirectory(_ path: String) -> Bool { (try? status(path))?.isDirectory ?? false }

    /// The length of a file in bytes.
    public static func size(_ path: String) throws(StorageError) -> Int { try status(path).size }

    /// Creates a directory and all that it lies in; it is no error if it exists.
    public static func createDirectory(_ path: String) throws(StorageError) {
        if mkdir(path, 0o755) == 0 { return }
        let code = errno
        if code == EEXIST || code == EISDIR, isDirectory(path) { return }
        let parent = directory(of: path)
        if code == ENOENT, parent != path, parent != "." {
            try createDirectory(parent)
            if mkdir(path, 0o755) == 0 || isDirectory(path) { return }
        }
        throw .system(path: path, operation: "create directory", code: code == EEXIST ? ENOTDIR : code)
    }

    /// Replaces or creates a file: written under a temporary name, synchronised, renamed, the directory synchronised.
    ///
    /// On any error the old content is still there and the temporary file is removed.
    public static func writeAtomically(_ bytes: [UInt8], to path: String) throws(StorageError) {
        try bytes.withUnsafeBytes { raw in
            Result { () throws(StorageError) in try writeAtomically([raw], to: path) }
        }.get()
    }

    /// Replaces or creates files that belong together: all are written under temporary names before the first is renamed, so
    /// that a full disk leaves all of them as they were. A crash between two renames leaves the first ones new.
    public static func writeTogether(_ files: [(path: String, bytes: [UInt8])]) throws(StorageError) {
        var temporaries: [String] = []
        do throws(StorageError) {
            for file in files {
                temporaries.append(
                    try file.bytes.withUnsafeBytes { raw in
                        Result { () throws(StorageError) in try writeTemporary([raw], for: file.path) }
                    }.get())
            }
            for (temporary, file) in zip(temporaries, files) where rename(temporary, file.path) != 0 {
                throw .system(path: file.path, operation: "replace", code: errno)
            }
        } catch {
            for temporary in temporaries { unlink(temporary) }
            throw error
        }
        for folder in Set(files.map { directory(of: $0.path) }).sorted() {
            try OpenFile(folder, .directory).synchronize()
        }
    }

    /// As ``writeAtomically(_:to:)``, for a file whose parts lie at several places in memory.
    static func writeAtomically(_ parts: [UnsafeRawBufferPointer], to path: String) throws(StorageError) {
        let temporary = try writeTemporary(parts, for: path)
        if rename(temporary, path) != 0 {
            let code = errno
            unlink(temporary)
            throw .system(path: path, operation: "replace", code: code)
        }
        try OpenFile(directory(of: path), .directory).synchronize()
    }

    /// The names in a directory, sorted, without `.`, `..` and the temporary files of interrupted writes.
    public static func list(_ path: String) throws(StorageError) -> [String] {
        try entries(path).filter { !isTemporary($0) }.sorted()
    }

    /// Removes a file, a link, or a directory with all it holds; it is no error if nothing is there.
    public static func remove(_ path: String) throws(StorageError) {
        if unlink(path) == 0 || errno == ENOENT { return }
        let code = errno
        guard code == EISDIR || code == EPERM, isDirectory(path) else {
            throw .system(path: path, operation: "remove", code: code)
        }
        for name in try entries(path) { try remove(path + "/" + name) }
        if rmdir(path) != 0, errno != ENOENT { throw .system(path: path, operation: "remove", code: errno) }
    }

    /// What a path lies in: `a/b` → `a`, `a` → `.`, `/a` → `/`.
    public static func directory(of path: String) -> String {
        let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }

    private static let temporaryMark = ".partial-"

    private static func isTemporary(_ name: String) -> Bool {
        name.hasPrefix(".") && name.contains(temporaryMark)
    }

    /// Tells apart the writes of this process; the process id tells apart processes.
    private static let writeCount = Atomic<Int>(0)

    private static func writeTemporary(
        _ parts: [UnsafeRawBufferPointer], for path: String
    ) throws(StorageError) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let number = writeCount.wrappingAdd(1, ordering: .relaxed).oldValue
        let temporary = "\(directory(of: path))/.\(name)\(temporaryMark)\(getpid())-\(number)"
        // A process that was killed may have left its file here before its id was given out again.
        unlink(temporary)
        do throws(StorageError) {
            let file = try OpenFile(temporary, .createNew)
            for part in parts {
                if let failure = file.write(part).failure { throw failure }
            }
            try file.synchronize()
            return temporary
        } catch {
            unlink(temporary)
            guard case .system(_, let operation, let code) = error else { throw error }
            throw .system(path: path, operation: operation, code: code)
        }
    }

    private static func status(_ path: String) throws(StorageError) -> (size: Int, isDirectory: Bool) {
        var status = stat()
        if stat(path, &status) != 0 { throw .system(path: path, operation: "inspect", code: errno) }
        return (Int(status.st_size), status.st_mode & S_IFMT == S_IFDIR)
    }

    private static func entries(_ path: String) throws(StorageError) -> [String] {
        guard let directory = opendir(path) else { throw .system(path: path, operation: "list", code: errno) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
