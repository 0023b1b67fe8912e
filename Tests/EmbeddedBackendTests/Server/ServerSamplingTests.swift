import Foundation
import Primitives
import Synchronization
import Testing

@testable import EmbeddedBackend

@Suite struct ServerSamplingTests {
    /// Every request has a number of its own.
    private static let sequences = Atomic<Int>(0)

    private static func sample(
        _ session: String, seed: Int = 100, count: Int = 1, parameters: JSONObject = [:],
        prompt: [TokenID] = [3, 10, 20],
        wantsPromptLogprobs: Bool = false
    ) -> JSONValue {
        var parameters = parameters
        if parameters["max_tokens"] == nil { parameters["max_tokens"] = 3 }
        parameters["seed"] = .integer(seed)
        return [
            "num_samples": .integer(count),
            "prompt": ["chunks": [["tokens": .tokens(prompt), "type": "encoded_text"]]],
            "sampling_params": .object(parameters), "sampling_session_id": .string(session),
            "seq_id": .integer(sequences.add(1, ordering: .relaxed).newValue),
            "prompt_logprobs": .bool(wantsPromptLogprobs), "type": "sample",
        ]
    }

    private static func tokens(_ result: JSONValue) -> [[TokenID]] {
        (result["sequences"]?.arrayValue ?? []).map { $0["tokens"]?.tokensValue ?? [] }
    }

    private static func baseSampler(_ server: ServerFixture) async throws -> String {
        try await server.ok(
            "create_sampling_session",
            [
                "session_id": .string(try await server.makeSession()), "sampling_session_seq_id": 0,
                "base_model": "tiny", "type": "create_sampling_session",
            ]
        ).string(at: "sampling_session_id")
    }

    private static func publish(
        _ server: ServerFixture, _ model: String, _ sequence: Int, untilClosed: Bool? = nil
    ) async throws -> String {
        var request: JSONObject = [
            "model_id": .string(model), "sampling_session_seq_id": .integer(sequence),
            "seq_id": .integer(sequence), "type": "save_weights_for_sampler",
        ]
        if let untilClosed { request["until_closed"] = .bool(untilClosed) }
        let result = try await server.run("save_weights_for_sampler", .object(request))
        #expect(result["path"] == .null)
        return try result.string(at: "sampling_session_id")
    }

    @Test func sampleNumberAddsToTheSeed() async throws {
        try await ServerFixture.with { server in
            let sampler = try await Self.baseSampler(server)
            let result = try await server.run("asample", Self.sample(sampler, count: 3))
            #expect(Self.tokens(result) == [[100, 101, 102], [101, 102, 103], [102, 103, 104]])
            #expect(result["sequences"]?.arrayValue?[0]["stop_reason"] == "length")
            #expect(result["prompt_logprobs"] == .null)
        }
    }

    @Test func stopTokensAreTheRequestsOwnElseThoseOfTheModel() async throws {
        try await ServerFixture.with { server in
            let sampler = try await Self.baseSampler(server)
            let cases: [(JSONValue, [TokenID], String)] = [
                ([6], [5, 6], "stop"), (.null, [5, 6, 7], "stop"), ([], [5, 6, 7, 8], "length"),
            ]
            for (stop, tokens, reason) in cases {
                let result = try await server.run(
                    "asample", Self.sample(sampler, seed: 5, parameters: ["max_tokens": 4, "stop": stop]))
                #expect(Self.tokens(result) == [tokens])
                #expect(result["sequences"]?.arrayValue?[0]["stop_reason"]?.stringValue == reason)
            }
        }
    }

    @Test func promptLogprobsBeginWithNull() async throws {
        try await ServerFixture.with { server in
            let sampler = try await Self.baseSampler(server)
            let result = try await server.run("asample", Self.sample(sampler, count: 2, wantsPromptLogprobs: true))
            #expect(result["prompt_logprobs"] == [.null, -1.25, -2.5])
        }
    }

    @Test func baseModelsAreSampledWithoutASession() async throws {
        try await ServerFixture.with { server in
            var body = Self.sample("").objectValue ?? [:]
            body["sampling_session_id"] = nil
            body["base_model"] = "tiny"
            let sampled = try await server.run("asample", .object(body))
            #expect(Self.tokens(sampled) == [[100, 101, 102]])
            body["base_model"] = nil
            let refused = try await server.post("asample", .object(body))
            #expect(refused.status == 400)
        }
    }

