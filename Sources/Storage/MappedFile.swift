#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A file as memory that the system reads in when it is touched. It must not be changed while it is open; removing or
/// replacing it by another is safe.
///
/// Invariant: the mapping lives as long as the object and is only read.
public final class MappedFile: @unchecked Sendable {
    public let path: String
    /// Empty for an empty file; valid as long as this object.
    public let bytes: UnsafeRawBufferPointer

    public init(_ path: String) throws(StorageError) {
        self.path = path
        bytes = try OpenFile(path, .read).map()
    }

    deinit {
        if let address = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: address), bytes.count) }
    }
}
