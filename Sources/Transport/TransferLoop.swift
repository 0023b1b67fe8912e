import CCurl
import Foundation
import Synchronization

/// The thread that drives libcurl.
///
/// Other threads only append commands, and wake it where it sleeps. libcurl is told which sockets are ready instead of
/// looking through all transfers, so that a request costs the same whatever else is under way.
/// Invariants: the multi handle, every ``EasyHandle`` and every ``Transfer`` handed to ``start(_:)`` are touched by the
/// thread alone; each transfer is finished exactly once, at the latest when the loop ends.
final class TransferLoop: @unchecked Sendable {
    private enum Command {
        case start(Transfer)
        case cancel(Transfer)
        case resume(Transfer)
    }

    private struct Mailbox {
        var commands: [Command] = []
        var isOpen = true
        var isAsleep = false
        /// As of the thread's last look at the mailbox.
        var load = HTTPClientLoad()
    }

    private static let isLibraryReady = ccurl_global_init() == CURLE_OK

    private let mailbox = Mutex(Mailbox())
    private let configuration: HTTPClientConfiguration
    private let events: EventQueue?

    // For the thread.
    private var multi: UnsafeMutableRawPointer?
    private var origins: [Substring: Origin] = [:]
    private var active: [UnsafeMutableRawPointer: EasyHandle] = [:]
    private var spareHandles: [EasyHandle] = []
    private var load = HTTPClientLoad()
    /// When libcurl wants to be called although no socket is ready.
    private var timer: ContinuousClock.Instant?
    /// Not after the first idle deadline of a transfer.
    private var nextIdleCheck: ContinuousClock.Instant?