    @Test func anOmittedSeedDiffersFromRequestToRequest() async throws {
        try await ServerFixture.with { server in
            var body = Self.sample(try await Self.baseSampler(server)).objectValue ?? [:]
            body["sampling_params"] = ["max_tokens": 3]
            var drawn: Set<[[TokenID]]> = []
            // Two may be equal by chance.
            for _ in 0..<6 {
                body["seq_id"] = .integer(Self.sequences.add(1, ordering: .relaxed).newValue)
                drawn.insert(Self.tokens(try await server.run("asample", .object(body))))
            }
            #expect(drawn.count > 1)
        }
    }

    @Test func engineFailuresAreResults() async throws {
        try await ServerFixture.with { server in
            let sampler = try await Self.baseSampler(server)
            let result = try await server.run("asample", Self.sample(sampler, prompt: [13]))
            #expect(result == ["error": "the engine had bad luck", "category": "server"])
            #expect(try await server.post("asample", Self.sample("sampling_x")).status == 404)
            #expect(try await server.post("asample", Self.sample(sampler, prompt: [512])).status == 400)
        }
    }

    @Test func samplersKeepTheWeightsTheyWereMadeOf() async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            let before = try await Self.publish(server, model, 1)
            _ = try await server.run("optim_step", ServerFixture.step(model, 2, learningRate: 0.25))
            let after = try await Self.publish(server, model, 3)
            #expect(Self.tokens(try await server.run("asample", Self.sample(before))) == [[100, 101, 102]])
            #expect(Self.tokens(try await server.run("asample", Self.sample(after))) == [[350, 351, 352]])
        }
    }

    @Test func fewSamplersLiveAndOldSnapshotsAreMadeAgainOrGone() async throws {
        try await ServerFixture.with(configure: { $0.snapshotLimit = 4 }) { server in
            let model = try await server.makeModel(try await server.makeSession())
            var samplers: [String] = []
            for sequence in 1...6 {
                let sampler = try await Self.publish(server, model, sequence)
                _ = try await server.run("asample", Self.sample(sampler))
                samplers.append(sampler)
            }
            for sampler in samplers.suffix(4) {
                #expect(Self.tokens(try await server.run("asample", Self.sample(sampler))) == [[100, 101, 102]])
            }
            let gone = try await server.post("asample", Self.sample(samplers[0]))
            #expect(gone.status == 410 && gone.body["detail"]?.stringValue?.contains("newest 4") == true)
            while server.log.samplerCount > 3 { try await Task.sleep(for: .milliseconds(5)) }
        }
    }

    @Test func samplersThatAClientClosesAreKeptUntilThen() async throws {
        try await ServerFixture.with(configure: { $0.snapshotLimit = 2 }) { server in
            let flags = try await server.ok("client/config", ["sdk_version": "0.38.0"])
            #expect(flags["sampler_close_enabled"] == true)
            let model = try await server.makeModel(try await server.makeSession())
            var held: [String] = []
            for sequence in 1...5 { held.append(try await Self.publish(server, model, sequence, untilClosed: true)) }
            // Those that nobody will close are limited among themselves.
            let others = [
                try await Self.publish(server, model, 6), try await Self.publish(server, model, 7, untilClosed: false),
                try await Self.publish(server, model, 8),
            ]
            #expect(try await server.post("asample", Self.sample(others[0])).status == 410)
            for sampler in held + others.dropFirst() {
                #expect(Self.tokens(try await server.run("asample", Self.sample(sampler))) == [[100, 101, 102]])
            }
            #expect(try await server.send("DELETE", "samplers/\(held[1])").status == 200)
            #expect(try await server.post("asample", Self.sample(held[1])).status == 404)
            #expect(try await server.send("DELETE", "samplers/\(held[1])").status == 404)
            #expect(try await server.send("DELETE", "samplers/\(others[2])").status == 200)
            #expect(Self.tokens(try await server.run("asample", Self.sample(held[0]))) == [[100, 101, 102]])
        }
    }

    @Test func aSharedSamplerIsClosedByTheLastOfItsClients() async throws {
        try await ServerFixture.with { server in
            let sampler = try await server.makeSampler()
            _ = try await server.ok("join_sampling_session", ["sampling_session_id": .string(sampler)])
            #expect(try await server.send("DELETE", "samplers/\(sampler)").status == 200)
            #expect(Self.tokens(try await server.run("asample", Self.sample(sampler))) == [[100, 101, 102]])
            #expect(try await server.send("DELETE", "samplers/\(sampler)").status == 200)
            #expect(try await server.send("GET", "samplers/\(sampler)").status == 404)
        }
    }

    @Test func aSampleUnderWayEndsAlthoughItsSamplerIsClosed() async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            let sampler = try await Self.publish(server, model, 1, untilClosed: true)
            server.log.gate.close()
            let promise = try await server.ok("asample", Self.sample(sampler))
            #expect(try await server.send("DELETE", "samplers/\(sampler)").status == 200)
            server.log.gate.open()
            #expect(Self.tokens(try await server.result(of: promise)) == [[100, 101, 102]])
            while server.log.samplerCount > 0 { try await Task.sleep(for: .milliseconds(5)) }
        }
    }

    @Test func onlyEphemeralWeightsAreKeptUntilTheyAreClosed() async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            let answer = try await server.post(
                "save_weights_for_sampler",
                ["model_id": .string(model), "path": "named", "seq_id": 1, "until_closed": true])
            #expect(answer.status == 400 && answer.body["detail"]?.stringValue?.contains("until_closed") == true)
        }
    }

    /// What is kept in memory, seen by the weights themselves.
    @Test func releasedWeightsAreFreed() async throws {
        let catalog = try ModelCatalog([:]) { _ in throw EngineError.stopped }
        let pool = SamplerPool(
            catalog: catalog, checkpoints: CheckpointStore(root: ServerFixture.temporaryDirectory()),
            loader: { _ in throw EngineError.stopped }, threads: 1, liveLimit: 2, snapshotLimit: 2)
        let log = EngineLog()
        var sources: [SamplerSource] = []
        for _ in 0..<6 { sources.append(await pool.addSnapshot(StandInWeights(value: 0, log: log), isHeld: true)) }
        for _ in 0..<6 { _ = await pool.addSnapshot(StandInWeights(value: 0, log: log), isHeld: false) }
        #expect(await pool.keptSnapshots == 8)
        for source in sources { await pool.release(source) }
        #expect(await pool.keptSnapshots == 2)
        // The end of a session releases what its client did not.
        try await ServerFixture.with { server in
            let session = try await server.makeSession()
            let model = try await server.makeModel(session)
            let sampler = try await Self.publish(server, model, 1, untilClosed: true)
            _ = try await server.run("asample", Self.sample(sampler))
            #expect(server.log.samplerCount == 1)
            _ = try await server.ok("sessions/\(session)/finish", ["reason": ["type": "completed"], "detail": ""])
            while server.log.samplerCount > 0 { try await Task.sleep(for: .milliseconds(5)) }
        }
    }

    @Test func namedSamplersSurviveARestart() async throws {
        let directory = ServerFixture.temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = try await ServerFixture.with(directory: directory) { server in
            let model = try await server.makeModel(try await server.makeSession())
            _ = try await server.run("optim_step", ServerFixture.step(model, 1, learningRate: 0.25))
            let result = try await server.run(
                "save_weights_for_sampler", ["model_id": .string(model), "path": "best", "seq_id": 2])
            #expect(result["path"]?.stringValue == "tinker://\(model)/sampler_weights/best")
            #expect(result["sampling_session_id"] == .null)
            return try result.string(at: "path")
        }
        try await ServerFixture.with(directory: directory) { server in
            let body: JSONValue = [
                "session_id": .string(try await server.makeSession()), "sampling_session_seq_id": 0,
                "model_path": .string(path),
            ]
            let sampler = try await server.ok("create_sampling_session", body).string(at: "sampling_session_id")
            #expect(try await server.ok("create_sampling_session", body)["sampling_session_id"]?.stringValue == sampler)
            #expect(Self.tokens(try await server.run("asample", Self.sample(sampler))) == [[350, 351, 352]])
            let information = try await server.send("GET", "samplers/\(sampler)").body
            #expect(information["base_model"] == "tiny" && information["model_path"]?.stringValue == path)
            #expect(try await server.send("GET", "samplers/sampling_x").status == 404)
        }
    }

    @Test(arguments: [
        #"{"path":"a","sampling_session_seq_id":0}"#, #"{}"#, #"{"sampling_session_seq_id":0,"kind":"inflight"}"#,
    ])
    func samplersThatCannotBeMadeAreRefused(members: String) async throws {
        try await ServerFixture.with { server in
            var body = try JSONValue.parse(members).objectValue ?? [:]
            body["model_id"] = .string(try await server.makeModel(try await server.makeSession()))
            body["seq_id"] = 1
            #expect(try await server.post("save_weights_for_sampler", .object(body)).status == 400)
        }
    }
}
