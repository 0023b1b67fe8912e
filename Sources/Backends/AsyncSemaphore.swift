import Synchronization

/// Permits that tasks wait for in the order in which they ask. With one permit it is a fair lock.
final class AsyncSemaphore: Sendable {
    private struct Waiter {
        let identifier: UInt64
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

    init(permits: Int) { state = Mutex(State(permits: permits)) }

    /// Waits for a permit; `false` where the task was cancelled while it waited, and then there is none to give back.
    func acquire() async -> Bool {
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
                    if state.permits > 0 {
                        state.permits -= 1
                        return true
                    }
                    state.waiters.append(Waiter(identifier: identifier, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let index = state.waiters.firstIndex(where: { $0.identifier == identifier }) else {
                    state.cancelledEarly.insert(identifier)
                    return nil
                }
                return state.waiters.remove(at: index)
            }
            waiter?.continuation.resume(returning: false)
        }
    }

    func release() {
        let next = state.withLock { state -> Waiter? in
            if state.waiters.isEmpty {
                state.permits += 1
                return nil
            }
            return state.waiters.removeFirst()
        }
        next?.continuation.resume(returning: true)
    }
}
