import Backends
import Synchronization

/// Keeps all who ask one source within its rate, and away from it while it wants to be left alone.
final class SourcePacer: Sendable {
    private struct State {
        var bucket: TokenBucket
        var dayBegan: ContinuousClock.Instant
        var today = 0
        var closedUntil: ContinuousClock.Instant
    }

    let rate: SourceRate
    private let source: String
    private let time: SourceTime
    private let state: Mutex<State>

    init(_ rate: SourceRate, source: String, time: SourceTime) {
        (self.rate, self.source, self.time) = (rate, source, time)
        let now = time.now()
        let bucket = TokenBucket(
            perSecond: max(rate.perSecond, 1e-6), capacity: Double(max(1, rate.burst)), now: now)
        state = Mutex(State(bucket: bucket, dayBegan: now, closedUntil: now))
    }

    /// Waits for the turn of one request.
    /// - Throws: at once where the turn would come after the deadline or the day's requests are used up.
    func admit(until deadline: ContinuousClock.Instant) async throws(ToolFailure) {
        while true {
            let delay = try take(until: deadline)
            guard delay > .zero else { return }
            do { try await time.sleep(delay) } catch {
                state.withLock { $0.today -= 1 }
                throw ToolFailure(.timeout, "\(source): the call was given up while it waited for its turn")
            }
            // Meanwhile the source may have asked for a pause.
            let isClosed = state.withLock { $0.closedUntil > time.now() }
            guard isClosed else { return }
            state.withLock { $0.today -= 1 }
        }
    }

    /// Sends nothing more to the source for a while.
    func pause(for duration: Duration) {
        state.withLock { state in
            let now = time.now()
            guard now + duration > state.closedUntil else { return }
            state.closedUntil = now + duration
            state.bucket.close(for: duration, now: now)
        }
    }

    private func take(until deadline: ContinuousClock.Instant) throws(ToolFailure) -> Duration {
        try state.withLock { (state) throws(ToolFailure) in
            let now = time.now()
            if state.dayBegan + .seconds(86_400) <= now { (state.dayBegan, state.today) = (now, 0) }
            if let perDay = rate.perDay, state.today >= perDay {
                throw ToolFailure(
                    .rateLimited, "\(source): the \(perDay) requests that may be sent in a day are used up")
            }
            guard now < deadline else {
                throw ToolFailure(.timeout, "\(source): the call's time was over before it could ask")
            }
            let delay = state.bucket.take(1, now: now)
            guard now + delay < deadline else {
                state.bucket.give(1, now: now)
                throw ToolFailure(
                    .rateLimited, "\(source): so many calls wait that this one's turn comes after its time limit")
            }
            state.today += 1
            return delay
        }
    }
}
