import Backends
import EmbeddedBackend
import Foundation
import Storage
import Transport

/// A backend that a run trains on: the server (started here if it is the embedded one), the session and the trainer.
final class BackendConnection: Sendable {
    let trainer: TinkerTrainer
    /// The trainer, or what wraps it where rollouts are drawn from a fleet of their own.
    let policyTrainer: any PolicyTrainer
    private let session: TinkerSession
    private let transport: HTTPClient
    private let server: EmbeddedServer?

    private init(
        trainer: TinkerTrainer, fleet: FleetTrainer?, session: TinkerSession, transport: HTTPClient,
        server: EmbeddedServer?
    ) {
        self.trainer = trainer
        if let fleet { policyTrainer = fleet } else { policyTrainer = trainer }
        self.session = session
        self.transport = transport
        self.server = server
    }

    /// The name under which the embedded server offers the recipe's model.
    private static let embeddedModel = "base"

    /// - Parameters:
    ///   - modelDirectory: what the embedded backend trains.
    ///   - checkpointDirectory: where the embedded backend keeps trainer states.
    static func open(
        _ recipe: Recipe, modelDirectory: String, checkpointDirectory: String,
        notice: @escaping @Sendable (String) -> Void
    ) async throws -> BackendConnection {
        let server = try embeddedServer(recipe, model: modelDirectory, checkpoints: checkpointDirectory)
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
            let session = try await TinkerSession.connect(
                endpoint, transport: transport, tags: ["medresearcher", recipe.name], notice: notice)
            let rank = recipe.model.loraRank
            let trainer = try await session.createTrainer(
                baseModel: server == nil ? recipe.model.base : embeddedModel, loraRank: rank == 0 ? nil : rank,
                seed: Int(recipe.seed))
            let fleet: FleetTrainer?
            do {
                fleet = try await recipe.sampler.fleetTrainer(
                    trainer, recipe: recipe, checkpointDirectory: checkpointDirectory, transport: transport,
                    notice: notice)
            } catch {
                await trainer.close()
                throw error
            }
            return BackendConnection(
                trainer: trainer, fleet: fleet, session: session, transport: transport, server: server?.server)
        } catch {
            transport.shutdown()
            await server?.server.stop()
            throw error
        }
    }

    private static func embeddedServer(
        _ recipe: Recipe, model: String, checkpoints: String
    ) throws -> (server: EmbeddedServer, key: String)? {
        guard recipe.backend.kind == .embedded else { return nil }
        let key = try EmbeddedServerConfiguration.randomAPIKey()
        let server = try EmbeddedServer(
            configuration: EmbeddedServerConfiguration(
                apiKey: key, models: [embeddedModel: model], checkpointDirectory: checkpoints,
                threads: recipe.backend.threadCount))
        return (server, key)
    }

    private static func remoteEndpoint(_ recipe: Recipe) throws(RecipeError) -> TinkerEndpoint {
        let variable = recipe.backend.apiKeyVariable
        let key = ProcessInfo.processInfo.environment[variable]
        guard key != nil || recipe.backend.kind == .skyrl else {
            throw RecipeError(problems: [
                .init(
                    place: .init(source: recipe.name, line: 0),
                    text: "backend.api_key_env names \(variable), but that environment variable is not set")
            ])
        }
        return TinkerEndpoint(
            baseURL: recipe.backend.url ?? "", apiKey: key, apiKeyVariable: variable,
            profile: recipe.backend.kind == .skyrl ? .skyRL : .tinker,
            maximumConcurrentSamples: recipe.agent.concurrency)
    }

    /// Frees the model, ends the session and stops the embedded server.
    func close() async {
        await policyTrainer.close()
        await session.close()
        transport.shutdown()
        await server?.stop()
    }
}

extension BackendSection {
    var threadCount: Int { threads > 0 ? threads : ProcessInfo.processInfo.activeProcessorCount }
}
