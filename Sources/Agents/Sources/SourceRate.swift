/// How often a source may be asked.
public struct SourceRate: Sendable, Hashable {
    /// Requests a second on the average; above 0.
    public var perSecond: Double
    /// Requests that may be sent at once after a pause.
    public var burst: Int
    /// Requests in 24 hours, counted from the first one in this process; `nil` is without limit.
    public var perDay: Int?

    public init(perSecond: Double, burst: Int = 1, perDay: Int? = nil) {
        self.perSecond = perSecond
        self.burst = burst
        self.perDay = perDay
    }
}
