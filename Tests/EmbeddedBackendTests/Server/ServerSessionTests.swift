import Foundation
import Primitives
import Synchronization
import Testing

@testable import EmbeddedBackend

/// Sessions whose clients are gone. The tests say how much time passes; no request goes over HTTP.
@Suite struct ServerSessionTests {
    private static let hour = Duration.seconds(3600)
    private static let limit = EmbeddedServerConfiguration(
        apiKey: "k", models: [:], checkpointDirectory: "", threads: 1
    ).sessionTimeout

    /// A server without a network, and its requests.
    private struct Local: Sendable {
        let service: TinkerService
        let log: EngineLog

        func post(_ path: String, _ body: JSONValue) async throws -> (status: Int, body: JSONValue) {
            let router = RequestRouter(service: service, apiKey: ServerFixture.key, maximumRequestBytes: 1 << 20)
            var request = ServerRequest(method: "POST", path: "/api/v1/" + path, body: body.serialized())
            request.apiKey = ServerFixture.key
            let answer = await router.respond(to: request)
            guard case .bytes(let bytes) = answer.body else { throw FixtureError.badAnswer(path) }
            return (answer.status, try JSONValue.parse(bytes))
        }

        func ok(_ path: String, _ body: JSONValue) async throws -> JSONValue {
            let answer = try await post(path, body)
            try #require(answer.status == 200, "\(path): \(answer.body.text)")
            return answer.body
        }

        func run(_ path: String, _ body: JSONValue) async throws -> JSONValue {
            let promise = try await ok(path, body)
            while true {
                let answer = try await ok("retrieve_future", ["request_id": promise["request_id"] ?? .null])
                if answer["type"]?.stringValue != "try_again" { return answer }
            }
        }

        func session() async throws -> String {
            try await ok("create_session", ["type": "create_session"]).string(at: "session_id")
        }

        func model(_ session: String) async throws -> String {
            let body: JSONValue = ["session_id": .string(session), "model_seq_id": 0, "base_model": "tiny"]
            return try await run("create_model", body).string(at: "model_id")
        }

        func heartbeat(_ session: String) async throws -> Int {
            try await post("session_heartbeat", ["session_id": .string(session)]).status
        }

        /// Lets time pass in steps of an hour, as the server looks at it.
        func pass(_ time: Duration) async {
            var left = time
            while left > .zero {
                await service.endSilentSessions(after: min(left, hour))
                left -= hour
            }
        }

        var modelCount: Int { get async { await service.modelCount } }
    }

