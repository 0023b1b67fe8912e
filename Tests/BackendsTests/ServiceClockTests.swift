import Testing

@testable import Backends

@Suite struct ServiceClockTests {
    @Test func `waiting for a place does not count`() async throws {
        let clock = ServiceClock()
        let wait = Duration.milliseconds(300)
        let start = ContinuousClock.now
        await ServiceClock.$current.withValue(clock) {
            await ServiceClock.waiting { try? await Task.sleep(for: wait) }
        }
        #expect(clock.elapsed <= start.duration(to: .now) - wait)
    }

    @Test func `the clock stands while it waits`() async throws {
        let clock = ServiceClock()
        await ServiceClock.$current.withValue(clock) {
            await ServiceClock.waiting {
                let elapsed = clock.elapsed
                try? await Task.sleep(for: .milliseconds(20))
                #expect(clock.elapsed == elapsed)
            }
        }
    }

    @Test func `expires when enough time was served`() async throws {
        let clock = ServiceClock()
        #expect(!clock.hasExpired)
        try await clock.expire(after: .milliseconds(50))
        #expect(clock.hasExpired)
        #expect(clock.elapsed >= .milliseconds(50))
    }

    @Test func `a cancelled deadline does not expire`() async throws {
        let clock = ServiceClock()
        let task = Task { try await clock.expire(after: .seconds(3600)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(!clock.hasExpired)
    }

    @Test func `without a clock a wait is only a wait`() async {
        #expect(await ServiceClock.waiting { 3 } == 3)
    }
}
