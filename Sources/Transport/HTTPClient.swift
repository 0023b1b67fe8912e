/// An HTTP/1.1 and HTTP/2 client: one libcurl multi handle on one thread, with connections kept alive and reused.
///
/// Certificates are verified; redirects are not followed, because they would carry headers with secrets elsewhere; nothing
/// is retried (but see ``HTTPRequest/isRepeatable``). Loopback hosts are never reached through a proxy.
public final class HTTPClient: Sendable {
    private let loop: TransferLoop

    public init(configuration: HTTPClientConfiguration = HTTPClientConfiguration()) {
        loop = TransferLoop(configuration: configuration)
    }

    deinit { loop.shutdown() }

    /// Performs one exchange. Every HTTP status is a response, not an error.
    ///
    /// Cancelling the calling task stops the transfer and throws ``TransportError/cancelled(url:)``.
    public func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let transfer = Transfer(request: request)
        let loop = loop
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                transfer.continuation = continuation
                loop.start(transfer)
            }
        } onCancel: {
            loop.cancel(transfer)
        }
        return try result.get()
    }

    /// Stops every transfer with ``TransportError/cancelled(url:)`` and refuses new ones. Safe to call twice.
    public func shutdown() {
        loop.shutdown()
    }
}
