import EmbeddedBackend
import Foundation
import Transport

@testable import Backends

/// The embedded server with a real, tiny model of random weights, over real HTTP.
enum TinyServer {
    /// The name of the model.
    static let model = "tiny"
    private static let key = "tml-embedded-test"

    /// Runs `body` with a server of its own, which is stopped and removed afterwards.
    static func with(
        _ body: (_ endpoint: TinkerEndpoint, _ checkpoints: EmbeddedCheckpoints) async throws -> Void
    ) async throws {
        let directory = NSTemporaryDirectory() + "medresearcher-backends-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let base = directory + "/base"
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        let shape = DecoderConfiguration(
            vocabularySize: 64, hiddenSize: 32, intermediateSize: 64, layerCount: 2, headCount: 2,
            keyValueHeadCount: 1, headSize: 16, ropeTheta: 10_000, maximumPositions: 128, endOfTextToken: 63)
        try DecoderWeights.random(shape, seed: 1).save(directory: base)
        let server = try EmbeddedServer(
            configuration: EmbeddedServerConfiguration(
                apiKey: key, models: [model: base], checkpointDirectory: directory + "/checkpoints", threads: 1))
        let url = try await server.start()
        do {
            try await body(
                TinkerEndpoint(baseURL: url, apiKey: key, profile: .embedded),
                EmbeddedCheckpoints(directory: directory + "/checkpoints"))
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }
}
