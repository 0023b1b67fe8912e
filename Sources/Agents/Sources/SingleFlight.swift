import Synchronization

/// Lets equal questions that are asked at the same time be answered by one piece of work.
///
/// Invariants: each waiter is answered exactly once, also where its task is cancelled; work that nobody waits for any more
/// is cancelled and forgotten, so that the next one to ask begins anew.
final class SingleFlight<Value: Sendable>: Sendable {
    private struct Flight {
        let number: UInt64
        var task: Task<Void, Never>?
        var waiters: [UInt64: CheckedContinuation<Value?, Never>] = [:]
    }

    private struct State {
        var flights: [String: Flight] = [:]
        var cancelledEarly: Set<UInt64> = []
        var nextNumber: UInt64 = 0
    }

    private let state = Mutex(State())

    /// The work's value, and whether this caller began the work; `nil` where the calling task was cancelled first.
    func value(
        for key: String, _ work: @escaping @Sendable () async -> Value
    ) async -> (value: Value, began: Bool)? {
        let waiter = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        let began = Mutex(false)
        defer { state.withLock { _ = $0.cancelledEarly.remove(waiter) } }
        let value = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if state.cancelledEarly.remove(waiter) != nil { return true }
                    if state.flights[key] == nil {
                        began.withLock { $0 = true }
                        state.flights[key] = Flight(number: waiter)
                        state.flights[key]?.task = Task { self.land(key, waiter, await work()) }
                    }
                    state.flights[key]?.waiters[waiter] = continuation
                    return false
                }
                if isCancelled { continuation.resume(returning: nil) }
            }
        } onCancel: {
            leave(key, waiter)
        }
        return value.map { ($0, began.withLock(\.self)) }
    }

    private func land(_ key: String, _ number: UInt64, _ value: Value) {
        let waiters = state.withLock { state -> [CheckedContinuation<Value?, Never>] in
            guard let flight = state.flights[key], flight.number == number else { return [] }
            state.flights[key] = nil
            return Array(flight.waiters.values)
        }
        for waiter in waiters { waiter.resume(returning: value) }
    }

    private func leave(_ key: String, _ waiter: UInt64) {
        let (continuation, task) = state.withLock {
            state -> (CheckedContinuation<Value?, Never>?, Task<Void, Never>?) in
            guard let continuation = state.flights[key]?.waiters.removeValue(forKey: waiter) else {
                state.cancelledEarly.insert(waiter)
                return (nil, nil)
            }
            guard let flight = state.flights[key], flight.waiters.isEmpty else { return (continuation, nil) }
            state.flights[key] = nil
            return (continuation, flight.task)
        }
        task?.cancel()
        continuation?.resume(returning: nil)
    }
}
