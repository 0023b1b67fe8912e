import Foundation
import Primitives
import Transport

/// The tools of one MCP server.
///
/// The set is fixed when the source connects, because a prompt names it. Where the server says later that it dropped
/// one, calls of it are answered so.
public struct MCPToolSource: Sendable {
    public let tools: [MCPTool]
    /// What the server calls itself, with its version.
    public let serverInformation: String
    /// The protocol revision that both sides speak.
    public let protocolVersion: String
    private let client: MCPClient

    /// Starts or reaches the server and lists its tools.
    /// - Parameters:
    ///   - environment: where keys and the variables that a program gets are taken from.
    ///   - httpClient: for the streamable HTTP transport.
    public static func connect(
        _ settings: MCPServerSettings, environment: [String: String] = ProcessInfo.processInfo.environment,
        httpClient: HTTPClient = HTTPClient()
    ) async throws(MCPError) -> MCPToolSource {
        let client = MCPClient(settings: settings, environment: environment, httpClient: httpClient)
        do throws(MCPError) {
            let session = try await client.session()
            return MCPToolSource(
                tools: try select(from: try await client.tools(), client: client),
                serverInformation: session.serverInformation, protocolVersion: session.version, client: client)
        } catch {
            await client.close()
            throw error
        }
    }

    /// The tools that the server offers now, after the same lists. The server may have changed them since.
    public func currentTools() async throws(MCPError) -> [MCPTool] {
        try Self.select(from: try await client.tools(), client: client)
    }

    /// Ends the connection and, over stdio, the server with all that it started.
    public func close() async { await client.close() }

    private static func select(from offered: [JSONValue], client: MCPClient) throws(MCPError) -> [MCPTool] {
        let settings = client.settings
        let names = offered.compactMap { $0["name"]?.stringValue }
        let unknown = ((settings.allowedTools ?? []) + settings.deniedTools).filter { !names.contains($0) }
        guard unknown.isEmpty else { throw MCPError(settings.name, .unknownTools(unknown, offered: names)) }
        var tools: [MCPTool] = []
        var taken: Set<String> = []
        for description in offered {
            let name = description["name"]?.stringValue ?? ""
            guard settings.allowedTools?.contains(name) ?? true, !settings.deniedTools.contains(name) else { continue }
            let tool = try MCPTool(description, client: client)
            guard taken.insert(name).inserted else { throw MCPError(settings.name, .duplicateTool(name)) }
            tools.append(tool)
        }
        return tools
    }
}
