import Agents
import Foundation
import Knowledge
import Retrieval
import Storage
import Synthesis
import Training
import Transport

/// The tools of a recipe, made and connected.
struct AgentTools: Sendable {
    let router: ToolRouter
    private let servers: [MCPToolSource]

    /// - Parameter search: the graph's own documents.
    static func open(_ recipe: Recipe, graph: KnowledgeGraph, search: DocumentIndex) async throws -> AgentTools {
        let http = HTTPClient()
        var tools: [any Tool] = []
        var servers: [MCPToolSource] = []
        do {
            let recording = try recipe.agent.recording.map {
                try ToolRecording(path: $0.path, mode: $0.mode)
            }
            for section in recipe.tools {
                switch section {
                case .search: tools.append(SearchTool(index: search, passageLimit: recipe.agent.passages))
                case .diagnosis(let section): tools.append(try section.tool(over: graph))
                case .library(let section): tools.append(RetrieverTool(retriever: try section.retriever(graph)))
                case .reader(let path): tools.append(DocumentReaderTool(index: try RetrievalIndex(directory: path)))
                case .calculator: tools.append(CalculatorTool())
                case .source(let name, let settings):
                    tools += try SourceCatalogue.make(
                        name, settings, http: http, environment: try environment(for: name, settings, recording))
                case .server(let settings):
                    if let recording, recording.mode == .replay {
                        tools += try await recorded(settings, in: recording)
                        continue
                    }
                    let server = try await MCPToolSource.connect(settings, httpClient: http)
                    servers.append(server)
                    tools += server.tools
                    try await recording?.keep(server.tools.map(\.description), of: settings.name)
                }
            }
            try checkNames(tools)
            if let recording { tools = tools.map { $0.traits.isTrusted ? $0 : RecordedTool($0, recording: recording) } }
            return AgentTools(router: ToolRouter(tools: tools), servers: servers)
        } catch {
            for server in servers { await server.close() }
            throw error
        }
    }

    /// The environment with a key for a source that is only replayed and needs none.
    private static func environment(
        for name: String, _ settings: SourceSettings, _ recording: ToolRecording?
    ) throws(SourceCatalogueError) -> [String: String] {
        let environment = ProcessInfo.processInfo.environment
        let entry = try SourceCatalogue.entry(name)
        guard recording?.mode == .replay, let variable = settings.apiKeyEnv ?? entry.key.variable else {
            return environment
        }
        return environment.merging([variable: "replayed"]) { given, _ in given }
    }

    /// A server's tools as they were recorded.
    private static func recorded(
        _ settings: MCPServerSettings, in recording: ToolRecording
    ) async throws -> [any Tool] {
        guard let offer = await recording.offer(of: settings.name) else {
            throw TrainingError.invalidConfiguration(
                "the recording does not say what the MCP server \(settings.name) offers; record it first "
                    + "(agent.recording.mode: record)")
        }
        let traits = ToolTraits(
            timeout: settings.callTimeout, costPerCall: settings.costPerCall, isTrusted: false, group: .general)
        return offer.map { UnconnectedTool(description: $0, traits: traits) }
    }

    /// The fingerprints of the files that the recipe's tools read.
    static func inputs(of recipe: Recipe) throws(StorageError) -> [RunDescription.Input] {
        var inputs: [RunDescription.Input] = []
        for (number, section) in recipe.tools.enumerated() {
            let files: [(String, String?)] =
                switch section {
                case .library(let library):
                    [("index", RetrievalIndex.manifestPath(of: library.index)), ("authority", library.authority)]
                case .reader(let index): [("index", RetrievalIndex.manifestPath(of: index))]
                case .diagnosis(let diagnosis): [("frequencies", diagnosis.frequencies), ("priors", diagnosis.priors)]
                case .search, .calculator, .source, .server: []
                }
            for (name, path) in files {
                guard let path else { continue }
                inputs.append(.init(name: "tools[\(number)].\(name)", sha256: try SHA256.hex(file: path)))
            }
        }
        return inputs
    }

    /// What the calls of the tools came to in this launch, in a line; `nil` where none was made.
    static func account(of router: ToolRouter) -> String? {
        let parts = router.usage.filter { $0.usage.calls > 0 }.map { name, usage in
            let outages = usage.outages > 0 ? ", \(usage.outages) failed" : ""
            let cost = usage.cost > 0 ? String(format: ", $%.2f", usage.cost) : ""
            let time = String(format: "%.1f s", usage.seconds)
            return "\(name) \(usage.calls) calls\(outages), \(time)\(cost)"
        }
        return parts.isEmpty ? nil : "tools: " + parts.joined(separator: "; ")
    }

    /// Ends the servers that were started.
    func close() async { for server in servers { await server.close() } }

    private static func checkNames(_ tools: [any Tool]) throws {
        var names: Set<String> = []
        for name in tools.map(\.description.name) where !names.insert(name).inserted {
            throw TrainingError.invalidConfiguration(
                "two of the recipe's tools are called \(name); remove one of the entries of `tools`, or give the MCP server "
                    + "a `prefix`")
        }
    }
}

extension LibrarySection {
    fileprivate func retriever(_ graph: KnowledgeGraph) throws(RetrievalError) -> MedicalRetriever {
        let index = try RetrievalIndex(directory: index)
        let model = try authority.map { path throws(RetrievalError) in try AuthorityModel(path: path) }
        let synonyms = usesSynonyms ? SynonymExpansion(graph: graph, analyzer: index.configuration.analyzer) : nil
        return MedicalRetriever(index: index, ranking: ranking, model: model ?? .standard, synonyms: synonyms)
    }
}

extension DiagnosisSection {
    fileprivate func tool(over graph: KnowledgeGraph) throws(ReasoningError) -> DifferentialDiagnosisTool {
        let frequencies = try frequencies.map { path throws(ReasoningError) in try FrequencyTable(path: path) }
        let priors = try priors.map { path throws(ReasoningError) in try PriorTable(path: path) }
        let engine = ClinicalReasoningEngine(
            graph: graph, frequencies: frequencies ?? FrequencyTable(), priors: priors ?? PriorTable())
        return DifferentialDiagnosisTool(engine: engine, setting: setting)
    }
}
