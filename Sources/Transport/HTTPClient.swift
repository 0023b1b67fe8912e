/// An HTTP/1.1 and HTTP/2 client: one libcurl multi handle on one thread, with connections kept alive and reused.
///
/// Certificates are verified; redirects are not followed, because they would carry headers with secrets elsewhere; nothing
/// is retried (but see ``HTTPRequest/isRepeatable``). Loopback hosts are never reached through a proxy. Of each origin, as
/// many requests are under way as ``HTTPClientConfiguration/maximumConnections`` says; the others wait in order.
public final class HTTPClient: Sendable {
    /// How far a stream may run ahead of its reader, in bytes.
    public static let streamBufferBytes = 256 << 10

    private let loop: TransferLoop

    public init(configuration: HTTPClientConfiguration = HTTPClientConfiguration()) {
        loop = TransferLoop(configuration: configuration)
    }

    deinit { loop.shutdown() }

    /// How many requests wait and how many are under way.
    public var load: HTTPClientLoad { loop.currentLoad }

    /// Performs one exchange. Every HTTP status is a response, not an error.
    ///
    /// Cancelling the calling task stops the transfer and throws ``TransportError/cancelled(url:)``.
    public func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        try Self.check(request)
        return try await perform(Transfer(request: request, loop: loop)) { .whole($0) }.get()
    }

    /// Begins one exchange and returns once the head of the response is there; its body is read while it arrives.
    ///
    /// The request's deadline, idle deadline and byte limit hold for the body too. At most ``streamBufferBytes`` wait for
    /// the reader; a server that is faster is made to wait. A stream counts as under way until it is read to its end or
    /// dropped.
    public func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPStream {
        try Self.check(request)
        let buffer = StreamBuffer(limit: Self.streamBufferBytes)
        return try await perform(Transfer(request: request, loop: loop)) { .stream($0, buffer, self) }.get()
    }

    /// Stops every transfer with ``TransportError/cancelled(url:)`` and refuses new ones. Safe to call twice.
    public func shutdown() {
        loop.shutdown()
    }

    private static func check(_ request: HTTPRequest) throws(TransportError) {
        if let problem = request.malformation { throw .other(url: RedactedURL.text(request.url), detail: problem) }
    }

    private func perform<Value: Sendable>(
        _ transfer: Transfer,
        _ answer: (CheckedContinuation<Result<Value, TransportError>, Never>) -> Transfer.Answer
    ) async -> Result<Value, TransportError> {
        let loop = loop
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                transfer.answer = answer(continuation)
                loop.start(transfer)
            }
        } onCancel: {
            loop.cancel(transfer)
        }
    }
}
