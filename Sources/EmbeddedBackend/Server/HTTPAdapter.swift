import FlyingFox
import FlyingSocks
import Foundation

/// Turns FlyingFox's requests into ``ServerRequest``s and back.
struct HTTPAdapter: HTTPHandler {
    /// Answers are written in pieces of this size.
    private static let writeSize = 1 << 18

    let router: RequestRouter
    let maximumRequestBytes: Int

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        let response: ServerResponse
        if let body = try await body(of: request) {
            response = await router.respond(to: Self.request(request, body: body))
        } else {
            let error = ServiceError(
                status: 413, description: "the request has more than \(maximumRequestBytes) bytes; send smaller batches"
            )
            response = ServerResponse(status: error.status, body: error.body.serialized())
        }
        return HTTPResponse(
            statusCode: HTTPStatusCode(response.status, phrase: Self.phrase(response.status)),
            headers: [.contentType: response.contentType], body: Self.body(of: response))
    }

    private static func request(_ request: HTTPRequest, body: [UInt8]) -> ServerRequest {
        func header(_ name: String) -> String? { request.headers[HTTPHeader(name)] }
        var key = header("X-API-Key")
        if key == nil, let authorization = header("Authorization") {
            let parts = authorization.split(separator: " ", maxSplits: 1).map(String.init)
            if parts.count == 2, parts[0].lowercased() == "bearer" { key = parts[1] }
        }
        return ServerRequest(
            method: request.method.rawValue, path: request.path,
            query: Dictionary(request.query.map { ($0.name, $0.value) }) { $1 }, apiKey: key,
            contentType: header("Content-Type"), contentEncoding: header("Content-Encoding"), accept: header("Accept"),
            body: body)
    }

    private static func body(of response: ServerResponse) -> HTTPBodySequence {
        switch response.body {
        case .bytes(let bytes): HTTPBodySequence(data: Data(bytes), suggestedBufferSize: writeSize)
        case .stream(let pieces): HTTPBodySequence(from: StreamedBody(pieces: pieces), suggestedBufferSize: writeSize)
        }
    }

    /// The whole body, or `nil` when it is too large. It is always read to its end, because FlyingFox takes whatever is
    /// left of a body for the next request of the connection.
    private func body(of request: HTTPRequest) async throws -> [UInt8]? {
        var body: [UInt8] = []
        var count = 0
        let stated = request.bodySequence.count ?? 0
        if stated <= maximumRequestBytes { body.reserveCapacity(stated) }
        for try await piece in request.bodySequence {
            count += piece.count
            if count <= maximumRequestBytes { body.append(contentsOf: piece) } else { body = [] }
        }
        return count <= maximumRequestBytes ? body : nil
    }

    private static func phrase(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 409: "Conflict"
        case 410: "Gone"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        default: "Internal Server Error"
        }
    }
}

/// Pieces of an answer as FlyingFox takes them, one chunk each.
private struct StreamedBody: AsyncBufferedSequence {
    typealias Element = UInt8

    let pieces: AsyncStream<[UInt8]>

    func makeAsyncIterator() -> Iterator { Iterator(pieces: pieces.makeAsyncIterator()) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        var pieces: AsyncStream<[UInt8]>.AsyncIterator
        private var rest: ArraySlice<UInt8> = []

        init(pieces: AsyncStream<[UInt8]>.AsyncIterator) { self.pieces = pieces }

        mutating func next() async throws -> UInt8? {
            while rest.isEmpty {
                guard let piece = await pieces.next() else { return nil }
                rest = piece[...]
            }
            return rest.popFirst()
        }

        /// A piece is passed on whole: cutting it would only delay the reader.
        mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
            while let piece = await pieces.next() {
                if !piece.isEmpty { return piece }
            }
            return nil
        }
    }
}

/// FlyingFox's socket pool, with Nagle's algorithm turned off on every socket.
///
/// FlyingFox writes head and body of an answer separately; with Nagle's algorithm the body would wait for the client's
/// delayed acknowledgement of the head, 40 ms per request on Linux. Sockets pass here whenever they wait, the listening
/// one first, whose options accepted connections inherit.
struct NoDelayPool: AsyncSocketPool {
    private let base: any AsyncSocketPool = HTTPServer.defaultPool()

    func prepare() async throws { try await base.prepare() }

    func run() async throws { try await base.run() }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        try? socket.setValue(true, for: BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY))
        try await base.suspendSocket(socket, untilReadyFor: events)
    }
}
