import Backends
import EmbeddedBackend
import Foundation
import Primitives
import Storage
import Synchronization
import Transport

/// A backend that a run trains on: the server (started here if it is the embedded one), the session and the trainer.
final class BackendConnection: Sendable {
    let trainer: TinkerTrainer
    /// The trainer, or what wraps it where rollouts are drawn from a fleet of their own.
    let policyTrainer: any PolicyTrainer
    let recipe: Recipe
    let directories: Directories
    let session: TinkerSession
    /// Models that the trained one is compared with.
    let references = Mutex<[TinkerTrainer]>([])
    private let transport: HTTPClient
    private let server: EmbeddedServer?

    private init(
        _ recipe: Recipe, directories: Directories, trainer: TinkerTrainer, fleet: FleetTrainer?,
        session: TinkerSession, transport: HTTPClient, server: EmbeddedServer?
    ) {
        self.recipe = recipe
        self.directories = directories
        self.trainer = trainer
        if let fleet { policyTrainer = fleet } else { policyTrainer = trainer }
        self.session = session
        self.transport = transport
        self.server = server
    }

    /// The name under which the embedded server offers the recipe's model.
    private static let embeddedModel = "base"

    /// What the embedded backend trains, and where it keeps trainer states; nothing to other servers.
    struct Directories: Sendable {
        var model: String
        var checkpoints: String
    }

    /// - Parameters:
    ///   - profile: what the trainer compensates for.
    ///   - isPatient: whether the server may be on its way up again, so that connecting is tried for as long as an outage may
    ///     last.
    static func open(
        _ recipe: Recipe, directories: Directories, profile: BackendProfile, isPatient: Bool = false,
        notice: @escaping @Sendable (String) -> Void
    ) async throws -> BackendConnection {
        try await reach(recipe, directories) { endpoint, transport, server in
            var endpoint = endpoint
            endpoint.profile = profile
            if isPatient { endpoint.retryPolicy.connectBudget = endpoint.retryPolicy.outageBudget }
            let session = try await TinkerSession.connect(
                endpoint, transport: transport, tags: ["medresearcher", recipe.name], notice: notice)
            do {
                let trainer = try await session.createTrainer(
                    baseModel: baseModel(recipe), loraRank: rank(recipe), seed: Int(recipe.seed))
                let fleet: FleetTrainer?
                do {
                    fleet = try await recipe.sampler.fleetTrainer(
                        trainer, recipe: recipe, checkpointDirectory: directories.checkpoints, transport: transport,
                        notice: notice)
                } catch {
                    await trainer.close()
                    throw error
                }
                return BackendConnection(
                    recipe, directories: directories, trainer: trainer, fleet: fleet, session: session,
                    transport: transport, server: server)
            } catch {
                await session.close()
                throw error
            }
        }
    }

    /// The profile to train by: what the probe finds, or what is known of the embedded server; over it lie the facts that the
    /// recipe states.
    /// - Parameter alwaysMeasures: whether the embedded server is measured too, and one that the recipe says not to measure.
    static func profile(
        _ recipe: Recipe, directories: Directories, alwaysMeasures: Bool = false,
        notice: @escaping @Sendable (String) -> Void
    ) async throws -> ProfileRecord {
        let backend = recipe.backend
        var record: ProfileRecord
        if backend.kind == .embedded, !alwaysMeasures {
            record = ProfileRecord(assuming: .embedded, source: "this program's own backend")
        } else if !backend.probes, !alwaysMeasures {
            record = ProfileRecord(
                assuming: backend.kind.profile, source: "backend.kind, because backend.probe is false")
        } else {
            notice("measuring the backend on a model that is thrown away")
            record = try await reach(recipe, directories) { endpoint, transport, server in
                let record = try await BackendProbe.run(
                    endpoint, transport: transport, baseModel: baseModel(recipe), loraRank: rank(recipe), notice: notice
                )
                transport.shutdown()
                await server?.stop()
                return record
            }
        }
        for (field, value) in backend.facts {
            if record.profile[field] != value {
                notice(
                    "backend.profile sets \(field.rawValue) to \(value.text); otherwise it would be "
                        + "\(record.profile[field].text) (\(record.origin(of: field).kind))")
            }
            try record.set(field, to: value, origin: .recipe)
        }
        return record
    }

    /// Starts the embedded server if that is what the recipe wants, and stops it again where `work` fails.
    private static func reach<Value>(
        _ recipe: Recipe, _ directories: Directories,
        _ work: (TinkerEndpoint, HTTPClient, EmbeddedServer?) async throws -> Value
    ) async throws -> Value {
        let server = try embeddedServer(recipe, directories)
        let endpoint: TinkerEndpoint
        if let server {
            endpoint = TinkerEndpoint(
                baseURL: try await server.server.start(), apiKey: server.key, profile: .embedded,
                maximumConcurrentSamples: recipe.agent.concurrency)
        } else {
            endpoint = try remoteEndpoint(recipe)
        }
        let transport = HTTPClient()
        do {
            return try await work(endpoint, transport, server?.server)
        } catch {
            transport.shutdown()
            await server?.server.stop()
            throw error
        }
    }

    static func baseModel(_ recipe: Recipe) -> String {
        recipe.backend.kind == .embedded ? embeddedModel : recipe.model.base
    }

    static func rank(_ recipe: Recipe) -> Int? { recipe.model.loraRank == 0 ? nil : recipe.model.loraRank }

    private static func embeddedServer(
        _ recipe: Recipe, _ directories: Directories
    ) throws -> (server: EmbeddedServer, key: String)? {
        guard recipe.backend.kind == .embedded else { return nil }
        let key = try EmbeddedServerConfiguration.randomAPIKey()
        let server = try EmbeddedServer(
            configuration: EmbeddedServerConfiguration(
                apiKey: key, models: [embeddedModel: directories.model],
                checkpointDirectory: directories.checkpoints, threads: recipe.backend.threadCount))
        return (server, key)
    }

    private static func remoteEndpoint(_ recipe: Recipe) throws(RecipeError) -> TinkerEndpoint {
        let variable = recipe.backend.apiKeyVariable
        let key = ProcessInfo.processInfo.environment[variable]
        guard key != nil || recipe.backend.kind == .skyrl else {
            throw RecipeError(problems: [
                .init(
                    place: recipe.places["backend.api_key_env"] ?? .init(source: recipe.name, line: 0),
                    text: "backend.api_key_env names \(variable), but that environment variable is not set")
            ])
        }
        return TinkerEndpoint(
            baseURL: recipe.backend.url ?? "", apiKey: key, apiKeyVariable: variable,
            profile: recipe.backend.kind.profile, maximumConcurrentSamples: recipe.agent.concurrency)
    }

    /// Frees the models, ends the session and stops the embedded server.
    func close() async {
        for reference in references.withLock({ $0 }) { await reference.unload() }
        await policyTrainer.close()
        await session.close()
        transport.shutdown()
        await server?.stop()
    }
}
