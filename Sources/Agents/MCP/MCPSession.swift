import Primitives

/// An MCP connection on which both sides have agreed on a protocol version.
struct MCPSession: Sendable {
    /// The revisions that begin with a handshake, newest last.
    static let handshakeVersions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]
    /// The revision without a handshake: each request says who asks, in which version.
    static let statelessVersion = "2026-07-28"
    /// A server's list of tools has at most that many pages.
    private static let mostPages = 1000

    let channel: any MCPChannel
    let version: String
    /// The server's name and version for people, as it tells them.
    let serverInformation: String
    private let server: String

    /// Opens the session: the handshake of the older revisions or, where the server knows none, the discovery of the
    /// newest.
    static func open(
        _ channel: any MCPChannel, server: String, timeout: Duration
    ) async throws(MCPError) -> MCPSession {
        do throws(MCPError) {
            return try await shakeHands(channel, server: server, timeout: timeout)
        } catch {
            guard case .refused(let code, _) = error.problem,
                code == JSONRPCError.methodNotFound || code == JSONRPCError.unsupportedVersion
            else { throw error }
            return try await discover(channel, server: server, timeout: timeout)
        }
    }

    private static func shakeHands(
        _ channel: any MCPChannel, server: String, timeout: Duration
    ) async throws(MCPError) -> MCPSession {
        let answer = try await channel.request(
            MCPRequest(
                method: "initialize",
                parameters: [
                    "protocolVersion": .string(handshakeVersions[handshakeVersions.count - 1]), "capabilities": [:],
                    "clientInfo": identity,
                ], timeout: timeout, isCancellable: false))
        guard let version = answer["protocolVersion"]?.stringValue else {
            throw MCPError(server, .malformedAnswer(detail: "its answer to initialize names no protocol version"))
        }
        guard handshakeVersions.contains(version) else {
            throw MCPError(server, .unsupportedVersion(offered: version))
        }
        let session = MCPSession(
            channel: channel, version: version, serverInformation: name(in: answer["serverInfo"]), server: server)
        // The version's header must be on the notification already.
        channel.adopt(version: version, listensForChanges: false)
        try await channel.notify("notifications/initialized", [:])
        if answer["capabilities"]?["tools"]?["listChanged"]?.boolValue == true {
            channel.adopt(version: version, listensForChanges: true)
        }
        return session
    }

    private static func discover(
        _ channel: any MCPChannel, server: String, timeout: Duration
    ) async throws(MCPError) -> MCPSession {
        channel.adopt(version: statelessVersion, listensForChanges: false)
        let session = MCPSession(channel: channel, version: statelessVersion, serverInformation: "", server: server)
        let answer = try await session.request("server/discover", [:], timeout: timeout, isCancellable: false)
        let versions = answer["supportedVersions"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard versions.contains(statelessVersion) else {
            throw MCPError(server, .unsupportedVersion(offered: versions.joined(separator: ", ")))
        }
        let information = answer["_meta"]?["io.modelcontextprotocol/serverInfo"] ?? answer["serverInfo"]
        return MCPSession(
            channel: channel, version: statelessVersion, serverInformation: name(in: information), server: server)
    }

    private static let identity: JSONValue = ["name": "medresearcher", "version": "1"]

    private static func name(in information: JSONValue?) -> String {
        [information?["name"]?.stringValue, information?["version"]?.stringValue].compactMap(\.self)
            .joined(separator: " ")
    }

    // MARK: Requests

    /// The server's tools as it describes them, all pages.
    func tools(timeout: Duration) async throws(MCPError) -> [JSONValue] {
        var tools: [JSONValue] = []
        var cursor: String?
        var seen: Set<String> = []
        for _ in 0..<Self.mostPages {
            let page = try await request("tools/list", cursor.map { ["cursor": .string($0)] } ?? [:], timeout: timeout)
            guard let more = page["tools"]?.arrayValue else {
                throw MCPError(server, .malformedAnswer(detail: "its answer to tools/list has no list of tools"))
            }
            tools += more
            cursor = page["nextCursor"]?.stringValue
            guard let cursor else { return tools }
            guard seen.insert(cursor).inserted else {
                throw MCPError(server, .malformedAnswer(detail: "its list of tools goes in a circle"))
            }
        }
        throw MCPError(server, .malformedAnswer(detail: "its list of tools has more than \(Self.mostPages) pages"))
    }

    /// The result of `tools/call`.
    func call(
        _ tool: String, _ arguments: JSONValue, timeout: Duration, silenceTimeout: Duration?, isRepeatable: Bool
    ) async throws(MCPError) -> JSONValue {
        try await request(
            "tools/call", ["name": .string(tool), "arguments": arguments], timeout: timeout,
            silenceTimeout: silenceTimeout, isRepeatable: isRepeatable, named: tool)
    }

    private func request(
        _ method: String, _ parameters: JSONObject, timeout: Duration, silenceTimeout: Duration? = nil,
        isRepeatable: Bool = true, isCancellable: Bool = true, named name: String? = nil
    ) async throws(MCPError) -> JSONValue {
        var request = MCPRequest(
            method: method, parameters: parameters, timeout: timeout, silenceTimeout: silenceTimeout,
            isRepeatable: isRepeatable, isCancellable: isCancellable)
        if version == Self.statelessVersion {
            request.parameters["_meta"] = [
                "io.modelcontextprotocol/protocolVersion": .string(version),
                "io.modelcontextprotocol/clientInfo": Self.identity,
                "io.modelcontextprotocol/clientCapabilities": [:],
            ]
            request.headers = [("Mcp-Method", method)] + (name.map { [("Mcp-Name", $0)] } ?? [])
        }
        return try await channel.request(request)
    }
}
