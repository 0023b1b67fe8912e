/// One event of a `text/event-stream` (HTML Standard, section 9.2).
public struct ServerSentEvent: Sendable, Equatable {
    /// `message` where the server named none.
    public var type: String
    /// The lines of the event's data, joined by line feeds.
    public var data: String
    /// The last id that the stream has given so far, by this event or an earlier one.
    public var lastEventID: String

    public init(type: String = "message", data: String, lastEventID: String = "") {
        self.type = type
        self.data = data
        self.lastEventID = lastEventID
    }
}
