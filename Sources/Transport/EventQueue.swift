import CCurl
import Foundation

/// What the loop's thread sleeps on: libcurl's sockets and a wake-up from other threads.
///
/// Invariants: all but ``wake()`` is for the loop's thread alone. A socket that libcurl stops watching stays registered
/// until it reports something, because a kept connection is watched again with the next request; a new socket of the
/// same number is registered afresh (``forget(_:)``).
final class EventQueue: @unchecked Sendable {
    struct Event {
        var socket: Int32
        /// A mask of `CURL_CSELECT_IN`, `CURL_CSELECT_OUT` and `CURL_CSELECT_ERR`.
        var readiness: Int32
    }

    /// Masks of `CURL_CSELECT_IN` and `CURL_CSELECT_OUT`.
    private struct Watch {
        var wanted: Int32 = 0
        var registered: Int32 = 0
    }

    /// On Linux both are one event counter, which is never read: it reports each time it is written. Elsewhere they are
    /// the ends of a pipe.
    private let waker: (read: Int32, write: Int32)
    /// By socket number.
    private var watches: [Watch] = []
    #if os(Linux)
        private let descriptor: Int32
        private var buffer = [epoll_event](repeating: epoll_event(), count: 512)
    #endif

    /// `nil` where the system has no descriptors left.
    init?() {
        #if os(Linux)
            let counter = ccurl_event_counter_create()
            guard counter >= 0 else { return nil }
            waker = (counter, counter)
            descriptor = ccurl_epoll_create()
            // With all properties set, `deinit` runs and closes the counter.
            guard descriptor >= 0 else { return nil }
            _ = ccurl_epoll_add_event_counter(descriptor, counter)
        #else
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0 else { return nil }
            for end in ends {
                _ = fcntl(end, F_SETFD, FD_CLOEXEC)
                _ = fcntl(end, F_SETFL, O_NONBLOCK)
            }
            waker = (ends[0], ends[1])
            watch(waker.read, for: CURL_CSELECT_IN)
        #endif
    }

    deinit {
        close(waker.read)
        #if os(Linux)
            close(descriptor)
        #else
            close(waker.write)
        #endif
    }

    /// Ends the current or the next sleep. From any thread.
    func wake() {
        var one: UInt64 = 1
        // A full pipe means that a wake-up is under way already; a counter never fills.
        _ = write(waker.write, &one, 8)
    }

    /// `wanted` is a mask of `CURL_CSELECT_IN` and `CURL_CSELECT_OUT`; 0 ends the watch.
    func watch(_ socket: Int32, for wanted: Int32) {
        let index = Int(socket)
        if index >= watches.count { watches += Array(repeating: Watch(), count: index + 1 - watches.count) }
        watches[index].wanted = wanted
        guard wanted != 0, watches[index].registered != wanted else { return }
        register(socket, watches[index].registered, wanted)
        watches[index].registered = wanted
    }

    /// The number belongs to a new socket, which the system watches for nobody yet.
    func forget(_ socket: Int32) {
        if Int(socket) < watches.count { watches[Int(socket)] = Watch() }
    }

    /// Sleeps until something happens or the time is over (`nil`: without end), says so, and hands over each event.
    func wait(milliseconds: Int32?, awake: () -> Void, _ body: (Event) -> Void) {
        let events = poll(milliseconds ?? -1)
        awake()
        for event in events {
            if event.socket == waker.read {
                #if !os(Linux)
                    var bytes: (UInt64, UInt64) = (0, 0)
                    while read(waker.read, &bytes, 16) == 16 {}
                #endif
            } else if Int(event.socket) < watches.count, watches[Int(event.socket)].wanted == 0 {
                // An idle connection was closed by its peer; libcurl finds out when it would use it.
                unregister(event.socket)
                watches[Int(event.socket)].registered = 0
            } else {
                body(event)
            }
        }
    }

    #if os(Linux)
        private func register(_ socket: Int32, _ old: Int32, _ new: Int32) {
            let operation = old == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
            if ccurl_epoll_control(descriptor, operation, socket, new) == 0 { return }
            // The two sides disagree on whether the socket is new; the system is right.
            _ = ccurl_epoll_control(descriptor, errno == EEXIST ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, new)
        }

        private func unregister(_ socket: Int32) {
            _ = ccurl_epoll_control(descriptor, EPOLL_CTL_DEL, socket, 0)
        }

        private func poll(_ milliseconds: Int32) -> [Event] {
            let count = epoll_wait(descriptor, &buffer, Int32(buffer.count), milliseconds)
            var events: [Event] = []
            events.reserveCapacity(Int(max(0, count)))
            for index in 0..<Int(max(0, count)) {
                let socket = ccurl_epoll_socket(&buffer[index])
                events.append(Event(socket: socket, readiness: ccurl_epoll_readiness(&buffer[index])))
            }
            return events
        }
    #else
        private func register(_ socket: Int32, _ old: Int32, _ new: Int32) {}
        private func unregister(_ socket: Int32) {}

        private func poll(_ milliseconds: Int32) -> [Event] {
            var sockets: [pollfd] = []
            for index in watches.indices where watches[index].registered != 0 {
                let interest = watches[index].registered
                let reading = interest & CURL_CSELECT_IN != 0 ? POLLIN : 0
                let writing = interest & CURL_CSELECT_OUT != 0 ? POLLOUT : 0
                sockets.append(pollfd(fd: Int32(index), events: Int16(reading | writing), revents: 0))
            }
            _ = Foundation.poll(&sockets, nfds_t(sockets.count), milliseconds)
            return sockets.filter { $0.revents != 0 }.map { socket in
                let result = Int32(socket.revents)
                let readable = result & Int32(POLLIN) != 0 ? CURL_CSELECT_IN : 0
                let writable = result & Int32(POLLOUT) != 0 ? CURL_CSELECT_OUT : 0
                let broken = result & Int32(POLLERR | POLLHUP | POLLNVAL) != 0 ? CURL_CSELECT_ERR : 0
                return Event(socket: socket.fd, readiness: readable | writable | broken)
            }
        }
    #endif
}
