import CCurl
import Synchronization

/// One exchange: its request and what has been received.
///
/// Invariant: made by the caller, then touched by the loop's thread alone, except for `request` and `isCancelled`. Its
/// caller hears of it exactly once, through ``finish(_:)``; a stream's reader hears of the end once more.
final class Transfer: @unchecked Sendable {
    enum Answer {
        case whole(CheckedContinuation<Result<HTTPResponse, TransportError>, Never>)
        /// The client, so that it lives as long as the stream.
        case stream(CheckedContinuation<Result<HTTPStream, TransportError>, Never>, StreamBuffer, HTTPClient)
    }

    /// More header bytes than any server has reason to send.
    static let maximumHeaderBytes = 256 << 10

    let request: HTTPRequest
    let isCancelled = Atomic(false)
    /// The libcurl handle while the transfer is under way.
    var handle: EasyHandle?
    var origin: Origin?
    /// Neighbours in the queue of its origin.
    var next: Transfer?
    unowned(unsafe) var previous: Transfer?
    /// When the last byte arrived, or when the reader of a stream caught up; for the idle deadline.
    private(set) var lastArrival: ContinuousClock.Instant?
    private(set) var isPaused = false
    /// How the caller is told, until it has been; set before the transfer is handed to the loop.
    var answer: Answer? {
        didSet { if case .stream(_, let buffer, _)? = answer { stream = buffer } }
    }
    private var stream: StreamBuffer?
    private var headers = HTTPHeaders()
    private var body: [UInt8] = []
    private var receivedBytes = 0
    private var isHeadComplete = false
    private var excess: Int?
    private unowned let loop: TransferLoop

    init(request: HTTPRequest, loop: TransferLoop) { (self.request, self.loop) = (request, loop) }

    /// The URL as errors show it.
    var shownURL: String { RedactedURL.text(request.url) }

    /// Resumes the caller, the first time it is called.
    func finish(_ error: TransportError?, status: Int = 0) {
        switch answer {
        case .whole(let continuation):
            answer = nil
            if let error {
                continuation.resume(returning: .failure(error))
            } else {
                continuation.resume(returning: .success(HTTPResponse(status: status, headers: headers, body: body)))
            }
        case .stream(let continuation, let buffer, _):
            answer = nil
            let failure = error ?? .interrupted(url: shownURL, detail: "the answer has no head")
            continuation.resume(returning: .failure(failure))
            buffer.close(failure)
        case nil:
            stream?.close(error)
        }
        stream = nil
    }

    func cancelled() -> TransportError { .cancelled(url: shownURL) }

    /// What libcurl's final code means; `nil` where the exchange is complete. To be called while the handle is there.
    func error(_ code: CURLcode, detail: String, sentBytes: Int) -> TransportError? {
        switch code {
        case CURLE_OK:
            nil
        case CURLE_WRITE_ERROR where excess != nil:
            .tooLarge(url: shownURL, limit: excess ?? 0)
        case CURLE_FILESIZE_EXCEEDED:
            .tooLarge(url: shownURL, limit: request.maximumResponseBytes)
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT:
            .unreachable(url: shownURL, detail: detail)
        case CURLE_OPERATION_TIMEDOUT:
            sentBytes > 0
                ? .timedOut(url: shownURL, after: request.timeout) : .unreachable(url: shownURL, detail: detail)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER,
            CURLE_SSL_CERTPROBLEM, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_NOTFOUND:
            .tls(url: shownURL, detail: detail)
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_HTTP2,
            CURLE_HTTP2_STREAM, CURLE_WEIRD_SERVER_REPLY:
            .interrupted(url: shownURL, detail: detail)
        default:
            .other(url: shownURL, detail: detail)
        }
    }

    /// When the exchange fails for want of bytes; `nil` while it has no such deadline.
    var idleDeadline: ContinuousClock.Instant? {
        guard let idleTimeout = request.idleTimeout, let lastArrival, !isPaused else { return nil }
        return lastArrival + idleTimeout
    }

    /// The reader of the stream has caught up: libcurl may deliver again.
    func resume() {
        guard isPaused else { return }
        isPaused = false
        noteArrival()
    }

    // MARK: Receiving, from libcurl

    /// How many bytes were taken; another number than `bytes.count` ends or pauses the transfer.
    func receive(_ bytes: UnsafeRawBufferPointer, announcedLength: () -> Int) -> Int {
        guard bytes.count <= request.maximumResponseBytes - receivedBytes else {
            excess = request.maximumResponseBytes
            return 0
        }
        if let stream {
            guard stream.offer(bytes) else {
                isPaused = true
                return Int(CURL_WRITEFUNC_PAUSE)
            }
        } else {
            if body.isEmpty { body.reserveCapacity(max(bytes.count, min(announcedLength(), 1 << 24))) }
            body.append(contentsOf: bytes)
        }
        receivedBytes += bytes.count
        noteArrival()
        return bytes.count
    }

    /// One line of the head, as ``receive(_:announcedLength:)``; `status` is read where the head is complete.
    func receiveHeader(_ line: UnsafeRawBufferPointer, status: () -> Int) -> Int {
        // What follows the body are trailers, which nobody reads.
        if isHeadComplete { return line.count }
        noteArrival()
        if line.starts(with: "HTTP/".utf8) {
            // A new status line: what came before belonged to an interim (1xx) response.
            headers.removeAll()
        } else if line.starts(with: "\r\n".utf8) || line.starts(with: "\n".utf8) {
            let status = status()
            isHeadComplete = status >= 200
            if isHeadComplete { announceStream(status) }
        } else {
            guard headers.byteCount + line.count <= Self.maximumHeaderBytes else {
                excess = Self.maximumHeaderBytes
                return 0
            }
            headers.append(line: line)
        }
        return line.count
    }

    private func announceStream(_ status: Int) {
        guard case .stream(let continuation, let buffer, let client) = answer else { return }
        answer = nil
        let reader = StreamReader(client: client, loop: loop, transfer: self, buffer: buffer)
        continuation.resume(
            returning: .success(HTTPStream(status: status, headers: headers, chunks: .init(reader: reader))))
    }

    private func noteArrival() {
        if request.idleTimeout != nil { lastArrival = .now }
    }
}
