#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Processor time of this process, all threads, user and system.
enum ProcessorTime {
    /// In seconds since the process started.
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
