/// One HTTP request, whole in memory.
///
/// Secrets belong into `headers`: no description of a request, and no error of its exchange, shows their values.
public struct HTTPRequest: Sendable {
    public var method: String
    /// An absolute `http` or `https` URL.
    public var url: String
    public var headers: [(String, String)]
    public var body: [UInt8]
    /// The deadline of the whole exchange: connecting, sending, waiting and receiving. It begins when the request's turn
    /// has come, so that time spent waiting for a free connection does not count.
    public var timeout: Duration
    /// The longest time without a byte once the response has begun; `nil` is without limit. Time in which the reader of
    /// a stream lags behind does not count.
    public var idleTimeout: Duration?
    /// A longer response body is refused, and its transfer stopped.
    public var maximumResponseBytes: Int
    /// Whether the request may reach the server twice. libcurl silently sends a request again when a kept connection
    /// turns out to be dead, although the server may have run it; where this is `false` a fresh connection is used, so
    /// that the request is sent once or fails.
    public var isRepeatable: Bool

    public init(
        method: String, url: String, headers: [(String, String)] = [], body: [UInt8] = [],
        timeout: Duration = .seconds(60), idleTimeout: Duration? = nil, maximumResponseBytes: Int = 64 << 20,
        isRepeatable: Bool = true
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.idleTimeout = idleTimeout
        self.maximumResponseBytes = maximumResponseBytes
        self.isRepeatable = isRepeatable
    }

    /// Where the request goes, for the limit of requests under way: everything before the path.
    var origin: Substring {
        var slashes = 0
        let end = url.utf8.firstIndex { byte in
            if byte == UInt8(ascii: "/") { slashes += 1 }
            return slashes == 3 || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
        }
        return url[..<(end ?? url.endIndex)]
    }

    /// What makes the request one that must not be sent, or `nil`.
    var malformation: String? {
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            return "the URL must start with http:// or https://"
        }
        guard !method.isEmpty, method.utf8.allSatisfy(Self.isTokenByte) else {
            return "the method must be one word, for example GET or POST"
        }
        for (name, value) in headers {
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isTokenByte) else {
                let shown = name.filter { $0.isASCII && $0.isLetter }
                return "the header name \(shown) holds a character that names may not"
            }
            if value.utf8.contains(where: { $0 == 10 || $0 == 13 || $0 == 0 }) {
                return "the value of header \(name) holds a line break; check where it was read from"
            }
        }
        return nil
    }

    /// `tchar` of RFC 9110, section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

extension HTTPRequest: CustomStringConvertible, CustomReflectable {
    public var description: String {
        let names = headers.map(\.0).joined(separator: ", ")
        return "\(method) \(RedactedURL.text(url)) (headers: \(names.isEmpty ? "none" : names); \(body.count) bytes)"
    }

    /// Without children: they would show the values of headers.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
