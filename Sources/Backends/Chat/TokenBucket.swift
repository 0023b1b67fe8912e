/// A bucket that refills at a constant rate and may be overdrawn: who takes more than is there waits until the debt is paid,
/// and everybody behind waits longer. So takers are served in the order in which they came.
///
/// A value: time is an argument.
public struct TokenBucket: Sendable {
    private let perSecond: Double
    /// What can be taken at once after a pause.
    private let capacity: Double
    private var level: Double
    private var updated: ContinuousClock.Instant

    /// A bucket that holds the amount of ten seconds.
    init(perMinute: Double, now: ContinuousClock.Instant) {
        self.init(perSecond: perMinute / 60, capacity: max(1, perMinute / 6), now: now)
    }

    /// A full bucket.
    /// - Parameters:
    ///   - perSecond: what flows in; above 0.
    ///   - capacity: what can be taken at once after a pause.
    public init(perSecond: Double, capacity: Double, now: ContinuousClock.Instant) {
        self.perSecond = perSecond
        self.capacity = capacity
        level = capacity
        updated = now
    }

    /// Takes an amount and returns how long its taker has to wait.
    public mutating func take(_ amount: Double, now: ContinuousClock.Instant) -> Duration {
        refill(now)
        level -= amount
        return level >= 0 ? .zero : .seconds(-level / perSecond)
    }

    /// Gives back what was taken and not used, or takes more where the amount is negative.
    public mutating func give(_ amount: Double, now: ContinuousClock.Instant) {
        refill(now)
        level = min(capacity, level + amount)
    }

    /// Lets nobody take anything for a while; who comes then waits until it is over and his turn has come.
    public mutating func close(for duration: Duration, now: ContinuousClock.Instant) {
        refill(now)
        level = min(level, -perSecond * duration.seconds)
    }

    private mutating func refill(_ now: ContinuousClock.Instant) {
        let elapsed = max(.zero, updated.duration(to: now))
        level = min(capacity, level + perSecond * elapsed.seconds)
        updated = now
    }
}

extension Duration {
    fileprivate var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
