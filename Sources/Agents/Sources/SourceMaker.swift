import Primitives
import Transport

/// Makes the tools of one source from its entry and a recipe's settings.
struct SourceMaker {
    let entry: SourceEntry
    let settings: SourceSettings
    let http: HTTPClient
    let cassette: Cassette?
    let environment: [String: String]
    let time: SourceTime

    private static let program = "medresearcher"

    func tools() throws(SourceCatalogueError) -> [any Tool] {
        try check()
        let blockList = BlockList(settings.blockedSites)
        func web(_ engine: any WebSearchEngine, _ base: SourceBase) -> [any Tool] {
            [WebSearchTool(base, engine: engine, name: name(0), blockList: blockList)]
        }
        switch entry.name {
        case "pubmed":
            let source = PubMedSource(base: try base())
            return [PubMedTool(source, name: name(0)), PubMedArticleTool(source, name: name(1))]
        case "europe_pmc": return [EuropePMCTool(try base(), name: name(0))]
        case "clinical_trials":
            let base = try base()
            return [ClinicalTrialsTool(base, name: name(0)), ClinicalTrialTool(base, name: name(1))]
        case "openfda":
            let source = OpenFDASource(base: try base())
            return [
                OpenFDALabelTool(source, name: name(0)), OpenFDAEventsTool(source, name: name(1)),
                OpenFDAApprovalsTool(source, name: name(2)), OpenFDARecallsTool(source, name: name(3)),
            ]
        case "dailymed":
            let base = try base()
            return [DailyMedTool(base, name: name(0)), DailyMedLabelTool(base, name: name(1))]
        case "rxnav": return [RxNavTool(try base(), name: name(0))]
        case "searxng":
            let base = try base(refusal: SearXNGEngine.refusal)
            return web(SearXNGEngine(url: base.url), base)
        case "serper":
            let base = try base(refusal: SerperEngine.refusal)
            return web(SerperEngine(url: base.url), base)
        case "tavily":
            let base = try base(refusal: TavilyEngine.refusal)
            return web(TavilyEngine(url: base.url), base)
        case "brave":
            let base = try base(refusal: BraveEngine.refusal)
            return web(BraveEngine(url: base.url), base)
        default:
            return [
                PageReaderTool(
                    client: try pageClient(), name: name(0), allowedHosts: settings.allowedHosts, blockList: blockList,
                    charactersPerPage: settings.maximumCharacters ?? 8000, costPerCall: settings.costPerCall ?? 0)
            ]
        }
    }

    /// The name of a tool; where the recipe names it otherwise, the part that tells several tools apart stays.
    private func name(_ index: Int) -> String {
        let name = entry.tools[index]
        guard let wanted = settings.toolName else { return name }
        guard entry.tools.count > 1 else { return wanted }
        let shared = entry.name == "clinical_trials" ? "clinical_" : entry.name
        return index == 0 && name == entry.name ? wanted : wanted + "_" + name.dropFirst(shared.count).trimmed
    }

    private func check() throws(SourceCatalogueError) {
        func range(_ field: String, _ value: Double?, _ expected: ClosedRange<Double>) throws(SourceCatalogueError) {
            guard let value, !expected.contains(value) else { return }
            throw .outOfRange(
                source: entry.name, field: field, value: JSONValue.number(value).text,
                expected:
                    "\(JSONValue.number(expected.lowerBound).text) to \(JSONValue.number(expected.upperBound).text)")
        }
        try range("limit", settings.limit.map(Double.init), 1...Double(entry.largestLimit))
        try range("rate_per_second", settings.ratePerSecond, 0.001...10_000)
        try range("burst", settings.burst.map(Double.init), 1...10_000)
        try range("per_day", settings.perDay.map(Double.init), 1...1e9)
        try range("timeout", settings.timeout?.seconds, 0.1...3600)
        try range("cost_per_call", settings.costPerCall, 0...1000)
        try range("maximum_characters", settings.maximumCharacters.map(Double.init), 500...1e6)
        try range("maximum_bytes", settings.maximumBytes.map(Double.init), 1024...1e9)
        try range("cache_lifetime", settings.cacheLifetime.seconds, 1...1e10)
        try range("cache_bytes", Double(settings.cacheBytes), 1e6...1e15)
    }

