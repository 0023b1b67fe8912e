/// What all requests of one ``HTTPClient`` share.
public struct HTTPClientConfiguration: Sendable {
    /// The most requests under way to one origin (scheme, host and port) at a time, streams included, and the most
    /// connections to one host. Further requests wait in order; their deadlines begin when their turn comes.
    public var maximumConnections: Int
    /// The most HTTP/2 requests that share one connection; a server may set a lower limit.
    public var maximumStreamsPerConnection: Int
    /// How long name resolution, connecting and the TLS handshake may take together.
    public var connectTimeout: Duration
    public var userAgent: String
    /// A PEM file of certificate authorities that replaces the system's.
    public var certificateAuthorities: String?
    public var proxy: HTTPProxy
    /// What an error says of an address that ``refusesAddress`` refused.
    public static let refusedAddress = "its address is one that must not be asked"

    /// Whether no connection may be made to an address: 4 bytes of IPv4 or 16 of IPv6 in network order, after names were
    /// resolved. `nil` allows all. Behind a proxy it sees the proxy's address alone.
    public var refusesAddress: (@Sendable ([UInt8]) -> Bool)?

    public init(
        maximumConnections: Int = 512, maximumStreamsPerConnection: Int = 100, connectTimeout: Duration = .seconds(10),
        userAgent: String = "medresearcher", certificateAuthorities: String? = nil, proxy: HTTPProxy = .environment,
        refusesAddress: (@Sendable ([UInt8]) -> Bool)? = nil
    ) {
        self.maximumConnections = max(1, maximumConnections)
        self.maximumStreamsPerConnection = max(1, maximumStreamsPerConnection)
        self.connectTimeout = connectTimeout
        self.userAgent = userAgent
        self.certificateAuthorities = certificateAuthorities
        self.proxy = proxy
        self.refusesAddress = refusesAddress
    }
}
