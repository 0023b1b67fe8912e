import Synchronization

/// The buckets of one server, shared by all who ask it.
public final class RateLimiter: Sendable {
    private struct State {
        var requests: TokenBucket?
        var tokens: TokenBucket?
    }

    private let state: Mutex<State>

    public init(_ limit: RateLimit) {
        let now = ContinuousClock.now
        state = Mutex(
            State(
                requests: limit.requestsPerMinute.map { TokenBucket(perMinute: $0, now: now) },
                tokens: limit.tokensPerMinute.map { TokenBucket(perMinute: $0, now: now) }))
    }

    /// Waits for the turn of a request that will use about `tokens` tokens.
    func admit(tokens: Int) async throws(CancellationError) {
        let delay = state.withLock { state in
            let now = ContinuousClock.now
            return max(
                state.requests?.take(1, now: now) ?? .zero, state.tokens?.take(Double(tokens), now: now) ?? .zero)
        }
        guard delay > .zero else { return }
        do { try await Task.sleep(for: delay) } catch { throw CancellationError() }
    }

    /// Corrects the estimate of an admitted request.
    func settle(estimated: Int, used: Int) {
        state.withLock { $0.tokens?.give(Double(estimated - used), now: .now) }
    }
}
