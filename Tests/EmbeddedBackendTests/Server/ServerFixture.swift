import Foundation
import FoundationNetworking
import Primitives

@testable import EmbeddedBackend

/// A running server with the stand-in engine, and a client of it over real HTTP.
final class ServerFixture: Sendable {
    static let key = "tml-test"

    let server: EmbeddedServer
    let baseURL: String
    let directory: String
    let log: EngineLog
    private let session: URLSession

    /// Runs `body` with a server. `directory` is kept when it is given, so that a second server can find it.
    static func with<Value>(
        directory: String? = nil, configure: (inout EmbeddedServerConfiguration) -> Void = { _ in },
        _ body: (ServerFixture) async throws -> Value
    ) async throws -> Value {
        let own = directory ?? temporaryDirectory()
        defer { if directory == nil { try? FileManager.default.removeItem(atPath: own) } }
        let base = own + "/base"
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        try #"{"model_type":"qwen3","eos_token_id":[7]}"#.write(
            toFile: base + "/config.json", atomically: true, encoding: .utf8)
        try ByteTokenizer.write(to: base)
        var configuration = EmbeddedServerConfiguration(
            apiKey: key, models: ["tiny": base], checkpointDirectory: own + "/checkpoints", threads: 1)
        configuration.longPollDuration = .milliseconds(200)
        configure(&configuration)
        let log = EngineLog()
        let server = try EmbeddedServer(configuration: configuration) { try StandInWeights.load($0, log: log) }
        let fixture = ServerFixture(
            server: server, baseURL: try await server.start(), directory: own, log: log)
        do {
            let value = try await body(fixture)
            log.gate.open()
            await server.stop()
            return value
        } catch {
            log.gate.open()
            await server.stop()
            throw error
        }
    }

    static func temporaryDirectory() -> String {
        NSTemporaryDirectory() + "embedded-server-" + UUID().uuidString
    }

    init(server: EmbeddedServer, baseURL: String, directory: String, log: EngineLog) {
        self.server = server
        self.baseURL = baseURL
        self.directory = directory
        self.log = log
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpMaximumConnectionsPerHost = 16
        session = URLSession(configuration: configuration)
    }

    // MARK: HTTP

    /// The status and the JSON body of an answer.
    func send(
        _ method: String, _ path: String, body: [UInt8]? = nil, key: String? = ServerFixture.key
    ) async throws -> (status: Int, body: JSONValue) {
        let answer = try await sendRaw(method, path, body: body, key: key)
        return (answer.status, try JSONValue.parse(answer.body))
    }

    /// - Parameter path: below `/api/v1/`, or from the root where it begins with `/`.
    func sendRaw(
        _ method: String, _ path: String, body: [UInt8]? = nil, key: String? = ServerFixture.key,
        headers: [String: String] = [:]
    ) async throws -> (status: Int, type: String, body: [UInt8]) {
        let place = path.hasPrefix("/") ? path : "/api/v1/" + path
        guard let url = URL(string: baseURL + place) else { throw FixtureError.badAnswer(path) }
        var request = URLRequest(url: url)
        // Among all other tests on two cores an answer may take minutes.
        request.timeoutInterval = 1200
        request.httpMethod = method
        request.httpBody = body.map { Data($0) }
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        if let key { request.setValue(key, forHTTPHeaderField: "X-API-Key") }
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await session.data(for: request)
        guard let response = response as? HTTPURLResponse else { throw FixtureError.badAnswer(path) }
        return (response.statusCode, response.value(forHTTPHeaderField: "Content-Type") ?? "", [UInt8](data))
    }

    func post(_ path: String, _ body: JSONValue) async throws -> (status: Int, body: JSONValue) {
        try await send("POST", path, body: body.serialized())
    }

    /// An answer that must have status 200.
    @discardableResult
    func ok(_ path: String, _ body: JSONValue) async throws -> JSONValue {
        let answer = try await post(path, body)
        guard answer.status == 200 else { throw FixtureError.refused(path, answer.status, answer.body.text) }
        return answer.body
    }

    /// Polls a promise to its end.
    func result(of promise: JSONValue) async throws -> JSONValue {
        let id = try promise.string(at: "request_id")
        while true {
            let answer = try await ok("retrieve_future", ["request_id": .string(id), "allow_metadata_only": true])
            if answer["type"]?.stringValue != "try_again" { return answer }
        }
    }

    /// Posts and polls.
    func run(_ path: String, _ body: JSONValue) async throws -> JSONValue {
        try await result(of: try await ok(path, body))
    }

    // MARK: The API

    func makeSession() async throws -> String {
        try await ok("create_session", ["tags": [], "type": "create_session"]).string(at: "session_id")
    }

    func makeModel(_ session: String, sequence: Int = 0, adapter: JSONValue = .null) async throws -> String {
        let body: JSONValue = [
            "session_id": .string(session), "model_seq_id": .integer(sequence), "base_model": "tiny",
            "lora_config": adapter, "type": "create_model",
        ]
        return try await run("create_model", body).string(at: "model_id")
    }

    func makeSampler(_ session: String? = nil, sequence: Int = 0, path: String? = nil) async throws -> String {
        let id: String
        if let session { id = session } else { id = try await makeSession() }
        var body: JSONObject = ["session_id": .string(id), "sampling_session_seq_id": .integer(sequence)]
        if let path { body["model_path"] = .string(path) } else { body["base_model"] = "tiny" }
        return try await ok("create_sampling_session", .object(body)).string(at: "sampling_session_id")
    }

    static func batch(
        _ model: String, _ sequence: Int, tokens: [TokenID] = [3, 10, 20], weights: [Float] = [0, 1, 1],
        member: String = "forward_backward_input"
    ) -> JSONValue {
        let targets = Array(tokens.dropFirst()) + [40]
        return [
            member: ["data": [datum(tokens, targets: targets, weights: weights)], "loss_fn": "cross_entropy"],
            "model_id": .string(model), "seq_id": .integer(sequence),
        ]
    }

    static func datum(_ tokens: [TokenID], targets: [TokenID], weights: [Float]) -> JSONValue {
        [
            "loss_fn_inputs": [
                "target_tokens": ["data": .tokens(targets), "dtype": "int64", "shape": [.integer(targets.count)]],
                "weights": ["data": .floats(weights), "dtype": "float32", "shape": [.integer(weights.count)]],
            ],
            "model_input": ["chunks": [["tokens": .tokens(tokens), "type": "encoded_text"]]],
        ]
    }

    static func step(_ model: String, _ sequence: Int, learningRate: Double = 0.5, clip: Double = 0) -> JSONValue {
        [
            "adam_params": ["learning_rate": .number(learningRate), "grad_clip_norm": .number(clip)],
            "model_id": .string(model), "seq_id": .integer(sequence), "type": "optim_step",
        ]
    }

    static func save(_ model: String, _ sequence: Int, _ name: String, overwrite: Bool = false) -> JSONValue {
        [
            "model_id": .string(model), "path": .string(name), "seq_id": .integer(sequence),
            "overwrite": .bool(overwrite), "type": "save_weights",
        ]
    }
}

enum FixtureError: Error {
    case badAnswer(String)
    case refused(String, Int, String)
}
