import Primitives
import Tokenizers

/// A tool of an MCP server.
public struct MCPTool: Tool {
    /// The tool's name at its server.
    public let serverToolName: String
    public let description: ToolDescription
    public let traits: ToolTraits
    let client: MCPClient
    /// Whether the server says that calls change nothing, or nothing more when repeated.
    let isRepeatable: Bool

    /// - Parameter json: an element of the answer to `tools/list`.
    init(_ json: JSONValue, client: MCPClient) throws(MCPError) {
        let settings = client.settings
        guard let name = json["name"]?.stringValue else {
            throw MCPError(settings.name, .malformedAnswer(detail: "it describes a tool without a name: \(json.text)"))
        }
        let fullName = settings.prefix.map { "\($0)_\(name)" } ?? name
        guard Self.isUsable(fullName) else { throw MCPError(settings.name, .unusableToolName(name)) }
        let schema = json["inputSchema"] ?? ["type": "object"]
        guard schema.objectValue != nil else {
            throw MCPError(settings.name, .malformedAnswer(detail: "the schema of its tool \(name) is \(schema.kind)"))
        }
        serverToolName = name
        description = ToolDescription(
            name: fullName, description: json["description"]?.stringValue ?? json["title"]?.stringValue ?? "",
            parameters: schema)
        traits = ToolTraits(
            timeout: settings.callTimeout, costPerCall: settings.costPerCall, isTrusted: false, group: .general)
        let hints = json["annotations"]
        isRepeatable = hints?["readOnlyHint"]?.boolValue == true || hints?["idempotentHint"]?.boolValue == true
        self.client = client
    }

    public func call(arguments: JSONValue) async throws(ToolFailure) -> ToolResult {
        let result: JSONValue
        do throws(MCPError) {
            result = try await client.call(serverToolName, arguments, isRepeatable: isRepeatable)
        } catch {
            throw error.toolFailure
        }
        guard result.objectValue != nil else {
            throw ToolFailure(.malformedAnswer, "the tool's server gave an answer that cannot be read")
        }
        if result["resultType"]?.stringValue == "input_required" {
            throw ToolFailure(.unavailable, "the tool asks for input from a person, who is not there")
        }
        let text = MCPContent.text(of: result)
        if result["isError"]?.boolValue == true {
            let shown = MCPContent.failureText(text)
            throw ToolFailure(client.settings.reportedErrorKind, shown.isEmpty ? "the tool reports a failure" : shown)
        }
        return ToolResult(
            content: text, citations: MCPContent.citations(of: result, server: client.settings.name))
    }

    /// The names that every chat format can write.
    private static func isUsable(_ name: String) -> Bool {
        (1...128).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "_-./".utf8.contains(byte)
            }
    }
}
