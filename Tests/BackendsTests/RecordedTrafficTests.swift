import Primitives
import Testing

@testable import Backends

/// Replays traffic recorded between the Tinker SDK 0.24.1 and SkyRL 0.3.0: our requests must look like the SDK's, and the
/// server's answers must be understood.
@Suite(.enabled(if: RecordedTrace.arePresent, "needs ../shared/protocol/traces"))
struct RecordedTrafficTests {
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
    private static func drive(_ replay: TraceReplay) async throws {
        let session = try await replay.backend.session(.tinker)
        let (trainer, _) = try await replay.runTraining(of: "model_b6573e98", in: session, logprobTolerance: 0)
        #expect(try await trainer.saveState(named: "ck1795406462") == "tinker://model_b6573e98/weights/ck1795406462")

        let named = try await session.createSampler(
            modelPath: "tinker://model_b6573e98/smp1795406464", policyVersion: 2)
        #expect(named.samplingSession == "sampling_25876fe6")
        let second = try await session.createTrainer(baseModel: "/models/tiny-qwen3", loraRank: 8, seed: 1)
        try await second.loadState(from: "tinker://model_b6573e98/weights/ck1795406462")
    }

    @Test func everyRequestLooksLikeTheSDKs() async throws {
        let replay = try TraceReplay(.json)
        let (backend, exchanges) = (replay.backend, replay.exchanges)
        defer { backend.stop() }
        try await Self.drive(replay)
        for path in [
            "client/config", "create_session", "create_model", "forward", "forward_backward", "optim_step",
            "save_weights_for_sampler", "save_weights", "create_sampling_session", "load_weights", "retrieve_future",
        ] {
            let recorded = try #require(exchanges.first { $0.path == path }).request.json
            let sent = try #require(backend.bodies(path).first)
            #expect(Self.shape(sent) == Self.shape(recorded), "\(path)")
        }
        // Values, too, where they do not depend on the client's name for things.
        let recorded = exchanges.filter { ["forward", "forward_backward", "optim_step"].contains($0.path) }
        let sent = ["forward", "forward_backward", "optim_step"].flatMap { backend.bodies($0) }
        let sentRequests = sent.map(Self.sorted)
        for exchange in recorded {
            #expect(sentRequests.contains(Self.sorted(exchange.request.json)), "\(exchange.path)")
        }
    }

    /// We name stop tokens, send narrow seeds and leave out options that we do not use.
    @Test func samplingRequestsDifferOnlyWhereIntended() async throws {
        let replay = try TraceReplay(.json)
        let (backend, exchanges) = (replay.backend, replay.exchanges)
        defer { backend.stop() }
        try await Self.drive(replay)
        var recorded = try #require(exchanges.first { $0.path == "asample" }?.request.json.objectValue)
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
        let backend = try TraceReplay(.json).backend
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
