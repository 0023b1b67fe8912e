import Primitives

/// A connection to an MCP server: requests with their answers, and notifications. Many requests may wait at once.
protocol MCPChannel: AnyObject, Sendable {
    /// Sends a request and returns its result.
    ///
    /// Where the calling task is cancelled or the time is over, the server is told so.
    func request(_ request: MCPRequest) async throws(MCPError) -> JSONValue

    func notify(_ method: String, _ parameters: JSONObject) async throws(MCPError)

    /// Takes note of the protocol version that both sides speak from now on.
    /// - Parameter listensForChanges: whether the server announced that it tells of changes to its tools.
    func adopt(version: String, listensForChanges: Bool)

    /// Whether no further request can succeed.
    var hasEnded: Bool { get }

    /// Ends the connection and frees what it holds. Requests under way fail.
    func close() async
}

/// One request to an MCP server.
struct MCPRequest: Sendable {
    var method: String
    var parameters: JSONObject
    var timeout: Duration
    var silenceTimeout: Duration?
    /// Whether the server may execute it twice without harm.
    var isRepeatable = true
    /// The handshake must not be cancelled by a message.
    var isCancellable = true
    /// For HTTP only.
    var headers: [(String, String)] = []
}

/// What the server sends of its own accord.
struct MCPInbox: Sendable {
    /// The server says that its tools have changed.
    var toolsChanged: @Sendable () -> Void = {}

    /// The answer that the message needs, or `nil`. Progress and answers are the channel's business.
    func answer(_ message: JSONRPCMessage) -> JSONRPCMessage? {
        switch message {
        case .request(let id, "ping", _): return .result(id: id, [:])
        case .request(let id, let method, _):
            return .error(
                id: id, JSONRPCError(code: JSONRPCError.methodNotFound, message: "this client offers no \(method)"))
        case .notification("notifications/tools/list_changed", _):
            toolsChanged()
            return nil
        case .notification, .result, .error: return nil
        }
    }
}
