import Primitives
import Synchronization
import Testing

@testable import Backends

@Suite struct SamplerTests {
    private let parameters = SamplingParameters(maxTokens: 4, stopTokens: [8, 9], seed: 70)

    private func sampleError(_ result: String) async throws -> BackendError? {
        let backend = try TestBackend { _, path, earlier in path == "retrieve_future" ? .json(result) : nil }
        defer { backend.stop() }
        let sampler = try await backend.session().createSampler(baseModel: "base", policyVersion: 0)
        return await backendError { () async throws(BackendError) in
            try await sampler.sample(prompt: [1, 2], count: 1, parameters: parameters)
        }
    }

    @Test func samplesCarryTokensLogprobsAndReason() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let sampler = try await backend.session().createSampler(baseModel: "base", policyVersion: 3)
        let sequences = try await sampler.sample(prompt: [1, 2], count: 2, parameters: parameters)
        let expected = SampledSequence(tokens: [7, 8], logprobs: [-0.5, -0.25], stopReason: .stop)
        #expect(sequences == [expected, expected])
        #expect(sampler.policyVersion == 3)
        let body = try #require(backend.bodies("asample").first)
        #expect(body["num_samples"] == 2)
        #expect(body["prompt"]?["chunks"]?.arrayValue?.first?["tokens"]?.tokensValue == [1, 2])
        #expect(body["sampling_params"]?["stop"]?.tokensValue == [8, 9])
        #expect(body["sampling_params"]?["max_tokens"] == 4)
        #expect(body["sampling_params"]?["seed"] == 70)
        #expect(body["sampling_session_id"] == "sampling_9")
        #expect(backend.requests("asample").first?.headers["x-tinker-sampling-backpressure"] == "1")
    }

    @Test func stopTextsAreSentInPlaceOfTokens() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let sampler = try await backend.session().createSampler(baseModel: "base", policyVersion: 0)
        var parameters = parameters
        parameters.stopTokens = []
        parameters.stopTexts = ["\n\nUser:"]
        _ = try await sampler.sample(prompt: [1], count: 1, parameters: parameters)
        let body = try #require(backend.bodies("asample").first)
        #expect(body["sampling_params"]?["stop"] == ["\n\nUser:"])
    }

    @Test func publishingMakesASamplerOfTheCurrentWeights() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let trainer = try await backend.trainer()
        for version in 0..<3 {
            #expect(try await trainer.publishSampler(policyVersion: version).policyVersion == version)
        }
        let bodies = backend.bodies("save_weights_for_sampler")
        #expect(bodies.map { $0["sampling_session_seq_id"] } == [0, 1, 2])
        #expect(bodies.map { $0["seq_id"] } == [1, 2, 3])
        #expect(bodies.allSatisfy { $0["path"] == nil })
    }

    @Test func requestsOfOneSamplerAreNumbered() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let sampler = try await backend.session().createSampler(modelPath: "tinker://x", policyVersion: 0)
        for _ in 0..<3 { _ = try await sampler.sample(prompt: [1], count: 1, parameters: parameters) }
        #expect(backend.bodies("asample").map { $0["seq_id"] } == [0, 1, 2])
        #expect(backend.bodies("create_sampling_session").first?["model_path"] == "tinker://x")
    }

    @Test(arguments: [
        #"{"sequences":[]}"#, #"{"sequences":{}}"#, "{}",
        #"{"sequences":[{"stop_reason":"stop","tokens":[7,8],"logprobs":[-0.5]}]}"#,
        #"{"sequences":[{"stop_reason":"stop","tokens":[7,8],"logprobs":null}]}"#,
        #"{"sequences":[{"stop_reason":"stop","tokens":[7,8],"logprobs":[-0.5,"x"]}]}"#,
        #"{"sequences":[{"stop_reason":"stop","tokens":[7,-8],"logprobs":[-0.5,-0.5]}]}"#,
        #"{"sequences":[{"stop_reason":"stop","tokens":[7,99999999999],"logprobs":[-0.5,-0.5]}]}"#,
        #"{"sequences":[{"stop_reason":"stop","tokens":[1.5],"logprobs":[-0.5]}]}"#,
        #"{"sequences":[{"stop_reason":"length","tokens":[1,2,3,4,5],"logprobs":[-1,-1,-1,-1,-1]}]}"#,
        #"{"sequences":[{"stop_reason":"tired","tokens":[7],"logprobs":[-0.5]}]}"#,
        #"{"sequences":[{"tokens":[7],"logprobs":[-0.5]}]}"#,
        #"{"sequences":[{"stop_reason":"stop","tokens":[7],"logprobs":[-Infinity]}]}"#,
    ])
    func aSampleThatIsNotAsPromisedIsGarbage(result: String) async throws {
        let error = try await sampleError(result)
        #expect(error?.kind == "garbage")
        #expect(error?.description.contains("sample") == true || error?.description.contains("retrieve_future") == true)
    }

    @Test func samplingIsRepeatedEvenWhereTrainingIsNot() async throws {
        let failures: [ScriptedServer.Reply] = [
            .reset(after: ""), .json("{}", status: 500), .json("{}", status: 429),
        ]
        let backend = try TestBackend { _, path, earlier in
            path == "asample" && earlier < failures.count ? failures[earlier] : nil
        }
        defer { backend.stop() }
        let sampler = try await backend.session(.skyRL).createSampler(baseModel: "base", policyVersion: 0)
        #expect(try await sampler.sample(prompt: [1], count: 1, parameters: parameters).count == 1)
        let requests = backend.requests("asample")
        #expect(requests.count == 4)
        #expect(Set(requests.map(\.body)).count == 1)
    }

    @Test func noMoreRequestsAreInFlightThanAllowed() async throws {
        let flight = Atomically((now: 0, most: 0))
        let backend = try TestBackend { _, path, _ in
            if path == "asample" {
                flight.update { flight in
                    flight.now += 1
                    flight.most = max(flight.most, flight.now)
                }
            }
            if path == "retrieve_future" { flight.update { $0.now -= 1 } }
            return nil
        }
        defer { backend.stop() }
        var endpoint = backend.endpoint()
        endpoint.maximumConcurrentSamples = 3
        let session = try await TinkerSession.connect(endpoint, transport: backend.client)
        let sampler = try await session.createSampler(baseModel: "base", policyVersion: 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<40 {
                group.addTask { [parameters] in
                    _ = try await sampler.sample(prompt: [1], count: 1, parameters: parameters)
                }
            }
            try await group.waitForAll()
        }
        #expect(flight.value.most <= 3)
        #expect(backend.requests("asample").count == 40)
    }

    @Test func aCancelledSampleStopsWaiting() async throws {
        let gate = Gate(opensAt: 1)
        let backend = try TestBackend { _, path, _ in
            guard path == "retrieve_future" else { return nil }
            gate.arrive()
            return .silence
        }
        defer { backend.stop() }
        let sampler = try await backend.session().createSampler(baseModel: "base", policyVersion: 0)
        let task = Task { [parameters] in
            await backendError { () async throws(BackendError) in
                try await sampler.sample(prompt: [1], count: 1, parameters: parameters)
            }
        }
        await gate.opened()
        task.cancel()
        #expect(await task.value?.kind == "cancelled")
    }

    @Test func emptyRequestsAreRefused() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let sampler = try await backend.session().createSampler(baseModel: "base", policyVersion: 0)
        let error = await backendError { () async throws(BackendError) in
            try await sampler.sample(prompt: [], count: 1, parameters: parameters)
        }
        #expect(error?.kind == "invalidRequest")
    }
}
