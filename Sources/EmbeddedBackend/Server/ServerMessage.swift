/// An HTTP request without HTTP's machinery.
struct ServerRequest: Sendable {
    var method: String
    var path: String
    /// The last value of every name in the query.
    var query: [String: String] = [:]
    /// `X-API-Key`, or the token of `Authorization: Bearer`.
    var apiKey: String?
    var contentType: String?
    var contentEncoding: String?
    var accept: String?
    var body: [UInt8]

    /// Whether the client can read the binary forms of results.
    var acceptsProtobuf: Bool { accept?.lowercased().contains(ServerResponse.protobuf) ?? false }
    /// Whether the body is a binary message.
    var isProtobuf: Bool { contentType?.lowercased().hasPrefix(ServerResponse.protobuf) ?? false }
}

/// An answer.
struct ServerResponse: Sendable {
    static let json = "application/json"
    static let protobuf = "application/x-protobuf"
    static let events = "text/event-stream"

    enum Body: Sendable {
        case bytes([UInt8])
        /// Pieces that are sent as they come. Ending the stream early tells its source that the client is gone.
        case stream(AsyncStream<[UInt8]>)
    }

    var status: Int
    var contentType = Self.json
    var body: Body

    init(status: Int = 200, contentType: String = Self.json, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = .bytes(body)
    }

    /// Events for a client that listens.
    init(events: AsyncStream<[UInt8]>) {
        status = 200
        contentType = Self.events
        body = .stream(events)
    }
}
