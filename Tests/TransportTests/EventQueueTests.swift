import Foundation
import Testing

@testable import Transport

@Suite struct EventQueueTests {
    /// A sleep that nothing ends lasts this long, in milliseconds.
    private static let longest: Int32 = 600_000

    /// Runs blocking work on a thread of its own; whether all of it took less than half of ``longest``.
    private static func isWoken(_ body: @escaping @Sendable () -> Void) async -> Bool {
        let start = ContinuousClock.now
        await withCheckedContinuation { continuation in
            Thread {
                body()
                continuation.resume()
            }.start()
        }
        return start.duration(to: .now) < .milliseconds(Int(longest) / 2)
    }

    /// The counter behind it is never read back.
    @Test func everyWakeEndsTheNextSleep() async throws {
        let queue = try #require(EventQueue())
        #expect(
            await Self.isWoken {
                for _ in 0..<3 {
                    queue.wake()
                    queue.wait(milliseconds: Self.longest, awake: {}) { _ in }
                }
            })
    }

    @Test func aWakeEndsTheCurrentSleep() async throws {
        let queue = try #require(EventQueue())
        #expect(
            await Self.isWoken {
                Thread {
                    usleep(20_000)
                    queue.wake()
                }.start()
                queue.wait(milliseconds: Self.longest, awake: {}) { _ in }
            })
    }

    @Test func wakesAreNoEventsOfSockets() async throws {
        let queue = try #require(EventQueue())
        queue.wake()
        queue.wait(milliseconds: 1, awake: {}) { _ in Issue.record("the wake was handed over as a socket's event") }
    }
}
