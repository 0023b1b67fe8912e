import Synchronization

/// What lies between libcurl, which writes on the loop's thread, and the task that reads a stream.
///
/// Invariants: at most `limit` bytes and one delivery of libcurl's (16 KiB, or a frame of HTTP/2) are held; nobody waits
/// while there is something to read; no continuation is resumed under the lock.
final class StreamBuffer: Sendable {
    typealias Waiter = CheckedContinuation<Delivery, Never>

    enum Delivery: Sendable {
        /// Some bytes; `mustResume` where the transfer was paused for want of room.
        case bytes([UInt8], mustResume: Bool)
        case end(TransportError?)
    }

    private enum End {
        case open
        case closed(TransportError?)
    }

    private struct State {
        var bytes: [UInt8] = []
        var isPaused = false
        var end = End.open
        var waiters: [Waiter] = []
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Takes the bytes, or takes none and answers `false` where the reader has to catch up first.
    func offer(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let (isTaken, waiter) = state.withLock { state -> (Bool, Waiter?) in
            if !state.waiters.isEmpty { return (true, state.waiters.removeFirst()) }
            guard state.bytes.count < limit else {
                state.isPaused = true
                return (false, nil)
            }
            state.bytes.append(contentsOf: bytes)
            return (true, nil)
        }
        waiter?.resume(returning: .bytes(Array(bytes), mustResume: false))
        return isTaken
    }

    /// No more bytes will come. What is held can still be read, except after a cancellation.
    func close(_ error: TransportError?) {
        let waiters = state.withLock { state -> [Waiter] in
            guard case .open = state.end else { return [] }
            state.end = .closed(error)
            if case .cancelled? = error { state.bytes = [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: .end(error)) }
    }

    /// Everything that is there, or the next bytes, or the end.
    func next(_ waiter: Waiter) {
        let delivery = state.withLock { state -> Delivery? in
            if !state.bytes.isEmpty {
                let mustResume = state.isPaused
                defer { (state.bytes, state.isPaused) = ([], false) }
                return .bytes(state.bytes, mustResume: mustResume)
            }
            if case .closed(let error) = state.end { return .end(error) }
            state.waiters.append(waiter)
            return nil
        }
        if let delivery { waiter.resume(returning: delivery) }
    }

    /// How many bytes wait for the reader.
    var byteCount: Int { state.withLock { $0.bytes.count } }
}
