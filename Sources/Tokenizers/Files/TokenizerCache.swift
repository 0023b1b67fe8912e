import Primitives
import Storage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Keeps the tables of tokenizers that were loaded, so that loading one again takes milliseconds.
///
/// One file for each content of a tokenizer file, in `$XDG_CACHE_HOME/medresearcher/tokenizers` or the same under
/// `~/.cache`. Nothing depends on it: what cannot be read, is damaged or of another version is made anew, and what
/// cannot be written is not.
enum TokenizerCache {
    /// The directory, or `nil` when the environment names none.
    static var directory: String? { directory { name in getenv(name).map { String(cString: $0) } } }

    /// - Parameter variable: the value of an environment variable.
    static func directory(variable: (String) -> String?) -> String? {
        let isAbsolute = { (path: String) in path.utf8.first == UInt8(ascii: "/") }
        if let cache = variable("XDG_CACHE_HOME"), isAbsolute(cache) { return cache + "/medresearcher/tokenizers" }
        guard let home = variable("HOME"), isAbsolute(home) else { return nil }
        return home + "/.cache/medresearcher/tokenizers"
    }

    /// Where the tables of a tokenizer file of these bytes lie.
    static func path(for file: [UInt8], in directory: String) -> String {
        let digest = file.withUnsafeBytes { ByteHash.digest($0) }
        return "\(directory)/\(hexadecimal(digest.high))\(hexadecimal(digest.low)).bin"
    }

    static func read(_ path: String) -> TokenizerTables? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // Mapped, because zeroing an array of this size first would take longer than all the rest.
        let length = Int(lseek(descriptor, 0, SEEK_END))
        guard length > 0, let start = mmap(nil, length, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
        else { return nil }
        defer { munmap(start, length) }
        return TokenizerTables(cached: UnsafeRawBufferPointer(start: start, count: length))
    }

    static func write(_ tables: TokenizerTables, to path: String) {
        do {
            try FileStore.createDirectory(FileStore.directory(of: path))
            try FileStore.writeAtomically(tables.cached(), to: path)
        } catch {
            // The next load makes the tables again.
        }
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
