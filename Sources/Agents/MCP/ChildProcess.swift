import Foundation
import Synchronization

/// A program that runs beside this one in a process group of its own and is spoken to line by line.
///
/// One thread serves its three streams, so that no blocking call runs on the cooperative pool. Invariants: descriptors
/// and the process id are touched by that thread alone (the initialiser aside); the whole group is killed before the
/// program is reaped, so that its number cannot belong to another group by then; `onEnd` is called exactly once, last.
final class ChildProcess: @unchecked Sendable {
    struct Failure: Error {
        var detail: String
    }

    /// How long a program may take to end after its input was closed, and again after it was asked to terminate.
    static let gracePeriod = Duration.seconds(1)
    /// How much of what the program wrote to its standard error is kept, in bytes.
    static let keptErrorBytes = 4096
    /// How much may wait for a program that does not read, in bytes.
    static let longestBacklog = 16 << 20

    private struct Mailbox {
        var outgoing: [UInt8] = []
        /// How many bytes the thread has taken and not yet written.
        var unsentBytes = 0
        var mustClose = false
        var hasEnded = false
        var errors: [UInt8] = []
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let mailbox = Mutex(Mailbox())
    private let onLine: @Sendable (LineSplitter.Line) -> Void
    private let onEnd: @Sendable (String) -> Void
    private let waker: PipeEnds

    // For the thread.
    private let process: pid_t
    private let output: Int32
    private let errors: Int32
    private var input: Int32?
    private var splitter: LineSplitter
    private var isOutputOpen = true
    private var isErrorOpen = true
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    /// - Parameters:
    ///   - command: a path, or a name to be found in this program's `PATH`.
    ///   - environment: all that the program gets.
    ///   - lineLimit: the longest line that is handed over.
    ///   - onEnd: is told how the program ended. Both closures run on the program's thread.
    init(
        command: String, arguments: [String], environment: [String: String], directory: String?, lineLimit: Int,
        onLine: @escaping @Sendable (LineSplitter.Line) -> Void, onEnd: @escaping @Sendable (String) -> Void
    ) throws(Failure) {
        let waker = try PipeEnds()
        let pipes = try [PipeEnds(), PipeEnds(), PipeEnds()]
        let result = Self.spawn(
            [command] + arguments, environment: environment, directory: directory,
            descriptors: [pipes[0].read, pipes[1].write, pipes[2].write])
        for end in [pipes[0].read, pipes[1].write, pipes[2].write] { Foundation.close(end) }
        guard case .success(let process) = result else {
            for end in [pipes[0].write, pipes[1].read, pipes[2].read, waker.read, waker.write] { Foundation.close(end) }
            guard case .failure(let failure) = result else { throw Failure(detail: "it did not start") }
            throw failure
        }
        (self.process, self.waker, self.onLine, self.onEnd) = (process, waker, onLine, onEnd)
        (input, output, errors) = (pipes[0].write, pipes[1].read, pipes[2].read)
        splitter = LineSplitter(limit: lineLimit)
        for end in [pipes[0].write, output, errors, waker.read, waker.write] {
            _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
        }
        let thread = Thread { self.run() }
        thread.name = "medresearcher.child"
        thread.start()
    }

    // MARK: From any thread

    /// Hands the program a line. `false` where it has ended or does not read what it is sent.
    func write(line: [UInt8]) -> Bool {
        let isTaken = mailbox.withLock { mailbox in
            let backlog = mailbox.unsentBytes + mailbox.outgoing.count + line.count
            guard !mailbox.hasEnded, !mailbox.mustClose, backlog < Self.longestBacklog else { return false }
            mailbox.outgoing += line
            mailbox.outgoing.append(UInt8(ascii: "\n"))
            return true
        }
        if isTaken { wake() }
        return isTaken
    }

    /// Begins to end the program: its input is closed; if that does not help, it is terminated, then killed.
    func beginClosing() {
        let mustWake = mailbox.withLock { mailbox in
            defer { mailbox.mustClose = true }
            return !mailbox.mustClose && !mailbox.hasEnded
        }
        if mustWake { wake() }
    }

