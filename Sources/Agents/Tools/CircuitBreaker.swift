import Synchronization

/// Keeps a tool that fails again and again from being asked for a while, so that its outage costs episodes a moment and not
/// a timeout each.
///
/// Closed until `threshold` outages in a row; then open for `pause`; then one call is let through, which closes it or opens
/// it for twice as long, at most `longestPause`. Calls that the policy got wrong count neither way.
public final class CircuitBreaker: Sendable {
    public struct Settings: Sendable, Hashable {
        /// Outages in a row that open the breaker.
        public var threshold: Int
        public var pause: Duration
        public var longestPause: Duration

        public init(threshold: Int = 5, pause: Duration = .seconds(30), longestPause: Duration = .seconds(300)) {
            self.threshold = max(1, threshold)
            self.pause = pause
            self.longestPause = max(pause, longestPause)
        }
    }

    private struct State {
        var outages = 0
        var pause: Duration
        var openUntil: ContinuousClock.Instant?
        var isProbing = false
    }

    private let settings: Settings
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state: Mutex<State>

    public init(
        settings: Settings = Settings(), now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.settings = settings
        self.now = now
        state = Mutex(State(pause: settings.pause))
    }

    /// Whether the next call would be refused.
    public var isOpen: Bool {
        let now = now()
        return state.withLock { state in state.openUntil.map { now < $0 || state.isProbing } ?? false }
    }

    /// Lets a call through, or says for how long there is none.
    func admit() -> Duration? {
        let now = now()
        return state.withLock { state in
            guard let end = state.openUntil else { return nil }
            if now < end { return now.duration(to: end) }
            if state.isProbing { return state.pause }
            state.isProbing = true
            return nil
        }
    }

    /// Records how an admitted call ended; `nil` is an answer.
    func record(_ failure: ToolFailure.Kind?) {
        let now = now()
        state.withLock { state in
            guard failure?.isOutage == true else {
                state = State(pause: settings.pause)
                return
            }
            state.outages += 1
            if state.isProbing {
                state.pause = min(settings.longestPause, state.pause * 2)
                state.isProbing = false
                state.openUntil = now.advanced(by: state.pause)
            } else if state.openUntil == nil, state.outages >= settings.threshold {
                state.openUntil = now.advanced(by: state.pause)
            }
        }
    }

    /// Records that an admitted call was given up before it ended.
    func forget() { state.withLock { $0.isProbing = false } }
}
