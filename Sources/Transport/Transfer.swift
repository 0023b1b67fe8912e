import CCurl
import Foundation
import Synchronization

/// One exchange: its request, its libcurl handle and what has been received.
///
/// Invariant: made by the caller, then touched by the loop's thread alone, except for `isCancelled`.
final class Transfer: @unchecked Sendable {
    typealias Continuation = CheckedContinuation<Result<HTTPResponse, TransportError>, Never>

    let isCancelled = Atomic(false)
    /// The URL as errors show it.
    let shownURL: String
    /// The libcurl handle while the transfer is under way.
    private(set) var easy: UnsafeMutableRawPointer?
    var continuation: Continuation?
    private let request: HTTPRequest
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var errorBuffer: UnsafeMutablePointer<CChar>?
    private var headers: [(name: String, value: String)] = []
    private var body: [UInt8] = []
    private var exceedsLimit = false

    init(request: HTTPRequest) {
        self.request = request
        shownURL = RedactedURL.text(request.url)
    }

    /// Makes the libcurl handle; `nil` where that failed, and then the caller has been told.
    func prepare(_ configuration: HTTPClientConfiguration) -> UnsafeMutableRawPointer? {
        if let problem = malformation {
            finish(.failure(.other(url: shownURL, detail: problem)))
            return nil
        }
        guard let easy = curl_easy_init() else {
            finish(.failure(.other(url: shownURL, detail: "libcurl has no memory left")))
            return nil
        }
        self.easy = easy
        let errorBuffer = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        self.errorBuffer = errorBuffer
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorBuffer)
        ccurl_set_string(easy, CURLOPT_URL, request.url)
        ccurl_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        ccurl_set_string(easy, CURLOPT_NOPROXY, Self.hostsWithoutProxy)
        ccurl_set_string(easy, CURLOPT_USERAGENT, configuration.userAgent)
        ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        ccurl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
        ccurl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1)
        ccurl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2)
        ccurl_set_long(easy, CURLOPT_FRESH_CONNECT, request.isRepeatable ? 0 : 1)
        ccurl_set_long(easy, CURLOPT_MAXAGE_CONN, Self.longestIdleSeconds)
        ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, request.timeout.milliseconds)
        ccurl_set_long(
            easy, CURLOPT_CONNECTTIMEOUT_MS, min(configuration.connectTimeout, request.timeout).milliseconds)
        ccurl_set_size(easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(request.maximumResponseBytes))
        if let path = configuration.certificateAuthorities { ccurl_set_string(easy, CURLOPT_CAINFO, path) }
        setMethod(easy)
        setHeaders(easy)
        ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        ccurl_set_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            Transfer.from(context)?.receive(bytes, size * count) ?? 0
        }
        ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        ccurl_set_callback(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            Transfer.from(context)?.receiveHeader(bytes, size * count) ?? 0
        }
        return easy
    }

    /// What libcurl's final code means; to be called before ``finish(_:)``.
    func result(_ code: CURLcode) -> Result<HTTPResponse, TransportError> {
        guard code != CURLE_OK else {
            var status = 0
            ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
            return .success(HTTPResponse(status: status, headers: headers, body: body))
        }
        var sentBytes = 0
        ccurl_get_long(easy, CURLINFO_REQUEST_SIZE, &sentBytes)
        let detail = errorText(code)
        switch code {
        case CURLE_WRITE_ERROR where exceedsLimit, CURLE_FILESIZE_EXCEEDED:
            return .failure(.tooLarge(url: shownURL, limit: request.maximumResponseBytes))
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT:
            return .failure(.unreachable(url: shownURL, detail: detail))
        case CURLE_OPERATION_TIMEDOUT:
            return .failure(
                sentBytes > 0
                    ? .timedOut(url: shownURL, after: request.timeout) : .unreachable(url: shownURL, detail: detail))
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER,
            CURLE_SSL_CERTPROBLEM, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_NOTFOUND:
            return .failure(.tls(url: shownURL, detail: detail))
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_HTTP2,
            CURLE_HTTP2_STREAM, CURLE_WEIRD_SERVER_REPLY:
            return .failure(.interrupted(url: shownURL, detail: detail))
        default:
            return .failure(.other(url: shownURL, detail: detail))
        }
    }

    /// Frees the handle (already removed from the multi handle) and resumes the caller, the first time it is called.
    func finish(_ result: Result<HTTPResponse, TransportError>) {
        if let easy { curl_easy_cleanup(easy) }
        curl_slist_free_all(headerList)
        errorBuffer?.deallocate()
        (easy, headerList, errorBuffer) = (nil, nil, nil)
        continuation?.resume(returning: result)
        continuation = nil
    }

    // MARK: Setting up

    /// How long an idle connection may still be taken again: longer than a training step, during which nothing is sampled.
    private static let longestIdleSeconds = 600

    private static let hostsWithoutProxy: String = {
        let environment = ProcessInfo.processInfo.environment
        let named = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        return named == "*" ? named : named + ",localhost,127.0.0.1,::1"
    }()

    private var malformation: String? {
        guard request.url.hasPrefix("http://") || request.url.hasPrefix("https://") else {
            return "the URL must start with http:// or https://"
        }
        for (name, value) in request.headers
        where (name + value).utf8.contains(where: { $0 == 10 || $0 == 13 || $0 == 0 }) {
            return "the value of header \(name.filter(\.isLetter)) holds a line break; check where it was read from"
        }
        return nil
    }

    private func setMethod(_ easy: UnsafeMutableRawPointer) {
        switch request.method {
        case "GET":
            ccurl_set_long(easy, CURLOPT_HTTPGET, 1)
        case "HEAD":
            ccurl_set_long(easy, CURLOPT_NOBODY, 1)
        default:
            ccurl_set_long(easy, CURLOPT_POST, 1)
            ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
            request.body.withUnsafeBytes { body in
                guard let start = body.baseAddress, !body.isEmpty else {
                    _ = ccurl_set_string(easy, CURLOPT_COPYPOSTFIELDS, "")
                    return
                }
                _ = ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: start))
            }
            if request.method != "POST" { ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method) }
        }
    }

    private func setHeaders(_ easy: UnsafeMutableRawPointer) {
        // Waiting for "100 Continue" would delay every large body by up to a second.
        headerList = curl_slist_append(nil, "Expect:")
        for (name, value) in request.headers {
            headerList = curl_slist_append(headerList, value.isEmpty ? name + ";" : name + ": " + value)
        }
        ccurl_set_list(easy, CURLOPT_HTTPHEADER, headerList)
    }

    // MARK: Receiving

    private static func from(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private func receive(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard count <= request.maximumResponseBytes - body.count else {
            exceedsLimit = true
            return 0
        }
        body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
        return count
    }

    private func receiveHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        let line = String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            // A new status line: what came before belonged to an interim (1xx) response.
            headers.removeAll()
        } else if let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) {
            let value = line[line.utf8.index(after: colon)...]
            headers.append((String(line[..<colon]), value.trimmingCharacters(in: .whitespacesAndNewlines)))
        }
        return count
    }

    private func errorText(_ code: CURLcode) -> String {
        let detail = errorBuffer.map { String(cString: $0) } ?? ""
        return detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
    }
}

extension Duration {
    /// Rounded up, at least 1, because libcurl reads 0 as "no limit".
    fileprivate var milliseconds: Int {
        let (seconds, attoseconds) = components
        let fraction = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return max(1, Int(clamping: min(seconds, 1 << 30) * 1000 + fraction))
    }
}