    /// Ends the program and returns once it is gone.
    func close() async {
        beginClosing()
        await withCheckedContinuation { continuation in
            let hasEnded = mailbox.withLock { mailbox in
                if !mailbox.hasEnded { mailbox.waiters.append(continuation) }
                return mailbox.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    /// The end of what the program wrote to its standard error.
    var errorText: String {
        String(decoding: mailbox.withLock { $0.errors }, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func wake() {
        // The lock keeps the descriptor from being closed, and its number reused, meanwhile.
        mailbox.withLock { mailbox in
            var byte: UInt8 = 1
            if !mailbox.hasEnded { _ = Foundation.write(waker.write, &byte, 1) }
        }
    }

    // MARK: On the thread

    private func run() {
        Self.ignoreBrokenPipes()
        var pending: [UInt8] = []
        while isOutputOpen, !hasExited() {
            let mustClose = mailbox.withLock { mailbox in
                pending += mailbox.outgoing
                mailbox.outgoing.removeAll()
                mailbox.unsentBytes = pending.count
                return mailbox.mustClose
            }
            if mustClose { break }
            serve(&pending, milliseconds: 1000)
        }
        let status = end()
        let waiters = mailbox.withLock { mailbox in
            mailbox.hasEnded = true
            for end in [waker.read, waker.write] { Foundation.close(end) }
            defer { mailbox.waiters = [] }
            return mailbox.waiters
        }
        onEnd(status)
        for waiter in waiters { waiter.resume() }
    }

    /// Waits for something to read or to write and does it.
    private func serve(_ pending: inout [UInt8], milliseconds: Int32) {
        var polled = [pollfd(fd: waker.read, events: Int16(POLLIN), revents: 0)]
        if isOutputOpen { polled.append(pollfd(fd: output, events: Int16(POLLIN), revents: 0)) }
        if isErrorOpen { polled.append(pollfd(fd: errors, events: Int16(POLLIN), revents: 0)) }
        if let input, !pending.isEmpty { polled.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0)) }
        guard poll(&polled, nfds_t(polled.count), milliseconds) > 0 else { return }
        for ready in polled where ready.revents != 0 {
            switch ready.fd {
            case waker.read: while read(waker.read, &buffer, buffer.count) > 0 {}
            case output: readOutput()
            case errors: readErrors()
            default: send(&pending, to: ready.fd)
            }
        }
    }

    private func readOutput() {
        let count = read(output, &buffer, buffer.count)
        if count > 0 {
            for line in splitter.split(buffer[..<count]) { onLine(line) }
        } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
            isOutputOpen = false
        }
    }

    private func readErrors() {
        let count = read(errors, &buffer, buffer.count)
        if count > 0 {
            mailbox.withLock { mailbox in
                mailbox.errors += buffer[..<count]
                mailbox.errors.removeFirst(max(0, mailbox.errors.count - Self.keptErrorBytes))
            }
        } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
            isErrorOpen = false
        }
    }

    private func send(_ pending: inout [UInt8], to descriptor: Int32) {
        let count = Foundation.write(descriptor, pending, pending.count)
        if count > 0 {
            pending.removeFirst(count)
        } else if errno != EAGAIN, errno != EINTR {
            // Nobody reads any more; the program's end will tell.
            closeInput()
            pending = []
        }
    }

    private func closeInput() {
        if let input { Foundation.close(input) }
        input = nil
    }

    /// Whether the program has ended; it is not reaped yet.
    private func hasExited() -> Bool {
        var information = siginfo_t()
        return waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) != 0
            || information.si_signo != 0
    }

    /// Ends the program, its group with it, and says how it ended.
    private func end() -> String {
        closeInput()
        var nothing: [UInt8] = []
        for signal in [nil, SIGTERM, SIGKILL] {
            if let signal { kill(-process, signal) }
            let deadline = ContinuousClock.now + Self.gracePeriod
            while !hasExited(), ContinuousClock.now < deadline { serve(&nothing, milliseconds: 10) }
            if hasExited() { break }
        }
        kill(-process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        // What it wrote before it ended.
        while isOutputOpen, isReadable(output) { readOutput() }
        while isErrorOpen, isReadable(errors) { readErrors() }
        for end in [output, errors] { Foundation.close(end) }
        let signal = status & 0x7F
        return signal == 0 ? "it ended with status \((status >> 8) & 0xFF)" : "it was ended by signal \(signal)"
    }

    private func isReadable(_ descriptor: Int32) -> Bool {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, 0) > 0
    }

    /// A write to a program that has ended must be an error of the write, not the end of this one. The signal goes to the
    /// thread that writes.
    private static func ignoreBrokenPipes() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }
}
