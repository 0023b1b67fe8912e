/// One HTTP request, whole in memory.
public struct HTTPRequest: Sendable {
    public var method: String
    /// An absolute `http` or `https` URL.
    public var url: String
    public var headers: [(String, String)]
    public var body: [UInt8]
    /// The deadline of the whole exchange: connecting, sending, waiting and receiving.
    public var timeout: Duration
    /// A longer response body is refused, and its transfer stopped.
    public var maximumResponseBytes: Int
    /// Whether the request may reach the server twice. libcurl silently sends a request again when a kept connection
    /// turns out to be dead, although the server may have run it; where this is `false` a fresh connection is used, so
    /// that the request is sent once or fails.
    public var isRepeatable: Bool

    public init(
        method: String, url: String, headers: [(String, String)] = [], body: [UInt8] = [],
        timeout: Duration = .seconds(60), maximumResponseBytes: Int = 64 << 20, isRepeatable: Bool = true
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.maximumResponseBytes = maximumResponseBytes
        self.isRepeatable = isRepeatable
    }
}
