/// Why an MCP server cannot be used, or did not answer. Written for the user; ``toolFailure`` is what the policy reads.
public struct MCPError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Problem: Sendable, Hashable {
        case cannotStart(command: String, detail: String)
        /// The environment variable that should hold the server's key is not set.
        case missingVariable(String)
        /// The server could not be reached, ended, or said that it cannot serve; `detail` for users alone.
        case unavailable(detail: String)
        case timedOut(method: String, after: Duration)
        case unauthorized(status: Int)
        case rateLimited(retryAfter: String?)
        /// The server no longer knows the session; a new one helps.
        case sessionExpired
        case malformedAnswer(detail: String)
        case tooLarge(limit: Int)
        /// The server's own error (JSON-RPC).
        case refused(code: Int, message: String)
        case unsupportedVersion(offered: String)
        case cancelled
        case closed
        /// The allow-list or the deny-list names what the server does not offer.
        case unknownTools([String], offered: [String])
        case duplicateTool(String)
        case unusableToolName(String)
    }

    /// The server's name in the settings.
    public var server: String
    public var problem: Problem

    init(_ server: String, _ problem: Problem) {
        self.server = server
        self.problem = problem
    }

    public var description: String { "MCP server \"\(server)\": \(explanation)" }

    private var explanation: String {
        switch problem {
        case .cannotStart(let command, let detail):
            "cannot start \(command): \(detail); check the command and that it is installed"
        case .missingVariable(let name):
            "the environment variable \(name) that should hold its key is not set; set it or drop the setting"
        case .unavailable(let detail): detail
        case .timedOut(let method, let after): "no answer to \(method) within \(after); it hangs or is overloaded"
        case .unauthorized(let status): "it refused the key, or wants one (HTTP status \(status)); check its key"
        case .rateLimited(let retryAfter):
            "it asks for fewer calls (HTTP status 429)" + (retryAfter.map { "; it suggests to wait \($0) s" } ?? "")
        case .sessionExpired: "it ended the session; connect again"
        case .malformedAnswer(let detail): "\(detail); expected a message of the Model Context Protocol"
        case .tooLarge(let limit):
            "its answer is longer than the \(limit) bytes accepted; raise the limit if that is meant"
        case .refused(let code, let message): "it answered with error \(code): \(message)"
        case .unsupportedVersion(let offered):
            "it speaks protocol version \(offered); expected one of "
                + (MCPSession.handshakeVersions + [MCPSession.statelessVersion]).joined(separator: ", ")
        case .cancelled: "the call was cancelled"
        case .closed: "the connection was closed"
        case .unknownTools(let names, let offered):
            "it offers no tool \(names.map { "\"\($0)\"" }.joined(separator: ", ")); it offers "
                + (offered.isEmpty ? "none" : offered.joined(separator: ", "))
        case .duplicateTool(let name): "it offers two tools named \"\(name)\"; expected one of each name"
        case .unusableToolName(let name):
            "the tool name \"\(name)\" cannot be used; expected 1 to 128 letters, digits, \"_\", \"-\", \".\" or \"/\""
        }
    }

    /// Whether the settings are wrong rather than the server.
    public var isMisconfiguration: Bool {
        switch problem {
        case .cannotStart, .missingVariable, .unauthorized, .unknownTools, .duplicateTool, .unusableToolName: true
        case .unavailable, .timedOut, .rateLimited, .sessionExpired, .malformedAnswer, .tooLarge, .refused,
            .unsupportedVersion, .cancelled, .closed:
            false
        }
    }

    /// What the policy reads where a call failed for this reason.
    var toolFailure: ToolFailure {
        switch problem {
        case .timedOut(_, let after): ToolFailure(.timeout, "the tool's server did not answer within \(after)")
        case .unauthorized: ToolFailure(.unauthorized, "the tool's server refused access")
        case .rateLimited: ToolFailure(.rateLimited, "the tool's server asks for fewer calls; try again later")
        case .malformedAnswer: ToolFailure(.malformedAnswer, "the tool's server gave an answer that cannot be read")
        case .tooLarge(let limit):
            ToolFailure(.tooLarge, "the answer is longer than the \(limit) bytes accepted; ask for less")
        case .refused(let code, let message): Self.failure(code: code, message: message)
        case .cancelled: ToolFailure(.unavailable, "the call was cancelled")
        case .cannotStart, .missingVariable, .unavailable, .sessionExpired, .unsupportedVersion, .closed,
            .unknownTools, .duplicateTool, .unusableToolName:
            ToolFailure(.unavailable, "the tool's server is not available")
        }
    }

    private static func failure(code: Int, message: String) -> ToolFailure {
        let kind: ToolFailure.Kind =
            switch code {
            case JSONRPCError.invalidParameters: .invalidCall
            case JSONRPCError.methodNotFound, JSONRPCError.notFound: .notFound
            default: .unavailable
            }
        let shown = MCPContent.failureText(message)
        return ToolFailure(kind, shown.isEmpty ? "the tool's server answered with error \(code)" : shown)
    }
}
