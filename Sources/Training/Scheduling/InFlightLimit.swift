import Backends

/// How many episodes are kept in flight: more while the backend takes them, fewer once it pushes back.
///
/// A state machine without a clock. It is told of every episode that ends; what it answers changes when episodes are played
/// and never what is played, so that it cannot change any result.
///
/// Invariants: the limit lies between its bounds; it grows only after a whole turnover (as many ended episodes as the limit
/// allows in flight) in which the backend did not push back and the limit was what held episodes back; it is cut at once
/// where the backend pushes back, and then not again before the episodes that were in flight have ended, because those
/// were started under the old limit.
public struct InFlightLimit: Sendable, Equatable {
    /// By how much a quiet turnover raises the limit. From 16 to 256 in 13 turnovers: fast enough that a run of a few steps
    /// gets to use its backend, slow enough that an overloaded one is told of within the next turnover (prime-rl's value).
    static let growth = 1.25
    /// What is left of the limit after the backend has pushed back: a cut and the growth after it cancel, so that the
    /// limit swings in one step around what the backend can take (prime-rl's value).
    static let cut = 0.8
    /// The share of a turnover's episodes that must have ended at a full house for the limit to be what held others back.
    /// Below it there was nothing to play, and a higher limit would be an untested promise.
    static let fullShare = 0.5

    public let minimum: Int
    public let maximum: Int
    /// The most episodes to have in flight now.
    public private(set) var current: Int

    /// Episodes that ended in this turnover, and those of them that ended at a full house.
    private var ended = 0
    private var endedFull = 0
    /// Episodes of the time before a cut that are still to end.
    private var settling = 0
    private var seen: SamplerPressure?

    /// - Parameters:
    ///   - initial: moved between the bounds where it lies outside of them.
    ///   - minimum: at least 1.
    ///   - maximum: at least `minimum`.
    public init(initial: Int, minimum: Int = 1, maximum: Int) {
        self.minimum = max(1, minimum)
        self.maximum = max(self.minimum, maximum)
        current = min(max(initial, self.minimum), self.maximum)
    }

    /// An episode has ended.
    /// - Parameters:
    ///   - inFlight: how many were in flight, this one included.
    ///   - pressure: what the backend says now; a smaller one than before is that of a new connection.
    public mutating func completed(inFlight: Int, pressure: SamplerPressure) {
        let isPushedBack = seen.map { pressure.hasGrown(since: $0) } ?? (pressure != .none)
        seen = pressure
        if settling > 0 {
            settling -= 1
            return
        }
        if isPushedBack {
            (settling, ended, endedFull) = (max(0, inFlight - 1), 0, 0)
            current = max(minimum, min(current - 1, Int(Double(current) * Self.cut)))
            return
        }
        ended += 1
        if inFlight >= current { endedFull += 1 }
        guard ended >= current else { return }
        if Double(endedFull) >= Self.fullShare * Double(ended) {
            current = min(maximum, max(current + 1, Int((Double(current) * Self.growth).rounded(.down))))
        }
        (ended, endedFull) = (0, 0)
    }
}
