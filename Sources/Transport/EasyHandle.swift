import CCurl
import Foundation

/// A libcurl handle that serves one transfer after another; what all requests of a client share is set once.
///
/// Invariants: for the loop's thread alone. The request's body and header list stay in place from ``begin(_:)`` to
/// ``end()``, because libcurl reads them there instead of copying them.
final class EasyHandle {
    /// libcurl's handle.
    let pointer: UnsafeMutableRawPointer
    private(set) var transfer: Transfer?
    private let configuration: HTTPClientConfiguration
    private let events: EventQueue
    private let errorBuffer: UnsafeMutablePointer<CChar>
    /// The last request's, kept because the next one usually has the same.
    private var headers: [(String, String)] = []
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var hasCustomMethod = false
    /// Whether an address of the current transfer's host was refused.
    private var hasRefusedAddress = false

    /// How long an idle connection may still be taken again: longer than a training step, during which nothing is
    /// sampled.
    private static let longestIdleSeconds = 600

    /// `nil` where libcurl has no memory left.
    init?(configuration: HTTPClientConfiguration, events: EventQueue) {
        guard let pointer = curl_easy_init() else { return nil }
        (self.pointer, self.configuration, self.events) = (pointer, configuration, events)
        errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        setShared()
    }

    deinit {
        curl_easy_cleanup(pointer)
        curl_slist_free_all(headerList)
        errorBuffer.deallocate()
    }

