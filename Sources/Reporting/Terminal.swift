#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What a standard stream is connected to.
public enum Terminal {
    /// Whether standard error is a terminal that can redraw a line.
    public static var showsStandardError: Bool {
        guard isatty(STDERR_FILENO) == 1 else { return false }
        return getenv("TERM").map { String(cString: $0) != "dumb" } ?? false
    }

    public static var showsStandardOutput: Bool { isatty(STDOUT_FILENO) == 1 }

    /// The width of the terminal behind standard error; 80 where there is none.
    public static var columns: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes to standard error, as far as it takes it: progress is not worth an error.
    public static func writeToStandardError(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { return }
            rest = rest.dropFirst(max(0, count))
        }
    }
}
