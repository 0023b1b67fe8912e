import Primitives
import Synchronization

/// Which requests of a sampling session have finished, for clients that ask for all of them at once.
final class CompletionBoard: Sendable {
    /// One client of a sampling session.
    struct Key: Hashable, Sendable {
        /// `seq_id`s of one client of a session, in a block of their own.
        static let sequencesPerClone = 1_000_000_000

        var session: String
        var clone: Int
    }

    struct Event: Equatable, Sendable {
        var cursor: Int
        var promise: String
        /// The size of the result; `nil` where the request failed.
        var byteCount: Int?
    }

    private struct Log {
        var events: [Event] = []
        var lastCursor = 0
        /// Rings at the next event, where somebody waits.
        var bell: String?
    }

    /// Events that are kept where nobody asks for them.
    private static let eventLimit = 65_536

    private let logs = Mutex<[Key: Log]>([:])
    private let bells: PromiseStore

    init(epoch: String) { bells = PromiseStore(epoch: epoch + "-bell", grace: .zero) }

    func note(_ promise: String, byteCount: Int?, of key: Key) {
        let bell = logs.withLock { logs in
            var log = logs.removeValue(forKey: key) ?? Log()
            log.lastCursor += 1
            log.events.append(Event(cursor: log.lastCursor, promise: promise, byteCount: byteCount))
            if log.events.count > 2 * Self.eventLimit { log.events.removeFirst(log.events.count - Self.eventLimit) }
            let bell = log.bell
            log.bell = nil
            logs[key] = log
            return bell
        }
        if let bell { bells.fulfil(bell, with: .json([])) }
    }

    /// The events after a cursor, awaited for at most `limit`, and the cursor after them. Earlier events are forgotten.
    func events(
        of key: Key, after cursor: Int, waitingAtMost limit: Duration
    ) async -> (events: [Event], cursor: Int) {
        if let now = take(key, after: cursor) { return now }
        let bell = logs.withLock { logs in
            if let bell = logs[key]?.bell { return bell }
            let bell = bells.create()
            logs[key, default: Log()].bell = bell
            return bell
        }
        // An event between the two looks has found no bell; look again before waiting.
        if let now = take(key, after: cursor) { return now }
        _ = await bells.result(of: bell, waitingAtMost: limit)
        return take(key, after: cursor) ?? ([], cursor)
    }

    private func take(_ key: Key, after cursor: Int) -> (events: [Event], cursor: Int)? {
        logs.withLock { logs in
            logs[key]?.events.removeAll { $0.cursor <= cursor }
            guard let events = logs[key]?.events, let last = events.last else { return nil }
            return (events, last.cursor)
        }
    }

    func forget(session: String) {
        logs.withLock { logs in
            for key in logs.keys where key.session == session { logs[key] = nil }
        }
    }

    /// Wakes everyone who waits.
    func close() { bells.close() }
}

/// Sampling requests that run, so that they can be ended.
final class SampleCancellations: Sendable {
    private let tasks = Mutex<[String: Task<Void, Never>]>([:])

    /// Runs sampling that can be cancelled by the id of its promise.
    func run(_ promise: String, _ work: @escaping @Sendable () async -> Void) {
        tasks.withLock { tasks in
            tasks[promise] = Task {
                await work()
                _ = self.tasks.withLock { $0.removeValue(forKey: promise) }
            }
        }
    }

    func cancel(_ promise: String) { tasks.withLock { $0[promise] }?.cancel() }

    func cancelAll() { for task in tasks.withLock({ Array($0.values) }) { task.cancel() } }
}
