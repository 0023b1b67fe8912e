import Primitives
import Testing

@testable import EmbeddedBackend

@Suite struct ServerAdapterTests {
    @Test func aConfigurationReachesTheEngineAndTheAnswers() async throws {
        try await ServerFixture.with { server in
            let session = try await server.makeSession()
            let adapter: JSONValue = ["rank": 4, "alpha": 8, "seed": 3, "train_unembed": false]
            let model = try await server.makeModel(session, adapter: adapter)
            #expect(server.log.all == ["adapter rank 4 alpha 8.0 seed 3"])
            let info = try await server.ok("get_info", ["model_id": .string(model)])
            #expect(info["is_lora"] == true && info["lora_rank"] == 4)
            let saved = try await server.run("save_weights", ServerFixture.save(model, 1, "a"))
            let weights = try await server.ok("weights_info", ["tinker_path": saved["path"] ?? .null])
            #expect(weights["is_lora"] == true && weights["lora_rank"] == 4)
            #expect(weights["train_unembed"] == false && weights["train_mlp"] == true)
        }
    }

    @Test(arguments: [.null, ["rank": 0]] as [JSONValue])
    func noRankMeansAllParameters(adapter: JSONValue) async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession(), adapter: adapter)
            #expect(server.log.all.isEmpty)
            let info = try await server.ok("get_info", ["model_id": .string(model)])
            #expect(info["is_lora"] == false && info["lora_rank"] == .null)
        }
    }

    @Test func anAdapterIsSampledOnItsBaseModel() async throws {
        try await ServerFixture.with { server in
            let session = try await server.makeSession()
            let model = try await server.makeModel(session, adapter: ["rank": 4])
            _ = try await server.run("optim_step", ServerFixture.step(model, 1, learningRate: 0.25))
            let saved = try await server.run(
                "save_weights_for_sampler", ["model_id": .string(model), "path": "best", "seq_id": 2])
            let sampler = try await server.makeSampler(session, path: try saved.string(at: "path"))
            let result = try await server.run(
                "asample",
                [
                    "sampling_session_id": .string(sampler), "seq_id": 0,
                    "prompt": ["chunks": [["tokens": [3], "type": "encoded_text"]]],
                    "sampling_params": ["max_tokens": 1, "seed": 100],
                ])
            #expect(result["sequences"]?.arrayValue?[0]["tokens"] == [350])
        }
    }

    @Test func weightsOfAnotherShapeAreNotLoaded() async throws {
        try await ServerFixture.with { server in
            let session = try await server.makeSession()
            let model = try await server.makeModel(session, adapter: ["rank": 4])
            let saved = try await server.run("save_weights", ServerFixture.save(model, 1, "a"))
            let others: [JSONValue] = [["rank": 8], .null, ["rank": 4, "alpha": 1]]
            for (index, adapter) in others.enumerated() {
                let other = try await server.makeModel(session, sequence: index + 1, adapter: adapter)
                let refused = try await server.post(
                    "load_weights",
                    ["model_id": .string(other), "seq_id": 1, "path": saved["path"] ?? .null, "optimizer": true])
                #expect(refused.status == 400)
                #expect(refused.body["detail"]?.stringValue?.contains("LoRA of rank 4") == true)
            }
        }
    }

    @Test func aModelIsMadeByLoadingAndCalledByItsClientsName() async throws {
        try await ServerFixture.with { server in
            let session = try await server.makeSession()
            let model = try await server.makeModel(session, adapter: ["rank": 4, "alpha": 8])
            _ = try await server.run("optim_step", ServerFixture.step(model, 1))
            let saved = try await server.run("save_weights", ServerFixture.save(model, 2, "a"))
            let body: JSONValue = [
                "session_id": .string(session), "model_seq_id": 1, "path": saved["path"] ?? .null, "optimizer": true,
                "type": "load_weights",
            ]
            let loaded = try await server.run("load_weights", body)
            #expect(loaded["type"] == "load_weights")
            let alias = "\(session):train:1"
            let info = try await server.ok("get_info", ["model_id": .string(alias)])
            #expect(info["lora_rank"] == 4)
            #expect(server.log.all.suffix(3) == ["adapter rank 4 alpha 8.0 seed 0", "load 0.5 steps 1", "discard 0"])
            let again = try await server.run("save_weights", ServerFixture.save(alias, 1, "b"))
            let path = try again.string(at: "path")
            #expect(path == "tinker://\(try info.string(at: "model_id"))/weights/b")
            let listed = try await server.send("GET", "training_runs/\(alias)/checkpoints").body
            #expect(listed["checkpoints"]?.arrayValue?.count == 1)
            let missing = try await server.post(
                "load_weights",
                [
                    "session_id": .string(session), "model_seq_id": 2, "path": "tinker://model_9/weights/a",
                    "optimizer": false,
                ])
            #expect(missing.status == 404)
        }
    }
}
