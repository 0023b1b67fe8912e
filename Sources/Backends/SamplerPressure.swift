/// How hard a backend has pushed back on sampling since its connection was made.
///
/// Both numbers only grow, and all samplers of one connection report the same ones, so that whoever wants to know what
/// happened in between compares two of them.
public struct SamplerPressure: Sendable, Equatable {
    /// How often the server has said "not now": requests that it refused for the time being (status 429 or 503), and polls
    /// that it answered with a sample waiting for capacity or for a rate limit.
    public var refusals: Int
    /// The seconds that requests have waited for that reason, summed over concurrent ones.
    public var pausedSeconds: Double

    public init(refusals: Int = 0, pausedSeconds: Double = 0) {
        self.refusals = refusals
        self.pausedSeconds = pausedSeconds
    }

    /// Of a backend that says nothing of its load.
    public static let none = SamplerPressure()

    /// Whether the backend has pushed back since `earlier` was read.
    public func hasGrown(since earlier: SamplerPressure) -> Bool {
        refusals > earlier.refusals || pausedSeconds > earlier.pausedSeconds
    }
}
