import Agents
import Retrieval

/// One entry of a recipe's `tools`: a tool, or a server that brings several.
public enum ToolSection: Sendable {
    /// Full-text search over the graph's own documents; what a recipe without `tools` has.
    case search
    /// Bayesian differential diagnosis over the recipe's graph.
    case diagnosis(DiagnosisSection)
    /// A database or search engine of the catalogue.
    case source(name: String, SourceSettings)
    case server(MCPServerSettings)
    case calculator
    /// Search in a document index of the user's own.
    case library(LibrarySection)
    /// Reads documents of such an index, a page at a time.
    case reader(index: String)

    static let kinds =
        ["search", "medical_search", "read_document", "differential_diagnosis", "calculator", "mcp"]
        + SourceCatalogue.entries.map(\.name)

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
        let known = section.reader.problems.count
        let kind = section.member("kind", default: "search", among: Self.kinds)
        // Which keys an unknown kind would have nobody knows.
        guard section.reader.problems.count == known else { return nil }
        switch kind {
        case "search": self = .search
        case "differential_diagnosis": self = .diagnosis(DiagnosisSection(section))
        case "medical_search": self = .library(LibrarySection(section))
        case "read_document": self = .reader(index: section.file("index"))
        case "calculator": self = .calculator
        case "mcp": self = .server(MCPServerSettings(section))
        case let name: self = .source(name: name, SourceSettings(section))
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

/// A document index and how it is ranked.
public struct LibrarySection: Sendable {
    /// A directory that `medresearcher retrieve index` made.
    public var index: String
    public var ranking: AuthorityRanking
    /// A table of authority that replaces the standard one.
    public var authority: String?
    /// Whether a query is extended by other names of the graph's entities.
    public var usesSynonyms: Bool

    init(_ section: RecipeSection) {
        index = section.file("index")
        ranking = AuthorityRanking(
            lambda: section.number("lambda", default: 0.8, in: 0...1),
            poolSize: section.integer("pool", default: 20, in: 1...10_000))
        authority = section.optionalFile("authority")
        usesSynonyms = section.boolean("synonyms", default: true)
    }
}

/// What a differential diagnosis rests on besides the graph.
public struct DiagnosisSection: Sendable {
    /// Tables of how often diseases show findings, and of how frequent diseases are.
    public var frequencies: String?
    public var priors: String?
    /// For the policy: where the patients come from.
    public var setting: String?

    init(_ section: RecipeSection) {
        frequencies = section.optionalFile("frequencies")
        priors = section.optionalFile("priors")
        setting = section.optionalText("setting")
    }
}

extension SourceSettings {
    /// What a recipe may leave out is as the catalogue says.
    fileprivate init(_ section: RecipeSection) {
        self.init()
        url = section.optionalText("url")
        apiKeyEnv = section.optionalText("api_key_env")
        limit = section.optionalInteger("results", in: 1...1000)
        ratePerSecond = section.optionalNumber("requests_per_second", in: 0.001...10_000)
        burst = section.optionalInteger("burst", in: 1...10_000)
        perDay = section.optionalInteger("requests_per_day", in: 1...1_000_000_000)
        timeout = section.optionalNumber("timeout_s", in: 0.1...3600).map { .seconds($0) }
        costPerCall = section.optionalNumber("cost_usd", in: 0...1000)
        cacheDirectory = section.optionalFile("cache")
        cacheLifetime = .seconds(section.number("cache_days", default: 30, in: 0...36_500) * 86_400)
        cacheBytes = section.integer("cache_megabytes", default: 1024, in: 1...10_000_000) << 20
        blockedSites = section.texts("blocked_sites", default: [])
        allowedHosts = section.texts("allowed_hosts", default: [])
        maximumCharacters = section.optionalInteger("characters", in: 100...10_000_000)
        contact = section.optionalText("contact")
        toolName = section.optionalText("name")
    }
}
