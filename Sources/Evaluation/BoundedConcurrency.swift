/// Runs operations concurrently with a bound on how many are in flight.
public enum BoundedConcurrency {
    /// Calls `operation` for every index in `0..<count`, starting them in order with at most `limit` in flight, and hands
    /// each result to `receive`, one at a time, as it completes.
    ///
    /// Throws the first error of either closure, after cancelling what is in flight and waiting for it to end.
    public static func forEach<Result: Sendable>(
        count: Int, limit: Int, isolation: isolated (any Actor)? = #isolation,
        operation: @escaping @Sendable (Int) async throws -> Result, receive: (Int, Result) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var next = 0
            func startNext() {
                guard next < count else { return }
                let index = next
                next += 1
                group.addTask { (index, try await operation(index)) }
            }
            for _ in 0..<min(count, max(1, limit)) { startNext() }
            while let (index, result) = try await group.next() {
                startNext()
                try await receive(index, result)
            }
        }
    }
}
