import Backends
import Foundation
import Primitives
import Storage
import Transport

/// Connects to a backend as a run would, measures it, and says what it found.
public struct BackendCheck {
    /// What was found out.
    public struct Report: Sendable {
        /// What is known of the recipe's files; empty without a recipe.
        public var files: [String]
        public var backend: String
        /// One line for each replica of the recipe's rollout fleet.
        public var fleet: [String] = []
        public var profile: ProfileRecord
        /// What a recipe must avoid or know.
        public var advice: [String]
        /// What the recipe asks for and the backend cannot do.
        public var problems: [String]

        /// For people.
        public var text: String {
            func list(_ title: String, _ lines: [String]) -> [String] {
                lines.isEmpty ? [] : ["", title] + lines.map { "  - " + $0 }
            }
            let lines =
                files + ["backend    \(backend) answers and made a trainable model"]
                + fleet.map { "replica    \($0)" } + ["", ProfileTable.text(profile)]
                + list("For recipes on this backend", advice) + list("This recipe cannot run here", problems)
            return lines.joined(separator: "\n")
        }

        /// For programs.
        public var json: JSONValue {
            [
                "backend": .string(backend), "fleet": .array(fleet.map { .string($0) }), "profile": profile.json,
                "advice": .array(advice.map { .string($0) }), "problems": .array(problems.map { .string($0) }),
            ]
        }
    }

    /// Checks a recipe's files and its backend.
    public static func report(of recipe: Recipe) async throws -> Report {
        var files = ["recipe     \(recipe.name): reads and resolves"]
        if recipe.pretraining == nil {
            files += try await Workbench.with(recipe) { bench in
                [
                    "knowledge  \(bench.graph.triples.count) triples, \(bench.questions.questions.count) certified questions",
                    "tokenizer  \(bench.tokenizer.vocabularySize) tokens",
                    "tools      " + bench.tools.descriptions.map(\.name).joined(separator: ", "),
                ]
            }
        }
        let fleet = try await recipe.sampler.fleetReport(recipe)
        let checkpoints = NSTemporaryDirectory() + "medresearcher-doctor-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileStore.remove(checkpoints) }
        let record = try await BackendConnection.profile(
            recipe, directories: .init(model: recipe.model.base, checkpoints: checkpoints),
            // The model that a base is made of exists only once the run has begun.
            alwaysMeasures: recipe.pretraining == nil,
            notice: { _ in })
        let backend =
            recipe.backend.url.map { "\(recipe.backend.kind.rawValue) at \($0)" } ?? recipe.backend.kind.rawValue
        return Report(
            files: files, backend: backend, fleet: fleet, profile: record,
            advice: ProfileAdvice.sentences(for: record.profile),
            problems: BackendFit(recipe: recipe, profile: record.profile).problems.map(\.description))
    }

    /// A server without a recipe.
    public struct Server: Sendable {
        public var url: String
        /// The model to measure on; `nil` takes the first one that the server offers.
        public var baseModel: String?
        public var apiKeyVariable: String
        /// The rank of the measured models; `nil` tries adapters first and all parameters then.
        public var rank: Int?

        public init(url: String, baseModel: String?, apiKeyVariable: String, rank: Int?) {
            self.url = url
            self.baseModel = baseModel
            self.apiKeyVariable = apiKeyVariable
            self.rank = rank
        }
    }

    private static let usualRank = 8

    public static func report(of server: Server) async throws -> Report {
        let endpoint = TinkerEndpoint(
            baseURL: server.url, apiKey: ProcessInfo.processInfo.environment[server.apiKeyVariable],
            apiKeyVariable: server.apiKeyVariable, profile: .tinker)
        let transport = HTTPClient()
        defer { transport.shutdown() }
        let baseModel = try await baseModel(server, endpoint, transport)
        let record = try await profile(server, endpoint, transport, baseModel)
        return Report(
            files: [], backend: "\(server.url), model \(baseModel),", profile: record,
            advice: ProfileAdvice.sentences(for: record.profile), problems: [])
    }

    private static func baseModel(
        _ server: Server, _ endpoint: TinkerEndpoint, _ transport: HTTPClient
    ) async throws -> String {
        if let name = server.baseModel { return name }
        let session = try await TinkerSession.connect(
            endpoint, transport: transport, tags: ["medresearcher", "doctor"])
        let offered: [String]
        do { offered = try await session.supportedModels() } catch {
            await session.close()
            throw error
        }
        await session.close()
        guard let first = offered.first else {
            throw BackendError.unsupported(detail: "it does not say which models it offers; name one with --base-model")
        }
        return first
    }

    private static func profile(
        _ server: Server, _ endpoint: TinkerEndpoint, _ transport: HTTPClient, _ baseModel: String
    ) async throws -> ProfileRecord {
        func probe(_ rank: Int?) async throws(BackendError) -> ProfileRecord {
            try await BackendProbe.run(endpoint, transport: transport, baseModel: baseModel, loraRank: rank)
        }
        if let rank = server.rank { return try await probe(rank == 0 ? nil : rank) }
        do throws(BackendError) {
            return try await probe(usualRank)
        } catch {
            guard case .rejected = error else {
                guard case .failed = error else { throw error }
                return try await allParameters(error)
            }
            return try await allParameters(error)
        }
        func allParameters(_ refusal: BackendError) async throws -> ProfileRecord {
            var record = try await probe(nil)
            try record.set(
                .adapters, to: false, origin: .measured("a model of rank \(usualRank) was refused: \(refusal)"))
            return record
        }
    }
}
