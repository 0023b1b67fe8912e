import Synchronization
import Testing

@testable import Agents

@Suite struct CircuitBreakerTests {
    /// A clock that tests move.
    private final class Time: Sendable {
        private let instant = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { instant.withLock { $0 } }
        func pass(_ duration: Duration) { instant.withLock { $0 = $0.advanced(by: duration) } }
    }

    private let time = Time()

    private func breaker() -> CircuitBreaker {
        CircuitBreaker(
            settings: .init(threshold: 3, pause: .seconds(10), longestPause: .seconds(25)), now: { [time] in time.now })
    }

    private func fail(_ breaker: CircuitBreaker, times: Int) {
        for _ in 0..<times where breaker.admit() == nil { breaker.record(.timeout) }
    }

    @Test func `opens after the threshold and not before`() {
        let breaker = breaker()
        fail(breaker, times: 2)
        #expect(!breaker.isOpen)
        fail(breaker, times: 1)
        #expect(breaker.isOpen)
        #expect(breaker.admit() == .seconds(10))
    }

    @Test func `an answer between outages starts the count again`() {
        let breaker = breaker()
        fail(breaker, times: 2)
        breaker.record(nil)
        fail(breaker, times: 2)
        #expect(!breaker.isOpen)
    }

    @Test(arguments: ToolFailure.Kind.allCases)
    func `only outages count`(kind: ToolFailure.Kind) {
        let breaker = breaker()
        for _ in 0..<3 { breaker.record(kind) }
        #expect(breaker.isOpen == kind.isOutage)
    }

    @Test func `after the pause one call is let through, and closes it`() {
        let breaker = breaker()
        fail(breaker, times: 3)
        time.pass(.seconds(10))
        #expect(breaker.admit() == nil)
        #expect(breaker.admit() != nil)
        breaker.record(nil)
        #expect(breaker.admit() == nil)
        #expect(breaker.admit() == nil)
    }

    @Test func `each failed attempt doubles the pause up to the longest`() {
        let breaker = breaker()
        fail(breaker, times: 3)
        for pause in [20, 25, 25] {
            time.pass(.seconds(25))
            #expect(breaker.admit() == nil)
            breaker.record(.unavailable)
            #expect(breaker.admit() == .seconds(pause))
        }
    }

    @Test func `an attempt that was given up leaves room for the next`() {
        let breaker = breaker()
        fail(breaker, times: 3)
        time.pass(.seconds(10))
        #expect(breaker.admit() == nil)
        breaker.forget()
        #expect(breaker.admit() == nil)
    }
}
