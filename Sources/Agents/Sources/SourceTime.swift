import Foundation

/// The clocks that sources go by, so that tests need not wait.
public struct SourceTime: Sendable {
    /// For deadlines and rates.
    public var now: @Sendable () -> ContinuousClock.Instant
    /// Seconds since 1970, for what outlives the process.
    public var date: @Sendable () -> Double
    public var sleep: @Sendable (Duration) async throws -> Void

    public init(
        now: @escaping @Sendable () -> ContinuousClock.Instant, date: @escaping @Sendable () -> Double,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.date = date
        self.sleep = sleep
    }

    public static let live = SourceTime(
        now: { .now }, date: { Date().timeIntervalSince1970 }, sleep: { try await Task.sleep(for: $0) })
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
