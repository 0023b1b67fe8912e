import Agents

/// One entry of a recipe's `tools`: a tool, or a server that brings several.
public enum ToolSection: Sendable {
    /// Full-text search over the graph's own documents; what a recipe without `tools` has.
    case search
    case server(MCPServerSettings)

    static let kinds = ["search", "mcp"]

    /// The entries of a recipe; without any, the search alone.
    static func all(_ root: RecipeSection) -> [ToolSection] {
        guard root.has("tools") else {
            root.reader.record(["tools", "[0]", "kind"], "search")
            return [.search]
        }
        return root.sections("tools").compactMap { ToolSection($0) }
    }

    /// - Returns: `nil` where the entry names no kind; the problem has been noted then.
    init?(_ section: RecipeSection) {
        guard section.has("kind") else {
            section.reader.complain(
                section.place, "\(section.name).kind is missing; expected one of: \(Self.kinds.joined(separator: ", "))"
            )
            return nil
        }
        switch section.member("kind", default: "search", among: Self.kinds) {
        case "mcp": self = .server(MCPServerSettings(section))
        default: self = .search
        }
        section.finish()
    }
}

extension MCPServerSettings {
    fileprivate init(_ section: RecipeSection) {
        let name = section.text("name", default: nil)
        self.init(name: name, transport: Self.transport(section))
        prefix = section.optionalText("prefix")
        if section.has("allow") { allowedTools = section.texts("allow", default: []) }
        section.knows("allow")
        deniedTools = section.texts("deny", default: [])
        startTimeout = .seconds(section.number("start_timeout_s", default: 60, in: 0.1...3600))
        callTimeout = .seconds(section.number("timeout_s", default: 30, in: 0.1...3600))
        maximumRestarts = section.integer("restarts", default: 3, in: 0...1000)
        costPerCall = section.number("cost_usd", default: 0, in: 0...1000)
        reportedErrorKind =
            section.choice("errors", default: ReportedErrors.policy) == .outage ? .unavailable : .invalidCall
    }

    /// Whose fault an answer is that the server's tool marks as an error.
    private enum ReportedErrors: String, CaseIterable { case policy, outage }

    private static func transport(_ section: RecipeSection) -> Transport {
        let command = section.texts("command", default: [])
        let passed = section.texts("pass_env", default: [])
        let directory = section.optionalFile("directory")
        let url = section.optionalText("url")
        let key = section.optionalText("api_key_env")
        if (url == nil) == command.isEmpty {
            section.reader.complain(
                section.place,
                "\(section.name) needs either `command` (the program and its arguments, as a list) or `url`, and not both"
            )
        }
        if let url { return .http(url: url, bearerTokenVariable: key) }
        return .stdio(
            command: command.first ?? "", arguments: Array(command.dropFirst()), passedVariables: passed,
            directory: directory)
    }
}