    private func setShared() {
        let easy = pointer
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorBuffer)
        ccurl_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        ccurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        let proxy = configuration.proxy
        if let option = proxy.option { ccurl_set_string(easy, CURLOPT_PROXY, option) }
        ccurl_set_string(
            easy, CURLOPT_NOPROXY, proxy.hostsReachedDirectly(environment: ProcessInfo.processInfo.environment))
        ccurl_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        let agent = String(configuration.userAgent.unicodeScalars.filter { $0.value >= 0x20 })
        ccurl_set_string(easy, CURLOPT_USERAGENT, agent)
        ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        ccurl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
        ccurl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1)
        ccurl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2)
        if let path = configuration.certificateAuthorities { ccurl_set_string(easy, CURLOPT_CAINFO, path) }
        ccurl_set_long(easy, CURLOPT_MAXAGE_CONN, Self.longestIdleSeconds)
        ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        ccurl_set_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            EasyHandle.from(context)?.receive(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
        }
        ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        ccurl_set_callback(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            EasyHandle.from(context)?.receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
        }
        if configuration.refusesAddress != nil {
            ccurl_set_open_socket_callback(easy, context) { context, _, address in
                guard let handle = EasyHandle.from(context), let address else { return -1 }
                return handle.openSocket(address)
            }
        }
        ccurl_set_new_socket_callback(easy, context) { context, socket, _ in
            // Programs that this one starts must not inherit connections.
            _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
            EasyHandle.from(context)?.events.forget(socket)
            return Int32(CURL_SOCKOPT_OK)
        }
    }

    /// libcurl's wish for a socket, which the configuration may refuse.
    private func openSocket(_ address: UnsafePointer<curl_sockaddr>) -> curl_socket_t {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = Int(ccurl_address_bytes(address, &bytes))
        guard configuration.refusesAddress?(Array(bytes[..<count])) != true else {
            hasRefusedAddress = true
            return -1
        }
        return ccurl_open_socket(address)
    }

    /// Sets what differs from request to request; another result than `CURLE_OK` where libcurl refuses, and then keeps the
    /// last request's setting, so that the handle must not run.
    func begin(_ transfer: Transfer) -> CURLcode {
        let (easy, request) = (pointer, transfer.request)
        self.transfer = transfer
        errorBuffer.pointee = 0
        hasRefusedAddress = false
        let code = ccurl_set_string(easy, CURLOPT_URL, request.url)
        guard code == CURLE_OK else { return code }
        ccurl_set_long(easy, CURLOPT_FRESH_CONNECT, request.isRepeatable ? 0 : 1)
        // Over TLS the first connection may turn out to carry many requests; a plain one never does.
        ccurl_set_long(easy, CURLOPT_PIPEWAIT, request.isRepeatable && request.url.hasPrefix("https://") ? 1 : 0)
        ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, request.timeout.milliseconds)
        ccurl_set_long(
            easy, CURLOPT_CONNECTTIMEOUT_MS, min(configuration.connectTimeout, request.timeout).milliseconds)
        ccurl_set_size(easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(max(1, request.maximumResponseBytes)))
        setHeaders(request.headers)
        return setMethod(request)
    }

    /// Lets go of the transfer. The handle must have been removed from the multi handle.
    func end() {
        transfer = nil
        ccurl_set_constant_pointer(pointer, CURLOPT_POSTFIELDS, nil)
    }

    var status: Int { number(CURLINFO_RESPONSE_CODE) }

    /// What libcurl's final code means for the transfer.
    func error(_ code: CURLcode) -> TransportError? {
        guard let transfer, code != CURLE_OK else { return nil }
        if hasRefusedAddress, code == CURLE_COULDNT_CONNECT {
            return .unreachable(url: transfer.shownURL, detail: HTTPClientConfiguration.refusedAddress)
        }
        let text = String(cString: errorBuffer)
        let detail = text.isEmpty ? String(cString: curl_easy_strerror(code)) : text
        let mask = SecretMask(request: transfer.request, proxy: configuration.proxy)
        return transfer.error(code, detail: mask.text(detail), sentBytes: number(CURLINFO_REQUEST_SIZE))
    }

    // MARK: Setting up

    private func setMethod(_ request: HTTPRequest) -> CURLcode {
        let easy = pointer
        var customMethod: String?
        switch request.method {
        case "GET":
            ccurl_set_long(easy, CURLOPT_HTTPGET, 1)
        case "HEAD":
            ccurl_set_long(easy, CURLOPT_NOBODY, 1)
        default:
            ccurl_set_long(easy, CURLOPT_POST, 1)
            ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
            // The transfer holds the array, which nobody can change, until `end()`; its storage does not move.
            request.body.withUnsafeBytes { body in
                _ = ccurl_set_constant_pointer(easy, CURLOPT_POSTFIELDS, body.isEmpty ? Self.nothing : body.baseAddress)
            }
            if request.method != "POST" { customMethod = request.method }
        }
        guard hasCustomMethod || customMethod != nil else { return CURLE_OK }
        hasCustomMethod = customMethod != nil
        return ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, customMethod)
    }

    /// An address for a body without bytes; libcurl would take `nil` as "ask the read function".
    private nonisolated(unsafe) static let nothing = UnsafeRawPointer(
        UnsafeMutablePointer<UInt8>.allocate(capacity: 1).initialized(to: 0))

    private func setHeaders(_ wanted: [(String, String)]) {
        if headerList != nil, headers.count == wanted.count, zip(headers, wanted).allSatisfy({ $0 == $1 }) { return }
        // Waiting for "100 Continue" would delay every large body by up to a second.
        var list = curl_slist_append(nil, "Expect:")
        for (name, value) in wanted {
            list = curl_slist_append(list, value.isEmpty ? name + ";" : name + ": " + value)
        }
        if !wanted.contains(where: { $0.0.lowercased() == "content-type" }) {
            // libcurl would call every body a form.
            list = curl_slist_append(list, "Content-Type:")
        }
        ccurl_set_list(pointer, CURLOPT_HTTPHEADER, list)
        curl_slist_free_all(headerList)
        (headerList, headers) = (list, wanted)
    }

    // MARK: Receiving

    private static func from(_ context: UnsafeMutableRawPointer?) -> EasyHandle? {
        context.map { Unmanaged<EasyHandle>.fromOpaque($0).takeUnretainedValue() }
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        transfer?.receive(bytes) {
            var length: curl_off_t = 0
            ccurl_get_size(pointer, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length)
            return Int(length)
        } ?? 0
    }

    private func receiveHeader(_ line: UnsafeRawBufferPointer) -> Int {
        transfer?.receiveHeader(line) { status } ?? 0
    }

    private func number(_ info: CURLINFO) -> Int {
        var value = 0
        ccurl_get_long(pointer, info, &value)
        return value
    }
}

extension UnsafeMutablePointer {
    fileprivate func initialized(to value: Pointee) -> Self {
        initialize(to: value)
        return self
    }
}

extension Duration {
    /// Rounded up, at least 1, because libcurl reads 0 as "no limit".
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        let fraction = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return max(1, Int(clamping: min(seconds, 1 << 20) * 1000 + fraction))
    }
}
