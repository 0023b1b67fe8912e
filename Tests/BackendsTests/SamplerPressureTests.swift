import Primitives
import Testing

@testable import Backends

/// What the client says of a server that wants to be asked less.
@Suite struct SamplerPressureTests {
    private let parameters = SamplingParameters(maxTokens: 4, stopTokens: [8, 9], seed: 70)

    @Test func aServerThatTakesEverythingExertsNone() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let sampler = try await backend.session().createSampler(baseModel: "base", policyVersion: 0)
        for _ in 0..<3 { _ = try await sampler.sample(prompt: [1], count: 1, parameters: parameters) }
        #expect(sampler.pressure == .none)
    }

    @Test func refusalsForNowAreCountedForAllSamplersOfASession() async throws {
        let backend = try TestBackend { _, path, earlier in
            path == "asample" && earlier < 3 ? .json(#"{"detail":"later"}"#, status: 429) : nil
        }
        defer { backend.stop() }
        let session = try await backend.session()
        let sampler = try await session.createSampler(baseModel: "base", policyVersion: 0)
        let other = try await session.createSampler(baseModel: "base", policyVersion: 1)
        _ = try await sampler.sample(prompt: [1], count: 1, parameters: parameters)
        #expect(sampler.pressure.refusals == 3)
        // Three pauses of the test policy's 2 ms.
        #expect(abs(sampler.pressure.pausedSeconds - 0.006) < 1e-9)
        #expect(other.pressure == sampler.pressure)
        let before = sampler.pressure
        _ = try await other.sample(prompt: [1], count: 1, parameters: parameters)
        #expect(!other.pressure.hasGrown(since: before))
    }

    @Test(arguments: [
        (#"{"type":"try_again","request_id":"1","queue_state":"paused_capacity"}"#, 200, 2),
        (#"{"type":"try_again","request_id":"1","queue_state":"paused_rate_limit"}"#, 200, 2),
        (#"{"queue_state":"paused_capacity"}"#, 408, 2), (#"{"detail":"slow down"}"#, 429, 2),
        (#"{"type":"try_again","request_id":"1","queue_state":"active"}"#, 200, 0), ("", 408, 0),
        (#"{"detail":"stumbled"}"#, 503, 0),
    ])
    func samplesThatWaitForTheirTurnAreCounted(answer: String, status: Int, refusals: Int) async throws {
        let backend = try TestBackend { _, path, earlier in
            path == "retrieve_future" && earlier < 2 ? .json(answer, status: status) : nil
        }
        defer { backend.stop() }
        let sampler = try await backend.session().createSampler(baseModel: "base", policyVersion: 0)
        _ = try await sampler.sample(prompt: [1], count: 1, parameters: parameters)
        #expect(sampler.pressure.refusals == refusals)
        #expect((sampler.pressure.pausedSeconds > 0) == (refusals > 0))
    }

    /// A training step that waits says nothing of the room for samples.
    @Test func trainingExertsNone() async throws {
        let backend = try TestBackend { _, path, earlier in
            // The first poll belongs to create_model.
            path == "retrieve_future" && 1...3 ~= earlier
                ? .json(#"{"type":"try_again","queue_state":"paused_capacity"}"#) : nil
        }
        defer { backend.stop() }
        let trainer = try await backend.trainer()
        _ = try await trainer.forward([.example(count: 3)])
        #expect(try await trainer.publishSampler(policyVersion: 0).pressure == .none)
    }

    @Test(arguments: [FleetEndpoint.Kind.vllm, .sglang]) func busyEnginesAreCounted(kind: FleetEndpoint.Kind)
        async throws
    {
        let standIn = try FleetStandIn(kind)
        defer { standIn.kill() }
        let fleet = try await RolloutFleet.connect(.test([standIn]), transport: .init())
        try await fleet.publish(FleetWeights(name: "medresearcher-a", directory: "/a"))
        standIn.fail(
            kind == .vllm ? "/inference/v1/generate" : "/generate", [.status(429), .status(503), .status(500)])
        _ = try await fleet.sample(
            prompt: [1, 2], count: 1, parameters: parameters, weights: "medresearcher-a")
        #expect(fleet.pressure.refusals == 2)
        await fleet.close()
    }
}
