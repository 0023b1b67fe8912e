/// Reads a `text/event-stream` as it arrives, by the rules of the HTML Standard, section 9.2.6.
///
/// Pure: the same bytes give the same events however they are cut into chunks. Lines end with LF, CR or CRLF; one
/// byte-order mark at the start is skipped; comments, unknown fields and an event that the stream breaks off in are
/// ignored; invalid UTF-8 reads as U+FFFD.
public struct ServerSentEvents: Sendable {
    /// The time that the server asks clients to wait before they connect again, in milliseconds.
    public private(set) var reconnectionTime: Int?
    private var line: [UInt8] = []
    private var endedWithCarriageReturn = false
    private var isAtStart = true
    private var data: [UInt8] = []
    private var type = ""
    private var lastEventID = ""

    public init() {}

    /// The events that the next bytes of the stream complete.
    public mutating func decode(_ bytes: some Sequence<UInt8>) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            let followsCarriageReturn = endedWithCarriageReturn
            endedWithCarriageReturn = byte == Self.carriageReturn
            switch byte {
            case Self.lineFeed where followsCarriageReturn:
                break
            case Self.lineFeed, Self.carriageReturn:
                if let event = endLine() { events.append(event) }
            default:
                line.append(byte)
            }
        }
        return events
    }

    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    private mutating func endLine() -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        var content = line[...]
        if isAtStart {
            isAtStart = false
            if content.starts(with: [0xEF, 0xBB, 0xBF]) { content = content.dropFirst(3) }
        }
        guard !content.isEmpty else { return dispatch() }
        let name = content.prefix { $0 != UInt8(ascii: ":") }
        var value = content.dropFirst(name.count + 1)
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        set(String(decoding: name, as: UTF8.self), value)
        return nil
    }

    private mutating func set(_ field: String, _ value: ArraySlice<UInt8>) {
        switch field {
        case "data":
            data += value
            data.append(Self.lineFeed)
        case "event":
            type = String(decoding: value, as: UTF8.self)
        case "id":
            if !value.contains(0) { lastEventID = String(decoding: value, as: UTF8.self) }
        case "retry":
            let isNumber = value.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            if isNumber, let time = Int(String(decoding: value, as: UTF8.self)) { reconnectionTime = time }
        default:
            // Unknown fields, and comments, whose name is empty.
            break
        }
    }

    private mutating func dispatch() -> ServerSentEvent? {
        defer {
            data.removeAll(keepingCapacity: true)
            type = ""
        }
        guard !data.isEmpty else { return nil }
        return ServerSentEvent(
            type: type.isEmpty ? "message" : type, data: String(decoding: data.dropLast(), as: UTF8.self),
            lastEventID: lastEventID)
    }
}

/// The events of a response, as they arrive.
public struct ServerSentEventSequence: AsyncSequence, Sendable {
    public typealias Element = ServerSentEvent
    public typealias Failure = TransportError

    let chunks: HTTPStream.Chunks

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(chunks: chunks.makeAsyncIterator()) }

    public struct AsyncIterator: AsyncIteratorProtocol {
        let chunks: HTTPStream.Chunks.AsyncIterator
        private var decoder = ServerSentEvents()
        /// Events of the last chunk, in order; the next one at `position`.
        private var events: [ServerSentEvent] = []
        private var position = 0

        init(chunks: HTTPStream.Chunks.AsyncIterator) { self.chunks = chunks }

        public mutating func next() async throws -> ServerSentEvent? { try await next(isolation: nil) }

        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(TransportError) -> ServerSentEvent? {
            while position == events.count {
                guard let chunk = try await chunks.read() else { return nil }
                events = decoder.decode(chunk)
                position = 0
            }
            position += 1
            return events[position - 1]
        }
    }
}

extension HTTPStream {
    /// The body read as a `text/event-stream`. To be used instead of ``chunks``.
    public var serverSentEvents: ServerSentEventSequence { ServerSentEventSequence(chunks: chunks) }
}