    private func base(
        refusal: @escaping @Sendable (HTTPResponse) -> ToolFailure? = { _ in nil }
    ) throws(SourceCatalogueError) -> SourceBase {
        guard let url = settings.url ?? entry.url else { throw .missingURL(source: entry.name) }
        guard let parsed = WebURL(url), parsed.query.isEmpty, !url.contains("#") else {
            throw .malformedURL(source: entry.name, value: RedactedURL.text(url))
        }
        var text = parsed.description
        while text.hasSuffix("/") { text.removeLast() }
        let key = try key()
        if key != nil, parsed.scheme == "http", !HostGuard().refuses(parsed) {
            throw .insecureURL(source: entry.name, value: text)
        }
        let rate = key == nil ? entry.rate : entry.rateWithKey ?? entry.rate
        return SourceBase(
            client: client(
                LiveExchange(client: http, credentials: credentials(key), userAgent: userAgent), rate: rate,
                refusal: refusal),
            url: text, limit: settings.limit ?? entry.limit, costPerCall: settings.costPerCall ?? 0,
            maximumCharacters: settings.maximumCharacters ?? 12_000)
    }

    private func pageClient() throws(SourceCatalogueError) -> SourceClient {
        let hosts = settings.allowedHosts.map { $0.lowercased() }
        let open = hosts.isEmpty ? nil : LiveExchange(client: http, userAgent: userAgent)
        let guarded = LiveExchange(
            client: HTTPClient(configuration: PageReaderTool.guardedConfiguration(environment: environment)),
            userAgent: userAgent)
        return client(
            GuardedExchange(guarded: guarded, open: open, hosts: Set(hosts)), rate: entry.rate, refusal: { _ in nil })
    }

    private func client(
        _ live: any SourceExchange, rate: SourceRate, refusal: @escaping @Sendable (HTTPResponse) -> ToolFailure?
    ) -> SourceClient {
        var rate = rate
        if let perSecond = settings.ratePerSecond { rate.perSecond = perSecond }
        if let burst = settings.burst { rate.burst = burst }
        if let perDay = settings.perDay { rate.perDay = perDay }
        let cache = settings.cacheDirectory.map {
            SourceCache(
                directory: $0, lifetime: settings.cacheLifetime, maximumBytes: settings.cacheBytes, time: time)
        }
        // A recording answers at once, and is not what a source's rate is about.
        if cassette?.mode == .replay { rate = SourceRate(perSecond: 1e6, burst: 1_000_000) }
        return SourceClient(
            name: entry.name, exchange: cassette.map { CassetteExchange($0, live: live) } ?? live, rate: rate,
            cache: cassette == nil ? cache : nil, timeout: settings.timeout ?? .seconds(30),
            maximumBytes: settings.maximumBytes ?? 8 << 20, keyVariable: keyVariable, time: time, refusal: refusal)
    }

    private var keyVariable: String? { settings.apiKeyEnv ?? entry.key.variable }

    private func key() throws(SourceCatalogueError) -> String? {
        guard let variable = keyVariable else { return nil }
        let key = environment[variable] ?? ""
        if key.isEmpty {
            // A recipe that names a variable means it.
            let isNeeded = if case .required = entry.key { true } else { settings.apiKeyEnv != nil }
            guard isNeeded, cassette?.mode != .replay else { return nil }
            throw .missingKey(source: entry.name, variable: variable)
        }
        guard key.utf8.count >= 4, key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .malformedKey(source: entry.name, variable: variable)
        }
        return key
    }

    private func credentials(_ key: String?) -> [SourceCredential] {
        var credentials: [SourceCredential] = []
        if entry.name == "pubmed" {
            // NCBI wants to know who asks.
            credentials.append(SourceCredential(.query("tool"), Self.program, isSecret: false))
            if let contact = settings.contact {
                credentials.append(SourceCredential(.query("email"), contact))
            }
        }
        guard let key else { return credentials }
        let place: SourceCredential.Place =
            switch entry.name {
            case "pubmed", "openfda": .query("api_key")
            case "serper": .header("X-API-KEY")
            case "brave": .header("X-Subscription-Token")
            default: .header("Authorization", prefix: "Bearer ")
            }
        return credentials + [SourceCredential(place, key)]
    }

    private var userAgent: String {
        let contact = settings.contact.map { SourceText.line($0).filter { $0.isASCII && $0 != "(" && $0 != ")" } } ?? ""
        return contact.isEmpty ? Self.program : "\(Self.program) (\(contact))"
    }
}

extension Substring {
    fileprivate var trimmed: Substring { drop { $0 == "_" } }
}
