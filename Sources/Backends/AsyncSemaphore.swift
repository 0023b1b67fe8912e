import Synchronization

/// Permits that tasks wait for in the order in which they ask. With one permit it is a fair lock; with one per byte, a
/// budget of memory.
final class AsyncSemaphore: Sendable {
    private struct Waiter {
        let identifier: UInt64
        let count: Int
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var permits: Int
        var waiters: [Waiter] = []
        /// Waiters cancelled before they had begun to wait.
        var cancelledEarly: Set<UInt64> = []
        var nextIdentifier: UInt64 = 0
    }

    private let state: Mutex<State>
    /// The permits that there are in all.
    let capacity: Int

    init(permits: Int) {
        capacity = permits
        state = Mutex(State(permits: permits))
    }

    /// Waits for `count` permits at once, of which there must be that many in all; `false` where the task was cancelled
    /// while it waited, and then there is none to give back.
    func acquire(_ count: Int = 1) async -> Bool {
        precondition(count <= capacity, "more permits are asked for than there are")
        let identifier = state.withLock { state in
            state.nextIdentifier += 1
            return state.nextIdentifier
        }
        // Once the handler's scope is left it runs no more, so nothing can be left behind in the set.
        defer { state.withLock { _ = $0.cancelledEarly.remove(identifier) } }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.cancelledEarly.remove(identifier) != nil { return false }
                    if state.waiters.isEmpty, state.permits >= count {
                        state.permits -= count
                        return true
                    }
                    state.waiters.append(Waiter(identifier: identifier, count: count, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let resumed = state.withLock { state -> [(Waiter, Bool)] in
                guard let index = state.waiters.firstIndex(where: { $0.identifier == identifier }) else {
                    state.cancelledEarly.insert(identifier)
                    return []
                }
                // Whoever stands behind a large request may need less than is free.
                return [(state.waiters.remove(at: index), false)] + Self.served(&state).map { ($0, true) }
            }
            for (waiter, isServed) in resumed { waiter.continuation.resume(returning: isServed) }
        }
    }

    func release(_ count: Int = 1) {
        let served = state.withLock { state in
            state.permits += count
            return Self.served(&state)
        }
        for waiter in served { waiter.continuation.resume(returning: true) }
    }

    /// Takes from the queue's head whoever can have what it asked for.
    private static func served(_ state: inout State) -> [Waiter] {
        var served: [Waiter] = []
        while let next = state.waiters.first, state.permits >= next.count {
            state.permits -= next.count
            served.append(state.waiters.removeFirst())
        }
        return served
    }
}
