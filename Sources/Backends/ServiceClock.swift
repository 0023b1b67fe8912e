import Synchronization

/// Measures the time in which an operation is served, without the time in which it waits for its turn.
///
/// Whoever bounds an operation makes the clock the task's ``current`` one; whoever makes the operation wait for a place
/// (a limit of requests in flight, a pause that a server asked for) says so with ``waiting(_:)``. A deadline on this clock
/// does not punish an operation for what others do.
public final class ServiceClock: Sendable {
    /// The clock of the operation that the task belongs to.
    @TaskLocal public static var current: ServiceClock?

    private struct State {
        var served: Duration = .zero
        var since: ContinuousClock.Instant
        /// Waits under way; the clock stands while there are any.
        var waits = 0
        var hasExpired = false
    }

    private let state = Mutex(State(since: .now))
    private static let shortestSleep = Duration.milliseconds(20)

    public init() {}

    /// The time served since the clock was made.
    public var elapsed: Duration {
        state.withLock { $0.waits > 0 ? $0.served : $0.served + $0.since.duration(to: .now) }
    }

    /// Whether ``expire(after:)`` has returned.
    public var hasExpired: Bool { state.withLock(\.hasExpired) }

    /// Returns when the time served reaches the limit; throws where the task is cancelled before.
    public func expire(after limit: Duration) async throws(CancellationError) {
        while case let rest = limit - elapsed, rest > .zero {
            do { try await Task.sleep(for: max(rest, Self.shortestSleep)) } catch { throw CancellationError() }
        }
        state.withLock { $0.hasExpired = true }
    }

    /// Runs a wait; the task's current clock stands meanwhile.
    public static func waiting<Value>(
        isolation: isolated (any Actor)? = #isolation, _ wait: () async -> Value
    ) async -> Value {
        guard let clock = current else { return await wait() }
        clock.stop()
        defer { clock.resume() }
        return await wait()
    }

    private func stop() {
        state.withLock { state in
            if state.waits == 0 { state.served += state.since.duration(to: .now) }
            state.waits += 1
        }
    }

    private func resume() {
        state.withLock { state in
            state.waits -= 1
            if state.waits == 0 { state.since = .now }
        }
    }
}
