/// Measures the parts of one step in seconds.
struct StepTimer {
    private let start = ContinuousClock.now
    private(set) var parts: [(name: String, seconds: Double)] = []

    var total: Double { Self.seconds(ContinuousClock.now - start) }

    /// The seconds of a part; 0 where it did not happen.
    subscript(name: String) -> Double { parts.first { $0.name == name }?.seconds ?? 0 }

    mutating func measure<Value>(
        _ name: String, isolation: isolated (any Actor)? = #isolation, _ work: () async throws -> Value
    ) async rethrows -> Value {
        let start = ContinuousClock.now
        let value = try await work()
        parts.append((name, Self.seconds(ContinuousClock.now - start)))
        return value
    }

    static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}
