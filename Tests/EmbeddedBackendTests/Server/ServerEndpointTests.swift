import Primitives
import Testing

@testable import EmbeddedBackend

@Suite struct ServerEndpointTests {
    @Test func healthIsOpenAndEverythingElseNeedsTheKey() async throws {
        try await ServerFixture.with { server in
            let health = try await server.send("GET", "healthz", key: nil)
            #expect(health.status == 200 && health.body == ["status": "ok"])
            for key in [nil, "", "tml-tes", "tml-test1", "tml-Test"] {
                #expect(try await server.send("GET", "get_server_capabilities", key: key).status == 401)
                #expect(try await server.send("POST", "create_session", body: Array("{}".utf8), key: key).status == 401)
            }
        }
    }

    @Test func unknownPathsAndMethodsAreNamed() async throws {
        try await ServerFixture.with { server in
            #expect(try await server.post("create_custom_loss", [:]).status == 404)
            #expect(try await server.send("GET", "billing").status == 404)
            #expect(try await server.send("PUT", "training_runs/x").status == 404)
            #expect(try await server.send("PATCH", "healthz").status == 405)
            #expect(try await server.send("PATCH", "sessions").status == 405)
            let outside = try await server.send("GET", "../../elsewhere")
            #expect(outside.status == 404 && outside.body["detail"]?.stringValue?.contains("/elsewhere") == true)
        }
    }

    @Test func brokenBodiesAreRefusedAndTheConnectionLives() async throws {
        try await ServerFixture.with { server in
            for body in ["{", "[]", "{\"a\":1,\"a\":2}", "\u{FEFF}{}"] {
                let answer = try await server.send("POST", "create_session", body: Array(body.utf8))
                #expect(answer.status == 400, "\(body)")
                #expect(answer.body["detail"]?.stringValue?.contains("create_session") == true)
            }
            _ = try await server.makeSession()
        }
    }

    @Test func bodiesBeyondTheLimitAreRefusedAndTheConnectionLives() async throws {
        try await ServerFixture.with(configure: { $0.maximumRequestBytes = 1 << 17 }) { server in
            let body = Array("{\"a\":\"".utf8) + [UInt8](repeating: 120, count: 1 << 20) + Array("\"}".utf8)
            #expect(try await server.send("POST", "create_session", body: body).status == 413)
            _ = try await server.makeSession()
        }
    }

    @Test func aBodyOfTwentyMegabytesArrivesWhole() async throws {
        try await ServerFixture.with { server in
            // The parser reaches the repeated key only when every byte before it has arrived in its place.
            let padding = [UInt8](repeating: UInt8(ascii: "x"), count: 20_000_000)
            let body = Array("{\"a\":\"".utf8) + padding + Array("\",\"a\":1}".utf8)
            let answer = try await server.send("POST", "create_session", body: body)
            #expect(answer.status == 400)
            #expect(answer.body["detail"]?.stringValue?.contains("byte 20000008") == true, "\(answer.body.text)")
        }
    }

