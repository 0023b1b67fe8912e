import Foundation

/// The two ends of a pipe that programs started elsewhere do not inherit.
struct PipeEnds {
    let read: Int32
    let write: Int32

    init() throws(ChildProcess.Failure) {
        var ends: [Int32] = [0, 0]
        #if os(Linux)
            // Set together, so that a program that another thread starts meanwhile cannot inherit the ends.
            let result = SystemCall.pipe2?(&ends, O_CLOEXEC) ?? -1
        #else
            let result = pipe(&ends)
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        #endif
        guard result == 0 else { throw ChildProcess.Failure(detail: String(cString: strerror(errno))) }
        (read, write) = (ends[0], ends[1])
    }
}

/// Functions of the C library that its headers show to GNU C alone.
private enum SystemCall {
    typealias FileActions = UnsafeMutableRawPointer

    #if os(Linux)
        static let pipe2 = function("pipe2", as: (@convention(c) (UnsafeMutablePointer<Int32>, Int32) -> Int32).self)
        /// Closes all descriptors from a number on; since glibc 2.34. Without it those marked so are closed.
        static let addCloseFrom = function(
            "posix_spawn_file_actions_addclosefrom_np", as: (@convention(c) (FileActions, Int32) -> Int32).self)
    #endif
    static let addDirectory = function(
        "posix_spawn_file_actions_addchdir_np",
        as: (@convention(c) (FileActions, UnsafePointer<CChar>) -> Int32).self)

    private static func function<Function>(_ name: String, as type: Function.Type) -> Function? {
        #if os(Linux)
            let everywhere: UnsafeMutableRawPointer? = nil
        #else
            let everywhere = UnsafeMutableRawPointer(bitPattern: -2)
        #endif
        return dlsym(everywhere, name).map { unsafeBitCast($0, to: type) }
    }
}

extension ChildProcess {
    /// Starts a program in a process group of its own, with three descriptors as its standard streams and no others, no
    /// signal blocked, and the default reaction to a broken pipe.
    static func spawn(
        _ arguments: [String], environment: [String: String], directory: String?, descriptors: [Int32]
    ) -> Result<pid_t, Failure> {
        #if os(Linux)
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #else
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (target, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
        }
        if let directory, SystemCall.addDirectory?(&actions, directory) != 0 {
            return .failure(Failure(detail: "this system cannot start programs in another directory"))
        }
        var flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        #if os(Linux)
            _ = SystemCall.addCloseFrom?(&actions, Int32(descriptors.count))
        #else
            flags |= POSIX_SPAWN_CLOEXEC_DEFAULT
        #endif
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(flags))

        let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        var process = pid_t()
        let code = withCStrings(arguments) { arguments in
            withCStrings(variables) { variables in
                arguments[0].map { posix_spawnp(&process, $0, &actions, &attributes, arguments, variables) } ?? EINVAL
            }
        }
        guard code == 0 else { return .failure(Failure(detail: String(cString: strerror(code)))) }
        return .success(process)
    }

    private static func withCStrings<Value>(
        _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Value
    ) -> Value {
        var pointers = texts.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { buffer in
            // An array with at least its final `nil` has an address.
            buffer.baseAddress.map(body) ?? body(UnsafeMutablePointer.allocate(capacity: 0))
        }
    }
}
