import Foundation
import Primitives
import Testing
import TinkerProtocol

@testable import Backends

/// Replays traffic recorded between the Tinker SDK 0.25.0 and SkyRL's main branch, in dialect P1.
@Suite(.enabled(if: SharedData.isPresent, "needs ../shared/protocol/traces"))
struct RecordedProtobufTrafficTests {
    private struct Exchange: Sendable {
        let path: String
        let request: JSONValue
        let status: Int
        let reply: ScriptedServer.Reply
    }

    private static func bytes(_ value: JSONValue?) -> [UInt8]? {
        value?["base64"]?.stringValue.flatMap { Data(base64Encoded: $0) }.map { [UInt8]($0) }
    }

    private static func exchanges() throws -> [Exchange] {
        try SharedData.trace(SharedData.protobufTraceName).map { line in
            let response = line["resp"] ?? .null
            let status = try line.integer(at: "status")
            return Exchange(
                path: String(try line.string(at: "path").dropFirst("/api/v1/".count)), request: line["req"] ?? .null,
                status: status,
                reply: bytes(response).map { .bytes($0, contentType: WireDialect.mediaType, status: status) }
                    ?? .json(response.text, status: status))
        }
    }

    @Test func theRecordedRunIsRepeated() async throws {
        let exchanges = try Self.exchanges()
        let backend = try TestBackend { request, path, earlier in
            if path == "retrieve_future" {
                let identifier = try? JSONValue.parse(request.body)["request_id"]
                return exchanges.first { $0.path == path && $0.request["request_id"] == identifier }?.reply
            }
            return exchanges.filter { $0.path == path }.dropFirst(earlier).first?.reply
        }
        defer { backend.stop() }

        // The server's profile: it is asked for no weights by policy losses, as the SDK was.
        let session = try await backend.session(.tinker, dialect: .protobuf)
        let trainer = try await session.createTrainer(baseModel: "/models/tiny-qwen3", loraRank: 8, seed: 1)
        #expect(trainer.modelIdentifier == "model_d5b0f5ea")
        let supervised = Datum(supervised: [3, 10, 20, 30, 40], weights: [0, 0, 1, 1, 1])
        let before = try await trainer.forward([supervised])
        // The recorded logprobs are those of dialect J, in which the same run was recorded too, to the last bit or two.
        let expected: [Float] = [-6.022706508636475, -6.208038806915283, -6.017672061920166, -6.379852294921875]
        #expect(zip(before[0], expected).allSatisfy { abs($0 - $1) < 2e-6 })
        let adam = AdamParameters(learningRate: 0.001)
        let step = try await trainer.trainStep([supervised], loss: .crossEntropy, optimizer: adam)
        #expect(step.gradientNorm == 11.057781219482422)

        let sampler = try await trainer.publishSampler(policyVersion: 1)
        let sequences = try await sampler.sample(
            prompt: [3, 10, 20], count: 2, parameters: SamplingParameters(maxTokens: 4, stopTokens: [2], seed: 7))
        #expect(sequences.map(\.tokens) == [[254, 117, 370, 449], [254, 483, 507, 49]])
        #expect(sequences[0].logprobs[3] == -6.045275688171387)
        #expect(sequences.allSatisfy { $0.stopReason == .length })
        let policy = Datum(
            inputTokens: [3, 10, 20, 254, 117, 370], targetTokens: [10, 20, 254, 117, 370, 449],
            weights: [0, 0, 1, 1, 1, 1], logprobs: [0, 0] + sequences[0].logprobs, advantages: [0, 0, 1, 1, 1, 1])
        let second = try await trainer.trainStep(
            [policy], loss: .ppo(clipLow: 0.8, clipHigh: 1.2), optimizer: adam)
        #expect(second.logprobs[0].suffix(4) == sequences[0].logprobs[...])
        #expect(second.gradientNorm == 6.209887504577637)

        // Our bodies are the SDK's, but for the order of map entries, which is free.
        let recorded = exchanges.filter { $0.path == "forward_backward" }.compactMap { Self.bytes($0.request) }
        let sent = backend.requests("forward_backward").map(\.body)
        #expect(sent.count == recorded.count)
        for (ours, theirs) in zip(sent, recorded) {
            var message = try TinkerPublic_ForwardBackwardRequest(serializedBytes: ours)
            // SDK 0.25 does not yet repeat the configuration.
            #expect(message.lossFnConfigV2.mapValues(\.number) == message.lossFnConfig)
            message.lossFnConfigV2 = [:]
            #expect(message == (try TinkerPublic_ForwardBackwardRequest(serializedBytes: theirs)))
            let size: [UInt8] = try message.serializedBytes()
            #expect(size.count == theirs.count)
        }
    }
}
