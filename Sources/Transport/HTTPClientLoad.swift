/// How busy an ``HTTPClient`` is at one moment.
public struct HTTPClientLoad: Sendable, Equatable {
    /// Requests that wait for their turn.
    public var queued: Int
    /// Requests under way, streams included.
    public var inFlight: Int

    public init(queued: Int = 0, inFlight: Int = 0) {
        self.queued = queued
        self.inFlight = inFlight
    }
}