    @Test func aBatchOfAMegabyteIsAnsweredDatumByDatum() async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            let data = (0..<1000).map { index in
                let tokens = (0..<32).map { TokenID(14 + (index + $0) % 400) }
                return ServerFixture.datum(tokens, targets: tokens, weights: [Float](repeating: 0.123456, count: 32))
            }
            let result = try await server.run(
                "forward_backward",
                [
                    "forward_backward_input": ["data": .array(data), "loss_fn": "cross_entropy"],
                    "model_id": .string(model), "seq_id": 1,
                ])
            let outputs = try #require(result["loss_fn_outputs"]?.arrayValue)
            #expect(outputs.count == 1000)
            #expect(outputs[500]["logprobs"]?["data"]?.floatsValue?.first == -1.14)
        }
    }

    @Test func configurationAndCapabilities() async throws {
        try await ServerFixture.with { server in
            let flags = try await server.ok("client/config", ["sdk_version": "0.24.1"])
            for flag in ["pjwt_auth_enabled", "proto_write_fwdbwd", "proto_compress_fwdbwd", "fwd_via_fwdbwd"] {
                #expect(flags[flag] == false)
            }
            let capabilities = try await server.send("GET", "get_server_capabilities").body
            let expected: JSONValue = [
                "model_name": "tiny", "max_context_length": 1024, "trainable": true, "sampleable": true,
            ]
            #expect(capabilities["supported_models"] == [expected])
        }
    }

    @Test func aSessionLivesUntilItIsFinished() async throws {
        try await ServerFixture.with { server in
            let session = try await server.makeSession()
            let body: JSONValue = ["session_id": .string(session), "type": "session_heartbeat"]
            #expect(try await server.ok("session_heartbeat", body) == ["type": "session_heartbeat"])
            let model = try await server.makeModel(session)
            let reason: JSONValue = ["reason": ["type": "completed"], "detail": "done"]
            try await server.ok("sessions/\(session)/finish", reason)
            #expect(try await server.post("session_heartbeat", body).status == 410)
            let gone = try await server.post("get_info", ["model_id": .string(model)])
            #expect(gone.status == 410 && gone.body["detail"]?.stringValue?.contains("\(session) is finished") == true)
            #expect(try await server.post("session_heartbeat", ["session_id": "session_x"]).status == 404)
        }
    }

    @Test func modelsAreDescribedAndUnloaded() async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            let body: JSONValue = ["model_id": .string(model), "type": "get_info"]
            let info = try await server.ok("get_info", body)
            #expect(info["is_lora"] == false)
            #expect(info["model_name"] == "tiny")
            #expect(info["model_data"]?["arch"] == "qwen3")
            let result = try await server.run("unload_model", body)
            #expect(result["model_id"]?.stringValue == model)
            #expect(try await server.post("get_info", body).status == 404)
        }
    }

    @Test(arguments: [
        (#"{"base_model":"other"}"#, "this backend serves `tiny`"),
        (#"{"base_model":"tiny","lora_config":{"rank":-1}}"#, "lora_config.rank"),
        (#"{"base_model":"tiny","lora_config":{"rank":8,"dropout":0.1}}"#, "lora_config.dropout"),
        (#"{"base_model":"tiny","lora_config":{"rank":8,"alpha":0}}"#, "lora_config.alpha"),
        (#"{"base_model":"tiny","optimiser_config":{}}"#, "optimiser_config"),
        (#"{"base_model":"tiny","optimizer_config":{"type":"dimuon"}}"#, "adamw"),
        (#"{}"#, "base_model"),
    ])
    func modelsThatCannotBeMadeAreRefused(body: String, expected: String) async throws {
        try await ServerFixture.with { server in
            var object = try JSONValue.parse(body).objectValue ?? [:]
            object["session_id"] = .string(try await server.makeSession())
            object["model_seq_id"] = 0
            let answer = try await server.post("create_model", .object(object))
            #expect(answer.status == 400)
            #expect(answer.body["detail"]?.stringValue?.contains(expected) == true, "\(answer.body.text)")
        }
    }

    @Test func aRepeatedCreateModelIsTheSameModel() async throws {
        try await ServerFixture.with { server in
            let session = try await server.makeSession()
            let first = try await server.makeModel(session)
            #expect(try await server.makeModel(session) == first)
            #expect(try await server.makeModel(session, sequence: 1) != first)
        }
    }

    @Test func trainingReportsLossAndGradientNorm() async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            let forward = try await server.run(
                "forward", ServerFixture.batch(model, 1, member: "forward_input"))
            let outputs = try #require(forward["loss_fn_outputs"]?.arrayValue)
            #expect(outputs[0]["logprobs"]?["data"]?.floatsValue == [-0.1, -0.2, -0.4])
            #expect(outputs[0]["logprobs"]?["shape"] == [3])
            let trained = try await server.run("forward_backward", ServerFixture.batch(model, 2))
            let loss = try #require(trained["metrics"]?["loss:sum"]?.doubleValue)
            #expect(abs(loss - 0.6) < 1e-6)
            let step = try await server.run("optim_step", ServerFixture.step(model, 3, clip: 2))
            #expect(step["metrics"] == ["grad_norm:mean": 1.0])
            #expect(server.log.all.last == "step 1 clip 2.0")
            let after = try await server.run("forward", ServerFixture.batch(model, 4, member: "forward_input"))
            #expect(after["loss_fn_outputs"]?.arrayValue?[0]["logprobs"]?["data"]?.floatsValue == [-0.6, -0.7, -0.9])
        }
    }

    @Test func policyLossesFollowTheirFormulas() async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            // Logprobs will be −0.1 and −0.2, so that the ratios are e and e^−0.1.
            let datum: JSONValue = [
                "model_input": ["chunks": [["type": "encoded_text", "tokens": [1, 2]]]],
                "loss_fn_inputs": [
                    "target_tokens": ["data": [10, 20], "dtype": "int64", "shape": [2]],
                    "logprobs": ["data": [-1.1, -0.1], "dtype": "float32", "shape": [2]],
                    "advantages": ["data": [1.0, -2.0], "dtype": "float32", "shape": [2]],
                ],
            ]
            var losses: [Double] = []
            for (index, loss) in ["importance_sampling", "ppo", "cispo", "dro"].enumerated() {
                let result = try await server.run(
                    "forward_backward",
                    [
                        "forward_backward_input": ["data": [datum], "loss_fn": .string(loss)],
                        "model_id": .string(model), "seq_id": .integer(index + 1),
                    ])
                losses.append(try #require(result["metrics"]?["loss:sum"]?.doubleValue))
            }
            #expect(abs(losses[0] - (-2.718281828 + 2 * 0.904837418)) < 1e-5)
            #expect(abs(losses[1] - (-1.2 + 2 * 0.904837418)) < 1e-5)
            // The ratio e is below CISPO's default bound of 4.
            #expect(abs(losses[2] - (0.1 * 2.718281828 - 0.2 * 2 * 0.904837418)) < 1e-5)
            // Half of the default beta of 0.05 times the squared distances 1 and 0.01.
            #expect(abs(losses[3] - (0.1 + 0.025 - 0.4 + 0.025 * 0.01)) < 1e-5)
        }
    }
}
