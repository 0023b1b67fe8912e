/// How an MCP server is reached and which of its tools are used.
public struct MCPServerSettings: Sendable, Hashable {
    public enum Transport: Sendable, Hashable {
        /// A program that speaks on its standard input and output.
        /// - Parameters:
        ///   - command: a path, or a name to be found in `PATH`.
        ///   - passedVariables: names of environment variables that the program gets besides
        ///     ``MCPServerSettings/alwaysPassedVariables``; it gets no others of this process.
        ///   - variables: further variables with their values.
        case stdio(
            command: String, arguments: [String] = [], passedVariables: [String] = [],
            variables: [String: String] = [:], directory: String? = nil)
        /// A server of the streamable HTTP transport.
        /// - Parameter bearerTokenVariable: the environment variable that holds the key, if the server wants one.
        case http(url: String, bearerTokenVariable: String? = nil)
    }

    /// Without these most programs do not run; none of them is a secret.
    public static let alwaysPassedVariables = [
        "HOME", "LANG", "LC_ALL", "LOGNAME", "PATH", "SHELL", "SSL_CERT_DIR", "SSL_CERT_FILE", "TERM", "TMPDIR", "TZ",
        "USER",
    ]

    /// For messages and citations.
    public var name: String
    public var transport: Transport
    /// Where given, a tool `x` of the server is called `prefix_x` here.
    public var prefix: String?
    /// The server's tools to use, by the server's names; `nil` for all that it offers.
    public var allowedTools: [String]?
    /// The server's tools not to use.
    public var deniedTools: [String]
    /// How long the server may take to start and to answer the handshake.
    public var startTimeout: Duration
    /// How long one call may take.
    public var callTimeout: Duration
    /// The longest time of a call without a sign of life: a progress message or, over HTTP, a byte of the answer.
    public var silenceTimeout: Duration?
    /// The longest message read from the server.
    public var maximumAnswerBytes: Int
    /// How often in a row, without an answered call in between, a server that ended is started anew.
    public var maximumRestarts: Int
    /// What an answer that the tool itself marks as an error counts as; servers do not tell a bad call from an outage.
    public var reportedErrorKind: ToolFailure.Kind
    public var costPerCall: Double

    public init(
        name: String, transport: Transport, prefix: String? = nil, allowedTools: [String]? = nil,
        deniedTools: [String] = [], startTimeout: Duration = .seconds(60), callTimeout: Duration = .seconds(30),
        silenceTimeout: Duration? = nil, maximumAnswerBytes: Int = 4 << 20, maximumRestarts: Int = 3,
        reportedErrorKind: ToolFailure.Kind = .invalidCall, costPerCall: Double = 0
    ) {
        self.name = name
        self.transport = transport
        self.prefix = prefix
        self.allowedTools = allowedTools
        self.deniedTools = deniedTools
        self.startTimeout = startTimeout
        self.callTimeout = callTimeout
        self.silenceTimeout = silenceTimeout
        self.maximumAnswerBytes = max(1024, maximumAnswerBytes)
        self.maximumRestarts = max(0, maximumRestarts)
        self.reportedErrorKind = reportedErrorKind
        self.costPerCall = costPerCall
    }
}
