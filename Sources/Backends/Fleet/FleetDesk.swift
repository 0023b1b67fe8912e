import Synchronization

/// A ``FleetBook`` that tasks share, and the queue of those that wait for it to change.
final class FleetDesk: Sendable {
    private struct Waiter {
        let identifier: UInt64
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var book: FleetBook
        var waiters: [Waiter] = []
        /// Waiters cancelled before they had begun to wait.
        var cancelledEarly: Set<UInt64> = []
        var nextIdentifier: UInt64 = 0
        /// How often the book changed in a way that waiters care about.
        var changes: UInt64 = 0
        var isClosed = false
    }

    private let state: Mutex<State>

    init(_ book: FleetBook) { state = Mutex(State(book: book)) }

    var book: FleetBook { state.withLock { $0.book } }
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// The number of changes so far, to be taken before the book is read that one then waits to change.
    var changes: UInt64 { state.withLock { $0.changes } }

    func update<Value: Sendable>(_ change: (inout FleetBook) -> Value) -> Value {
        state.withLock { change(&$0.book) }
    }

    /// Wakes all waiters.
    func announce() {
        let woken = state.withLock { state in
            defer { state.waiters = [] }
            state.changes += 1
            return state.waiters
        }
        for waiter in woken { waiter.continuation.resume() }
    }

    func close() {
        state.withLock { $0.isClosed = true }
        announce()
    }

    /// Waits until the book has changed since `seen` was taken, or the task is cancelled.
    func change(since seen: UInt64) async {
        let identifier = state.withLock { state in
            state.nextIdentifier += 1
            return state.nextIdentifier
        }
        defer { state.withLock { _ = $0.cancelledEarly.remove(identifier) } }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.changes != seen || state.cancelledEarly.contains(identifier) { return true }
                    state.waiters.append(Waiter(identifier: identifier, continuation: continuation))
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let index = state.waiters.firstIndex(where: { $0.identifier == identifier }) else {
                    state.cancelledEarly.insert(identifier)
                    return nil
                }
                return state.waiters.remove(at: index)
            }
            waiter?.continuation.resume()
        }
    }
}
