/// Why no complete HTTP response arrived. URLs in it carry neither user information nor query (``RedactedURL``).
public enum TransportError: Error, Sendable, Equatable, CustomStringConvertible {
    /// No connection: the name does not resolve, nothing listens, or connecting took too long. Nothing was sent.
    case unreachable(url: String, detail: String)
    /// The deadline passed after the request had been sent, or no byte came within the idle deadline.
    case timedOut(url: String, after: Duration)
    /// The connection broke after the request, or part of it, had been sent.
    case interrupted(url: String, detail: String)
    /// The response body exceeds the limit of the request, or its head 256 KiB.
    case tooLarge(url: String, limit: Int)
    /// The task was cancelled or the client shut down.
    case cancelled(url: String)
    /// The TLS handshake failed, or the server's certificate could not be verified. Nothing was sent.
    case tls(url: String, detail: String)
    /// The request is malformed, or libcurl refused it.
    case other(url: String, detail: String)

    /// Whether the server may have received and executed the request.
    public var mayHaveRun: Bool {
        switch self {
        case .unreachable, .tls: false
        case .timedOut, .interrupted, .tooLarge, .cancelled, .other: true
        }
    }

    public var description: String {
        switch self {
        case .unreachable(let url, let detail):
            "cannot reach \(url): \(detail); check that the server runs and that host and port are right"
        case .timedOut(let url, let after):
            "no complete answer from \(url) within \(after); the server is overloaded or hangs, or the deadline is too short"
        case .interrupted(let url, let detail):
            "the connection to \(url) broke before the answer was complete: \(detail); look for a crash in the server's log"
        case .tooLarge(let url, let limit):
            "the answer of \(url) is longer than the \(limit) bytes accepted; check that the URL names the intended server"
        case .cancelled(let url):
            "the request to \(url) was cancelled"
        case .tls(let url, let detail):
            "no trusted connection to \(url): \(detail); check the server's certificate and this machine's "
                + "certificate authorities (Debian package ca-certificates) and clock"
        case .other(let url, let detail):
            "the request to \(url) failed: \(detail)"
        }
    }
}