    private static func with(_ body: (Local) async throws -> Void) async throws {
        let directory = ServerFixture.temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let base = directory + "/base"
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        try #"{"model_type":"qwen3","eos_token_id":[7]}"#.write(
            toFile: base + "/config.json", atomically: true, encoding: .utf8)
        var configuration = EmbeddedServerConfiguration(
            apiKey: ServerFixture.key, models: ["tiny": base], checkpointDirectory: directory + "/checkpoints",
            threads: 1)
        configuration.expiryInterval = .seconds(1_000_000)
        let log = EngineLog()
        let server = try EmbeddedServer(configuration: configuration) { try StandInWeights.load($0, log: log) }
        let service = try await server.makeService()
        do {
            try await body(Local(service: service, log: log))
        } catch {
            log.gate.open()
            await service.shutdown()
            throw error
        }
        log.gate.open()
        await service.shutdown()
    }

    @Test func aSilentSessionIsEndedAndItsModelsAreFreed() async throws {
        try await Self.with { server in
            let session = try await server.session()
            let model = try await server.model(session)
            let sampling = try await server.ok(
                "create_sampling_session",
                ["session_id": .string(session), "sampling_session_seq_id": 0, "base_model": "tiny"])
            await server.pass(Self.limit)
            #expect(await server.modelCount == 1, "the hour in which the client was heard does not count")
            await server.pass(Self.hour)
            #expect(await server.modelCount == 0)
            #expect(await server.service.samplingSessionCount == 0)

            let sample: JSONValue = [
                "sampling_session_id": sampling["sampling_session_id"] ?? .null, "seq_id": 0,
                "prompt": ["chunks": [["tokens": [1], "type": "encoded_text"]]], "sampling_params": ["max_tokens": 1],
            ]
            let requests: [(String, JSONValue)] = [
                ("session_heartbeat", ["session_id": .string(session)]), ("optim_step", ServerFixture.step(model, 1)),
                ("get_info", ["model_id": .string(model)]), ("forward_backward", ServerFixture.batch(model, 1)),
                ("asample", sample), ("unload_model", ["model_id": .string(model)]),
                ("create_model", ["session_id": .string(session), "model_seq_id": 1, "base_model": "tiny"]),
            ]
            for (path, body) in requests {
                let answer = try await server.post(path, body)
                let detail = answer.body["detail"]?.stringValue ?? ""
                #expect(answer.status == 410, "\(path): \(detail)")
                #expect(
                    detail.contains(session) && detail.contains("nothing was heard of its client for 72 h"), "\(detail)"
                )
            }
            // A farewell that comes late is no error.
            #expect(try await server.post("sessions/\(session)/finish", [:]).status == 200)
        }
    }

    @Test(arguments: ["session_heartbeat", "get_info", "optim_step", "asample", "join_sampling_session"])
    func anyRequestIsASignOfLife(path: String) async throws {
        try await Self.with { server in
            let session = try await server.session()
            let model = try await server.model(session)
            let sampling = try await server.ok(
                "create_sampling_session",
                ["session_id": .string(session), "sampling_session_seq_id": 0, "base_model": "tiny"])
            let id = sampling["sampling_session_id"] ?? .null
            for round in 1...4 {
                await server.pass(Self.limit - Self.hour)
                let body: JSONValue =
                    switch path {
                    case "session_heartbeat": ["session_id": .string(session)]
                    case "get_info": ["model_id": .string(model)]
                    case "optim_step": ServerFixture.step(model, round)
                    case "join_sampling_session": ["sampling_session_id": id]
                    default:
                        [
                            "sampling_session_id": id, "seq_id": .integer(round),
                            "prompt": ["chunks": [["tokens": [1], "type": "encoded_text"]]],
                            "sampling_params": ["max_tokens": 1],
                        ]
                    }
                // Work in progress would be another sign of life.
                let isPromised = ["optim_step", "asample"].contains(path)
                _ = isPromised ? try await server.run(path, body) : try await server.ok(path, body)
            }
            #expect(await server.modelCount == 1)
            await server.pass(Self.limit + Self.hour * 2)
            #expect(await server.modelCount == 0)
        }
    }

    @Test func workInProgressIsLife() async throws {
        try await Self.with { server in
            let session = try await server.session()
            let model = try await server.model(session)
            let idle = try await server.session()
            server.log.gate.close()
            let promise = try await server.ok("forward_backward", ServerFixture.batch(model, 1))
            await server.pass(Self.limit * 3)
            #expect(try await server.heartbeat(idle) == 410)
            #expect(await server.modelCount == 1)
            server.log.gate.open()
            let request: JSONValue = ["request_id": promise["request_id"] ?? .null]
            var result: JSONValue = ["type": "try_again"]
            while result["type"] == "try_again" { result = try await server.ok("retrieve_future", request) }
            #expect(result["loss_fn_outputs"] != nil)
            #expect(try await server.heartbeat(session) == 200)
        }
    }

    @Test func samplingInProgressIsLife() async throws {
        try await Self.with { server in
            let session = try await server.session()
            let sampling = try await server.ok(
                "create_sampling_session",
                ["session_id": .string(session), "sampling_session_seq_id": 0, "base_model": "tiny"])
            // A prompt of 17s is answered without end.
            let promise = try await server.ok(
                "asample",
                [
                    "sampling_session_id": sampling["sampling_session_id"] ?? .null, "seq_id": 0,
                    "prompt": ["chunks": [["tokens": [17], "type": "encoded_text"]]],
                    "sampling_params": ["max_tokens": 9],
                ])
            await server.pass(Self.limit * 2)
            #expect(await !server.service.isOver(session))
            let request: JSONValue = ["request_id": promise["request_id"] ?? .null]
            _ = try await server.ok("cancel_future", request)
            while try await server.ok("retrieve_future", request)["type"] == "try_again" {}
            while await server.service.drawCount(session) > 0 { try await Task.sleep(for: .milliseconds(2)) }
            await server.pass(Self.limit + Self.hour)
            #expect(try await server.heartbeat(session) == 410)
        }
    }

    /// What a client that was killed and started again does: a new session that loads what the old one saved.
    @Test func whatAnEndedSessionSavedIsLoadedByTheNext() async throws {
        try await Self.with { server in
            let model = try await server.model(try await server.session())
            _ = try await server.run("optim_step", ServerFixture.step(model, 1, learningRate: 0.25))
            let path = try await server.run("save_weights", ServerFixture.save(model, 2, "last")).string(at: "path")
            await server.pass(Self.limit * 2)
            #expect(await server.modelCount == 0)
            let session = try await server.session()
            let next = try await server.model(session)
            #expect(next != model)
            let loaded = try await server.run(
                "load_weights",
                ["model_id": .string(next), "seq_id": 1, "path": .string(path), "optimizer": true])
            #expect(loaded["path"]?.stringValue == path)
            #expect(server.log.all.contains("load 0.25 steps 1"))
        }
    }

    /// The time that the server itself does not run is not the client's silence.
    @Test func aServerThatSleptEndsNobody() async throws {
        let clock = Clock()
        try await ServerFixture.with(configure: { configuration in
            configuration.expiryInterval = .milliseconds(1)
            configuration.clock = { clock.time() }
        }) { server in
            let session = try await server.makeSession()
            clock.start()
            while clock.looks < 6 { try await Task.sleep(for: .milliseconds(1)) }
            #expect(try await server.post("session_heartbeat", ["session_id": .string(session)]).status == 200)
        }
    }
}

extension TinkerService {
    fileprivate var modelCount: Int { models.count }
    fileprivate var samplingSessionCount: Int { samplingSessions.count }
    fileprivate func isOver(_ session: String) -> Bool { sessions[session]?.ending != nil }
    fileprivate func drawCount(_ session: String) -> Int { sessions[session]?.drawCount ?? 0 }
}

/// A clock that stands until it is started, and then shows 400,000 s more whenever it is looked at.
private final class Clock: Sendable {
    private let state = Mutex<(isRunning: Bool, looks: Int)>((false, 0))

    var looks: Int { state.withLock { $0.looks } }

    func start() { state.withLock { $0.isRunning = true } }

    func time() -> Duration {
        state.withLock { state in
            if state.isRunning { state.looks += 1 }
            return .seconds(400_000 * state.looks)
        }
    }
}
