#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What went wrong between memory and disk.
public enum StorageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The system refused `operation` (an infinitive, "read", "create directory") on `path` with this `errno`.
    case system(path: String, operation: String, code: Int32)
    /// What `path` holds is not what it should be; `problem` says what was found and what was expected.
    case malformed(path: String, problem: String)

    public var description: String {
        switch self {
        case .system(let path, let operation, let code):
            let reason = String(cString: strerror(code))
            return "could not \(operation) \(path): \(reason)" + (Self.advice(for: code).map { "; \($0)" } ?? "")
        case .malformed(let path, let problem):
            return "\(path): \(problem)"
        }
    }

    /// Whether the reason was a full disk or an exhausted quota.
    public var isDiskFull: Bool {
        if case .system(_, _, let code) = self { code == ENOSPC || code == EDQUOT } else { false }
    }

    /// Whether the reason was that nothing is there.
    public var isMissing: Bool {
        if case .system(_, _, let code) = self { code == ENOENT } else { false }
    }

    private static func advice(for code: Int32) -> String? {
        switch code {
        case ENOSPC, EDQUOT: "the disk is full: free some space and try again (nothing finished was lost)"
        case ENOENT: "check that the path is right"
        case EACCES, EPERM, EROFS: "check who owns it and whether it may be written"
        case ENOTDIR: "a part of the path is a file, not a directory"
        case EISDIR: "a file was expected, but this is a directory"
        case EMFILE, ENFILE: "too many files are open: raise `ulimit -n`"
        case EIO: "the disk reports a fault"
        default: nil
        }
    }
}
