import Synchronization

/// Waits for a tool call no longer than it may take. A call that does not heed its cancellation is left behind.
enum BoundedCall {
    /// - Parameter limit: `nil` is without limit; the call is then waited for, whatever it does.
    /// - Returns: `nil` where the time ran out.
    static func run(
        atMost limit: Duration?, _ operation: @escaping @Sendable () async throws(ToolFailure) -> ToolResult
    ) async throws(CancellationError) -> ToolResult? {
        guard let limit else {
            let result = await result(of: operation)
            if Task.isCancelled { throw CancellationError() }
            return result
        }
        let race = Race()
        let work = Task { race.finish(.answered(await Self.result(of: operation))) }
        let timer = Task {
            if (try? await Task.sleep(for: limit)) != nil { race.finish(.expired) }
        }
        let outcome = await withTaskCancellationHandler {
            await race.outcome()
        } onCancel: {
            race.finish(.cancelled)
        }
        work.cancel()
        timer.cancel()
        switch outcome {
        case .answered(let result): return result
        case .expired: return nil
        case .cancelled: throw CancellationError()
        }
    }

    private static func result(
        of operation: @Sendable () async throws(ToolFailure) -> ToolResult
    ) async -> ToolResult {
        do throws(ToolFailure) { return try await operation() } catch { return ToolResult(error) }
    }
}

/// Holds the first of several endings for the one who waits.
private final class Race: Sendable {
    enum Outcome: Sendable {
        case answered(ToolResult), expired, cancelled
    }

    private struct State {
        var outcome: Outcome?
        var waiter: CheckedContinuation<Outcome, Never>?
    }

    private let state = Mutex(State())

    func finish(_ outcome: Outcome) {
        let waiter: CheckedContinuation<Outcome, Never>? = state.withLock { state in
            guard state.outcome == nil else { return nil }
            state.outcome = outcome
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: outcome)
    }

    func outcome() async -> Outcome {
        await withCheckedContinuation { continuation in
            let outcome: Outcome? = state.withLock { state in
                if state.outcome == nil { state.waiter = continuation }
                return state.outcome
            }
            if let outcome { continuation.resume(returning: outcome) }
        }
    }
}
