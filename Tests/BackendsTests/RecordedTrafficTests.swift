import Primitives
import Synchronization
import Testing
import Transport

@testable import Backends

/// Replays traffic recorded between the Tinker SDK 0.24.1 and SkyRL 0.3.0: our requests must look like the SDK's, and the
/// server's answers must be understood.
@Suite(.enabled(if: SharedData.isPresent, "needs ../shared/protocol/traces"))
struct RecordedTrafficTests {
    private struct Exchange: Sendable {
        let path: String
        let request: JSONValue
        let response: JSONValue
    }

    private static func exchanges() throws -> [Exchange] {
        try SharedData.trace().map {
            Exchange(
                path: String(try $0.string(at: "path").dropFirst("/api/v1/".count)), request: $0["req"] ?? .null,
                response: $0["resp"] ?? .null)
        }
    }

    /// Answers each request with the next recorded answer of its path, and each poll with the recorded result.
    private static func replay(_ exchanges: [Exchange]) throws -> TestBackend {
        try TestBackend { request, path, earlier in
            if path == "retrieve_future" {
                let identifier = try? JSONValue.parse(request.body)["request_id"]
                let match = exchanges.first { $0.path == path && $0.request["request_id"] == identifier }
                return match.map { .json($0.response.text) }
            }
            return exchanges.filter { $0.path == path }.dropFirst(earlier).first.map { .json($0.response.text) }
        }
    }

    /// Keys and types, without values; keys in alphabetical order.
    private static func shape(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object):
            let members = object.members.sorted { $0.key < $1.key }
            return .object(members.reduce(into: JSONObject()) { $0[$1.key] = shape($1.value) })
        case .array(let elements): return .array(elements.first.map { [shape($0)] } ?? [])
        default: return .string(value.kind)
        }
    }

    /// Drives every recorded operation, in the recorded order.
    private static func drive(_ backend: TestBackend, _ profile: BackendProfile) async throws {
        let session = try await backend.session(profile)
        let trainer = try await session.createTrainer(baseModel: "/models/tiny-qwen3", loraRank: 8, seed: 1)
        #expect(trainer.modelIdentifier == "model_b6573e98")
        let supervised = Datum(supervised: [3, 10, 20, 30, 40], weights: [0, 0, 1, 1, 1])
        let before = try await trainer.forward([supervised])
        #expect(before == [[-6.022706508636475, -6.208038806915283, -6.017672061920166, -6.379852294921875]])
        let adam = AdamParameters(learningRate: 0.001)
        let step = try await trainer.trainStep([supervised], loss: .crossEntropy, optimizer: adam)
        #expect(step.loss == nil)
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
        let ppo = try await trainer.trainStep(
            [policy], loss: .ppo(clipLow: 0.8, clipHigh: 1.2), optimizer: adam)
        #expect(ppo.logprobs[0].suffix(4) == sequences[0].logprobs[...])
        #expect(try await trainer.saveState(named: "ck1795406462") == "tinker://model_b6573e98/weights/ck1795406462")

        let named = try await session.createSampler(
            modelPath: "tinker://model_b6573e98/smp1795406464", policyVersion: 2)
        #expect(named.samplingSession == "sampling_25876fe6")
        let second = try await session.createTrainer(baseModel: "/models/tiny-qwen3", loraRank: 8, seed: 1)
        try await second.loadState(from: "tinker://model_b6573e98/weights/ck1795406462")
    }

    @Test func everyRequestLooksLikeTheSDKs() async throws {
        let exchanges = try Self.exchanges()
        let backend = try Self.replay(exchanges)
        defer { backend.stop() }
        try await Self.drive(backend, .tinker)
        for path in [
            "client/config", "create_session", "create_model", "forward", "forward_backward", "optim_step",
            "save_weights_for_sampler", "save_weights", "create_sampling_session", "load_weights", "retrieve_future",
        ] {
            let recorded = try #require(exchanges.first { $0.path == path }).request
            let sent = try #require(backend.bodies(path).first)
            #expect(Self.shape(sent) == Self.shape(recorded), "\(path)")
        }
        // Values, too, where they do not depend on the client's name for things.
        let recorded = exchanges.filter { ["forward", "forward_backward", "optim_step"].contains($0.path) }
        let sent = ["forward", "forward_backward", "optim_step"].flatMap { backend.bodies($0) }
        let sentRequests = sent.map(Self.sorted)
        for exchange in recorded {
            #expect(sentRequests.contains(Self.sorted(exchange.request)), "\(exchange.path)")
        }
    }

    /// We name stop tokens, send narrow seeds and leave out options that we do not use.
    @Test func samplingRequestsDifferOnlyWhereIntended() async throws {
        let exchanges = try Self.exchanges()
        let backend = try Self.replay(exchanges)
        defer { backend.stop() }
        try await Self.drive(backend, .tinker)
        var recorded = try #require(exchanges.first { $0.path == "asample" }?.request.objectValue)
        recorded["prompt_logprobs"] = nil
        recorded["topk_prompt_logprobs"] = nil
        var parameters = try #require(recorded["sampling_params"]?.objectValue)
        parameters["stop"] = [2]
        // 1 in narrow seeds, whose last eight bits are left to the samples of a request.
        parameters["seed"] = 0
        recorded["sampling_params"] = .object(parameters)
        let sent = try #require(backend.bodies("asample").first)
        #expect(Self.sorted(sent) == Self.sorted(.object(recorded)))
    }

    @Test func skyRLGetsWeightsWithPolicyLosses() async throws {
        let backend = try Self.replay(try Self.exchanges())
        defer { backend.stop() }
        let trainer = try await backend.session(.skyRL).createTrainer(baseModel: "base", loraRank: 8, seed: 1)
        let datum = Datum.example(count: 4)
        _ = try await trainer.trainStep(
            [datum], loss: .importanceSampling, optimizer: AdamParameters(learningRate: 0.001))
        let input = backend.bodies("forward_backward").first?["forward_backward_input"]
        let inputs = input?["data"]?.arrayValue?.first?["loss_fn_inputs"]
        #expect(inputs?["weights"]?["data"]?.floatsValue == datum.weights)
    }

    private static func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object):
            let members = object.members.sorted { $0.key < $1.key }
            return .object(members.reduce(into: JSONObject()) { $0[$1.key] = sorted($1.value) })
        case .array(let elements): return .array(elements.map(sorted))
        default: return value
        }
    }
}
