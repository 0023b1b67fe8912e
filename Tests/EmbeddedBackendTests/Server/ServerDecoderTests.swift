import Foundation
import Primitives
import Testing

@testable import EmbeddedBackend

/// The server with the real decoder: numbers survive the wire bit for bit.
@Suite struct ServerDecoderTests {
    private static func with(_ body: (ServerFixture) async throws -> Void) async throws {
        let directory = ServerFixture.temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let base = directory + "/base"
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        let configuration = DecoderConfiguration(
            vocabularySize: 64, hiddenSize: 16, intermediateSize: 32, layerCount: 2, headCount: 2,
            keyValueHeadCount: 1, headSize: 8, ropeTheta: 10_000, maximumPositions: 48, endOfTextToken: 1)
        try DecoderWeights.random(configuration, seed: 1).save(directory: base)
        let server = try EmbeddedServer(
            configuration: EmbeddedServerConfiguration(
                apiKey: ServerFixture.key, models: ["tiny": base], checkpointDirectory: directory + "/checkpoints",
                threads: 2))
        let fixture = ServerFixture(
            server: server, baseURL: try await server.start(), directory: directory, log: EngineLog())
        do { try await body(fixture) } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private static func logprobs(
        _ server: ServerFixture, _ model: String, _ sequence: Int, tokens: [TokenID]
    ) async throws -> [Float] {
        let datum = ServerFixture.datum(
            Array(tokens.dropLast()), targets: Array(tokens.dropFirst()),
            weights: [Float](repeating: 1, count: tokens.count - 1))
        let result = try await server.run(
            "forward",
            [
                "forward_input": ["data": [datum], "loss_fn": "cross_entropy"], "model_id": .string(model),
                "seq_id": .integer(sequence),
            ])
        return result["loss_fn_outputs"]?.arrayValue?.first?["logprobs"]?["data"]?.floatsValue ?? []
    }

    @Test func samplerAndTrainerAgreeAfterTrainingSavingAndLoading() async throws {
        try await Self.with { server in
            let session = try await server.makeSession()
            let model = try await server.makeModel(session)
            for step in 0..<3 {
                let batch = ServerFixture.batch(model, 2 * step + 1, weights: [1, 1, 1])
                let promise = try await server.ok("forward_backward", batch)
                let stepped = try await server.run(
                    "optim_step", ServerFixture.step(model, 2 * step + 2, learningRate: 0.01, clip: 1))
                let norm = stepped["metrics"]?["grad_norm:mean"]?.doubleValue
                #expect((norm ?? 0) > 0)
                #expect(try await server.result(of: promise)["metrics"]?["loss:sum"] != nil)
            }
            let published = try await server.run(
                "save_weights_for_sampler",
                ["model_id": .string(model), "sampling_session_seq_id": 0, "seq_id": 7])
            let sampled = try await server.run(
                "asample",
                [
                    "num_samples": 4, "prompt": ["chunks": [["tokens": [3, 10, 20], "type": "encoded_text"]]],
                    "sampling_params": ["max_tokens": 12, "seed": 5, "stop": []], "prompt_logprobs": true, "seq_id": 0,
                    "sampling_session_id": published["sampling_session_id"] ?? .null, "type": "sample",
                ])
            let prompt = (sampled["prompt_logprobs"]?.arrayValue ?? []).compactMap(\.doubleValue).map { Float($0) }
            #expect(prompt.count == 2)
            let saved = try await server.run("save_weights", ServerFixture.save(model, 8, "trained"))
            let other = try await server.makeModel(session, sequence: 1)
            _ = try await server.run(
                "load_weights",
                ["model_id": .string(other), "seq_id": 1, "path": saved["path"] ?? .null, "optimizer": true])
            for (index, sequence) in (sampled["sequences"]?.arrayValue ?? []).enumerated() {
                let tokens = [3, 10, 20] + (try sequence.tokens(at: "tokens"))
                let expected = prompt + (try sequence.floats(at: "logprobs"))
                #expect(try await Self.logprobs(server, model, 9 + index, tokens: tokens) == expected)
                #expect(try await Self.logprobs(server, other, 2 + index, tokens: tokens) == expected)
            }
        }
    }

    @Test func aCheckpointOfAnotherShapeIsRefusedByName() async throws {
        try await Self.with { server in
            let session = try await server.makeSession()
            let model = try await server.makeModel(session)
            let saved = try await server.run("save_weights", ServerFixture.save(model, 1, "a"))
            let file = server.directory + "/checkpoints/\(model)/weights/a/config.json"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            try text.replacingOccurrences(of: "\"rope_theta\":10000", with: "\"rope_theta\":20000").write(
                toFile: file, atomically: true, encoding: .utf8)
            let result = try await server.run(
                "load_weights",
                ["model_id": .string(model), "seq_id": 2, "path": saved["path"] ?? .null, "optimizer": false])
            #expect(result["category"] == "user")
            #expect(result["error"]?.stringValue?.contains("another model") == true)
        }
    }

    @Test func pendingGradientsAreNotSaved() async throws {
        try await Self.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            _ = try await server.run("forward_backward", ServerFixture.batch(model, 1))
            let result = try await server.run("save_weights", ServerFixture.save(model, 2, "a"))
            #expect(result["category"] == "user")
            #expect(result["error"]?.stringValue?.contains("optim_step") == true)
        }
    }
}
