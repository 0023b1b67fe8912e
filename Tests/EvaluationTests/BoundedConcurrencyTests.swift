import Synchronization
import Testing

@testable import Evaluation

@Suite struct BoundedConcurrencyTests {
    @Test(arguments: [1, 3, 100]) func neverMoreThanTheLimitInFlight(limit: Int) async throws {
        let inFlight = Mutex(0)
        let highest = Mutex(0)
        var received: [Int] = []
        try await BoundedConcurrency.forEach(count: 40, limit: limit) { index in
            let now = inFlight.withLock { count in
                count += 1
                return count
            }
            highest.withLock { $0 = max($0, now) }
            for _ in 0..<index % 5 { await Task.yield() }
            inFlight.withLock { $0 -= 1 }
            return index * 2
        } receive: { index, result in
            #expect(result == index * 2)
            received.append(index)
        }
        #expect(received.sorted() == Array(0..<40))
        #expect(highest.withLock { $0 } <= limit)
    }

    @Test func theFirstErrorEndsItAll() async {
        struct Failure: Error {}
        let started = Mutex(0)
        await #expect(throws: Failure.self) {
            try await BoundedConcurrency.forEach(count: 1000, limit: 2) { index in
                started.withLock { $0 += 1 }
                if index == 3 { throw Failure() }
                return index
            } receive: { _, _ in
            }
        }
        #expect(started.withLock { $0 } < 1000)
    }

    @Test func nothingToDoIsDone() async throws {
        try await BoundedConcurrency.forEach(count: 0, limit: 4) {
            $0
        } receive: { _, _ in
            Issue.record("called")
        }
    }
}
