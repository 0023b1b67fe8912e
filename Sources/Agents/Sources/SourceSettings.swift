/// What a recipe may say about one source; what is `nil` is as the catalogue says (``SourceCatalogue``).
public struct SourceSettings: Sendable, Hashable {
    /// Where the source is reached, up to and without the path of a request.
    public var url: String?
    /// The environment variable that holds the key.
    public var apiKeyEnv: String?
    /// Records that one call returns.
    public var limit: Int?
    /// Requests a second on the average.
    public var ratePerSecond: Double?
    /// Requests that may be sent at once after a pause.
    public var burst: Int?
    /// Requests in 24 hours.
    public var perDay: Int?
    /// The time of one call, with all its requests and waits.
    public var timeout: Duration?
    /// US dollars.
    public var costPerCall: Double?
    /// The directory where answers are kept; `nil` keeps none.
    public var cacheDirectory: String?
    /// How long kept answers are good.
    public var cacheLifetime: Duration = .seconds(30 * 86_400)
    /// Bytes of all kept answers together.
    public var cacheBytes = 1 << 30
    /// Sites that web search leaves out and the page reader refuses: `host` or `host/path`.
    public var blockedSites: [String] = []
    /// Hosts that the page reader may open although they are not on the public internet.
    public var allowedHosts: [String] = []
    /// Characters of one observation.
    public var maximumCharacters: Int?
    /// Bytes of one answer that are read at most.
    public var maximumBytes: Int?
    /// An address under which the source's operators can reach whoever runs this; NCBI and others ask for it.
    public var contact: String?
    /// The tool's name for the policy, where the source makes one tool; of several, what their names begin with.
    public var toolName: String?

    public init() {}
}
