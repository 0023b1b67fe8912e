import Synchronization

/// What all samplers of a session share: a limit on requests in flight, and the pause that a 429 imposes on all of them.
final class SamplingGate: Sendable {
    let permits: AsyncSemaphore
    /// What the server does to be asked less.
    let gauge = PressureGauge()
    private let pausedUntil = Mutex(ContinuousClock.now)

    init(maximumConcurrentSamples: Int) { permits = AsyncSemaphore(permits: max(1, maximumConcurrentSamples)) }

    func pause(for duration: Duration) {
        let end = ContinuousClock.now.advanced(by: duration)
        pausedUntil.withLock { $0 = max($0, end) }
    }

    /// Waits until no pause is left; throws where the task is cancelled.
    func passed() async throws(CancellationError) {
        while case let end = pausedUntil.withLock({ $0 }), end > .now {
            let isOver = await ServiceClock.waiting { (try? await Task.sleep(until: end)) != nil }
            guard isOver else { throw CancellationError() }
        }
    }
}
