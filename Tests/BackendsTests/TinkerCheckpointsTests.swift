import Primitives
import Testing

@testable import Backends

@Suite struct TinkerCheckpointsTests {
    private func request(
        _ reply: ScriptedServer.Reply, _ work: (TinkerCheckpoints) async throws -> Void
    ) async throws -> ScriptedServer.Request {
        let backend = try TestBackend { request, path, _ in
            ["client/config", "create_session"].contains(path) ? nil : reply
        }
        defer { backend.stop() }
        try await work(try await backend.session().checkpoints)
        return try #require(backend.server.requests.last)
    }

    @Test func checkpointsOfAModelAreListed() async throws {
        let listing =
            #"{"checkpoints":[{"checkpoint_id":"weights/a","checkpoint_type":"training","time":"2026-01-01T00:00:00Z","#
            + #""tinker_path":"tinker://m/weights/a","size_bytes":12,"public":false,"expires_at":null},"#
            + #"{"checkpoint_id":"sampler_weights/b","checkpoint_type":"novel","public":true,"expires_at":"soon"}]}"#
        let sent = try await request(.json(listing)) { checkpoints in
            let entries = try await checkpoints.list(ofModel: "m:train:0")
            #expect(entries.map(\.identifier) == ["weights/a", "sampler_weights/b"])
            #expect(entries.map(\.kind) == [.training, nil])
            #expect(entries.map(\.bytes) == [12, nil])
            #expect(entries.map(\.path) == ["tinker://m/weights/a", nil])
            #expect(entries.map(\.expiry) == [nil, "soon"])
            #expect(entries.map(\.isPublic) == [false, true])
        }
        #expect(sent.method == "GET")
        #expect(sent.path == "/api/v1/training_runs/m:train:0/checkpoints")
    }

    @Test func allPagesAreListed() async throws {
        let backend = try TestBackend { request, path, _ in
            guard path.hasPrefix("checkpoints?") else { return nil }
            let offset = path.hasSuffix("offset=0") ? 0 : 2
            let page = (offset..<min(offset + 2, 3)).map { #"{"checkpoint_id":"weights/\#($0)"}"# }
            return .json(
                #"{"checkpoints":[\#(page.joined(separator: ","))],"#
                    + #""cursor":{"offset":\#(offset),"limit":2,"total_count":3}}"#)
        }
        defer { backend.stop() }
        let entries = try await backend.session().checkpoints.list()
        #expect(entries.map(\.identifier) == ["weights/0", "weights/1", "weights/2"])
    }

    @Test func aCheckpointIsDeleted() async throws {
        let sent = try await request(.json("{}")) { try await $0.delete("tinker://run 1/sampler_weights/a#b") }
        #expect(sent.method == "DELETE")
        #expect(sent.path == "/api/v1/training_runs/run%201/checkpoints/sampler_weights/a%23b")
    }

    @Test(arguments: [
        "weights/a", "tinker://run", "tinker:///weights/a", "tinker://run//a", "tinker://run/../x",
        "http://run/weights/a",
    ])
    func whatIsNoPathIsRefused(path: String) async throws {
        #expect(throws: BackendError.self) { try TinkerCheckpoints.place(of: path) }
    }

    @Test func aLifetimeIsSetAndTaken() async throws {
        let set = try await request(.json("{}")) {
            try await $0.setLifetime(.seconds(7200), of: "tinker://m/weights/a")
        }
        #expect(set.method == "PUT")
        #expect(set.path == "/api/v1/training_runs/m/checkpoints/weights/a/ttl")
        #expect(try JSONValue.parse(set.body) == ["ttl_seconds": 7200])
        let taken = try await request(.json("{}")) { try await $0.setLifetime(nil, of: "tinker://m/weights/a") }
        #expect(try JSONValue.parse(taken.body) == ["ttl_seconds": nil])
    }

    @Test func weightsAndSamplersAreDescribed() async throws {
        let weights = try await request(.json(#"{"base_model":"b","is_lora":true,"lora_rank":8}"#)) {
            let information = try await $0.information(of: "tinker://m/weights/a")
            #expect(information == .init(baseModel: "b", isLoRA: true, loraRank: 8))
        }
        #expect(try JSONValue.parse(weights.body) == ["tinker_path": "tinker://m/weights/a"])
        let sampler = try await request(.json(#"{"sampler_id":"s","base_model":"b","model_path":"tinker://x"}"#)) {
            let information = try await $0.sampler("s")
            #expect(information == .init(identifier: "s", baseModel: "b", modelPath: "tinker://x"))
        }
        #expect(sampler.path == "/api/v1/samplers/s")
    }

    @Test(arguments: ["{}", #"{"checkpoints":3}"#, #"{"checkpoints":[{"time":"now"}]}"#])
    func aListingThatIsNoneIsGarbage(body: String) async throws {
        _ = try await request(.json(body)) { checkpoints in
            let error = await backendError { () async throws(BackendError) in try await checkpoints.list() }
            #expect(error?.kind == "garbage")
        }
    }

    @Test func aSamplerIsSavedUnderAName() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let path = try await backend.trainer().saveSampler(named: "best", lifetime: .seconds(604_800))
        #expect(path == "tinker://run/sampler_weights/best")
        let body = try #require(backend.bodies("save_weights_for_sampler").first)
        #expect(body["path"] == "best")
        #expect(body["ttl_seconds"] == 604_800)
        #expect(body["seq_id"] == 1)
        #expect(body["sampling_session_seq_id"] == nil)
    }
}