    init(configuration: HTTPClientConfiguration) {
        self.configuration = configuration
        events = EventQueue()
        multi = Self.isLibraryReady ? curl_multi_init() : nil
        guard let events, let multi else {
            mailbox.withLock { $0.isOpen = false }
            return
        }
        ccurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, configuration.maximumConnections)
        ccurl_multi_set_long(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, configuration.maximumStreamsPerConnection)
        ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        // Idle connections to all hosts together.
        ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, max(1024, configuration.maximumConnections))
        ccurl_multi_set_callbacks(multi, Unmanaged.passUnretained(self).toOpaque()) { _, socket, interest, context, _ in
            TransferLoop.from(context)?.watch(socket, interest)
            return 0
        } _: { _, milliseconds, context in
            TransferLoop.from(context)?.setTimer(milliseconds)
            return 0
        }
        let thread = Thread { self.run(events) }
        thread.name = "medresearcher.http"
        thread.start()
    }

    // MARK: From any thread

    func start(_ transfer: Transfer) {
        if !post(.start(transfer)) { transfer.finish(transfer.cancelled()) }
    }

    /// Stops a transfer that was started or is about to be.
    func cancel(_ transfer: Transfer) {
        transfer.isCancelled.store(true, ordering: .sequentiallyConsistent)
        _ = post(.cancel(transfer))
    }

    /// Lets libcurl deliver again what the reader of a stream had no room for.
    func resume(_ transfer: Transfer) { _ = post(.resume(transfer)) }

    func shutdown() {
        let mustWake = mailbox.withLock { mailbox in
            defer { mailbox.isOpen = false }
            return mailbox.isOpen
        }
        if mustWake { events?.wake() }
    }

    var currentLoad: HTTPClientLoad {
        mailbox.withLock { mailbox in
            var load = mailbox.load
            for case .start in mailbox.commands { load.queued += 1 }
            return load
        }
    }

    private func post(_ command: Command) -> Bool {
        let (isOpen, mustWake) = mailbox.withLock { mailbox in
            guard mailbox.isOpen else { return (false, false) }
            mailbox.commands.append(command)
            defer { mailbox.isAsleep = false }
            return (true, mailbox.isAsleep)
        }
        if mustWake { events?.wake() }
        return isOpen
    }

    // MARK: On the thread

    private func run(_ events: EventQueue) {
        while true {
            let (commands, isOpen) = mailbox.withLock { mailbox in
                mailbox.load = load
                mailbox.isAsleep = mailbox.commands.isEmpty
                defer { mailbox.commands.removeAll(keepingCapacity: mailbox.commands.count < 4096) }
                return (mailbox.commands, mailbox.isOpen)
            }
            for command in commands { execute(command, isOpen: isOpen, events) }
            guard isOpen else { break }
            runTimers()
            let maySleep = commands.isEmpty || fallAsleep()
            events.wait(milliseconds: maySleep ? millisecondsToSleep : 0) {
                // Until the mailbox is read again, nobody needs to wake the thread.
                mailbox.withLock { $0.isAsleep = false }
            } _: { event in
                var running: Int32 = 0
                curl_multi_socket_action(multi, event.socket, event.readiness, &running)
            }
            collect()
        }
        for handle in active.values { conclude(handle, cancelled: true, admitsNext: false) }
        for origin in origins.values {
            while let transfer = origin.removeFirst() { transfer.finish(transfer.cancelled()) }
        }
        (origins, spareHandles, load) = ([:], [], HTTPClientLoad())
        curl_multi_cleanup(multi)
        multi = nil
        mailbox.withLock { $0.load = load }
    }

    /// Whether nothing has come in meanwhile; whoever posts from now on wakes the thread.
    private func fallAsleep() -> Bool {
        mailbox.withLock { mailbox in
            mailbox.load = load
            mailbox.isAsleep = mailbox.commands.isEmpty && mailbox.isOpen
            return mailbox.isAsleep
        }
    }

    private func execute(_ command: Command, isOpen: Bool, _ events: EventQueue) {
        switch command {
        case .start(let transfer):
            guard isOpen, !transfer.isCancelled.load(ordering: .sequentiallyConsistent) else {
                transfer.finish(transfer.cancelled())
                return
            }
            let name = transfer.request.origin
            let origin = origins[name] ?? Origin(name: name, limit: configuration.maximumConnections)
            origins[name] = origin
            if origin.admit(transfer) { begin(transfer, events) } else { load.queued += 1 }
        case .cancel(let transfer):
            if let handle = transfer.handle {
                conclude(handle, cancelled: true, admitsNext: isOpen)
            } else if let origin = transfer.origin {
                origin.leave(transfer)
                transfer.origin = nil
                load.queued -= 1
                transfer.finish(transfer.cancelled())
            }
        case .resume(let transfer):
            guard let handle = transfer.handle, transfer.isPaused else { return }
            transfer.resume()
            let code = curl_easy_pause(handle.pointer, CURLPAUSE_CONT)
            if code != CURLE_OK { conclude(handle, code) }
        }
    }

    /// Hands an admitted transfer to libcurl. Its deadline begins.
    private func begin(_ transfer: Transfer, _ events: EventQueue) {
        guard let handle = spareHandles.popLast() ?? EasyHandle(configuration: configuration, events: events) else {
            transfer.finish(.other(url: transfer.shownURL, detail: "libcurl has no memory left"))
            release(transfer)
            return
        }
        let code = handle.begin(transfer)
        transfer.handle = handle
        active[handle.pointer] = handle
        load.inFlight += 1
        if let idleTimeout = transfer.request.idleTimeout { scheduleIdleCheck(.now + idleTimeout) }
        if code != CURLE_OK {
            conclude(handle, code)
        } else if curl_multi_add_handle(multi, handle.pointer) != CURLM_OK {
            conclude(handle, CURLE_OUT_OF_MEMORY)
        }
    }

    /// Finishes the transfers that libcurl is done with.
    private func collect() {
        var remaining: Int32 = 0
        while let message = curl_multi_info_read(multi, &remaining) {
            guard message.pointee.msg == CURLMSG_DONE, let pointer = message.pointee.easy_handle,
                let handle = active[pointer]
            else { continue }
            conclude(handle, ccurl_message_result(message))
        }
    }

    /// Takes a transfer from libcurl, finishes it and begins the one whose turn it is.
    private func conclude(
        _ handle: EasyHandle, _ code: CURLcode = CURLE_OK, idle: Duration? = nil, cancelled: Bool = false,
        admitsNext: Bool = true
    ) {
        guard let transfer = handle.transfer else { return }
        let status = handle.status
        let error: TransportError? =
            if cancelled {
                transfer.cancelled()
            } else if let idle {
                .timedOut(url: transfer.shownURL, after: idle)
            } else {
                handle.error(code)
            }
        curl_multi_remove_handle(multi, handle.pointer)
        active[handle.pointer] = nil
        load.inFlight -= 1
        handle.end()
        transfer.handle = nil
        if spareHandles.count < configuration.maximumConnections { spareHandles.append(handle) }
        transfer.finish(error, status: status)
        if admitsNext { release(transfer) }
    }

    /// Gives an ended transfer's place to the next one in its queue.
    private func release(_ transfer: Transfer) {
        guard let origin = transfer.origin, let events else { return }
        transfer.origin = nil
        if let next = origin.release() {
            load.queued -= 1
            begin(next, events)
        } else if origin.isIdle {
            origins[origin.name] = nil
        }
    }

    // MARK: Time

    private var millisecondsToSleep: Int32? {
        guard let first = [timer, nextIdleCheck].compactMap(\.self).min() else { return nil }
        let now = ContinuousClock.now
        return first <= now ? 0 : Int32(clamping: now.duration(to: first).milliseconds)
    }

    private func runTimers() {
        guard timer != nil || nextIdleCheck != nil else { return }
        let now = ContinuousClock.now
        if let due = timer, due <= now {
            timer = nil
            var running: Int32 = 0
            ccurl_multi_timers(multi, &running)
            // What ended here must not wait for the next event.
            collect()
        }
        if let due = nextIdleCheck, due <= now { endIdleTransfers(now) }
    }

    private func scheduleIdleCheck(_ instant: ContinuousClock.Instant) {
        nextIdleCheck = nextIdleCheck.map { min($0, instant) } ?? instant
    }

    private func endIdleTransfers(_ now: ContinuousClock.Instant) {
        nextIdleCheck = nil
        for handle in active.values {
            guard let transfer = handle.transfer, let idleTimeout = transfer.request.idleTimeout else { continue }
            // Before the response begins, and while its reader lags, the clock does not run.
            let deadline = transfer.idleDeadline ?? now + idleTimeout
            if deadline <= now {
                conclude(handle, idle: idleTimeout)
            } else {
                scheduleIdleCheck(deadline)
            }
        }
    }

    // MARK: Called by libcurl

    private static func from(_ context: UnsafeMutableRawPointer?) -> TransferLoop? {
        context.map { Unmanaged<TransferLoop>.fromOpaque($0).takeUnretainedValue() }
    }

    private func watch(_ socket: Int32, _ interest: Int32) {
        // `CURL_POLL_IN` and `CURL_POLL_OUT` have the values of `CURL_CSELECT_…`; `CURL_POLL_REMOVE` is neither.
        events?.watch(socket, for: interest & (CURL_CSELECT_IN | CURL_CSELECT_OUT))
    }

    private func setTimer(_ milliseconds: Int) {
        timer = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
    }
}
