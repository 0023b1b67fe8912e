/// What all requests of one ``HTTPClient`` share.
public struct HTTPClientConfiguration: Sendable {
    /// The most connections open to one host at a time, in use or kept alive; further requests wait in order, and their
    /// deadlines run while they wait.
    public var maximumConnections: Int
    public var connectTimeout: Duration
    public var userAgent: String
    /// A PEM file of certificate authorities that replaces the system's.
    public var certificateAuthorities: String?

    public init(
        maximumConnections: Int = 512, connectTimeout: Duration = .seconds(10), userAgent: String = "medresearcher",
        certificateAuthorities: String? = nil
    ) {
        self.maximumConnections = maximumConnections
        self.connectTimeout = connectTimeout
        self.userAgent = userAgent
        self.certificateAuthorities = certificateAuthorities
    }
}
