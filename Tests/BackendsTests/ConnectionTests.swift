import Testing
import Transport

@testable import Backends

/// Opening, keeping and ending a session, and what the user reads where that fails.
@Suite struct ConnectionTests {
    private func connectionError(_ reply: ScriptedServer.Reply) async throws -> BackendError? {
        let backend = try TestBackend { _, path, _ in path == "client/config" ? reply : nil }
        defer { backend.stop() }
        return await backendError { () async throws(BackendError) in try await backend.session() }
    }

    @Test func nobodyListens() async throws {
        var policy = TestBackend.policy
        policy.connectBudget = .milliseconds(20)
        let endpoint = TinkerEndpoint(
            baseURL: "http://127.0.0.1:\(try ScriptedServer.unusedPort())", apiKey: TestBackend.key,
            profile: .embedded, retryPolicy: policy)
        let error = await backendError { () async throws(BackendError) in
            try await TinkerSession.connect(endpoint, transport: HTTPClient())
        }
        #expect(error?.kind == "unreachable")
        #expect(error?.description.contains("medresearcher serve") == true)
    }

    @Test(arguments: [401, 403])
    func theKeyIsRefused(status: Int) async throws {
        let error = try await connectionError(.json(#"{"detail":"bad key \#(TestBackend.key)"}"#, status: status))
        #expect(error?.kind == "unauthorized")
        #expect(error?.description.contains("TEST_API_KEY") == true)
        #expect(error?.description.contains(TestBackend.key) == false)
    }

    @Test func theKeyIsSentAndShownNowhere() async throws {
        let echo = #"{"detail":"unknown key \#(TestBackend.key) of you"}"#
        let error = try await connectionError(.json(echo, status: 422))
        #expect(error?.description.contains("[API key]") == true)
        let garbage = try await connectionError(.json(String(repeating: "x", count: 190) + TestBackend.key))
        #expect(garbage?.description.contains("tml-") == false)

        let backend = try TestBackend()
        defer { backend.stop() }
        _ = try await backend.session()
        #expect(backend.server.requests.allSatisfy { $0.headers["x-api-key"] == TestBackend.key })
        let endpoint = backend.endpoint()
        var dumped = "\(endpoint) \(String(reflecting: endpoint))"
        dump(endpoint, to: &dumped)
        #expect(!dumped.contains(TestBackend.key))
    }

    @Test(arguments: ["<html>Welcome to nginx</html>", "[]", "\u{1}\u{2}"])
    func somethingElseListens(body: String) async throws {
        let error = try await connectionError(.json(body))
        #expect(error?.kind == "garbage")
        #expect(error?.description.contains("client/config") == true)
        #expect(error?.description.contains("\u{1}") == false)
    }

    @Test func aHugeAnswerIsShownInPart() async throws {
        let error = try await connectionError(.json(String(repeating: "y", count: 100_000)))
        #expect((error?.description.utf8.count ?? 0) < 1000)
    }

    @Test func anAnswerOverTheLimitIsRefused() async throws {
        let backend = try TestBackend { _, path, _ in
            path == "client/config" ? .json("{\"x\":\"\(String(repeating: "y", count: 5000))\"}") : nil
        }
        defer { backend.stop() }
        var endpoint = backend.endpoint()
        endpoint.maximumResponseBytes = 4096
        let error = await backendError { () async throws(BackendError) in
            try await TinkerSession.connect(endpoint, transport: backend.client)
        }
        #expect(error?.kind == "transport")
    }

    @Test func messagesOfTheServerArePassedOn() async throws {
        let backend = try TestBackend { _, path, _ in
            path == "create_session" ? .json(#"{"session_id":"s","warning_message":"maintenance at noon"}"#) : nil
        }
        defer { backend.stop() }
        let lines = Atomically<[String]>([])
        _ = try await TinkerSession.connect(backend.endpoint(), transport: backend.client) { line in
            lines.update { $0.append(line) }
        }
        #expect(lines.value == ["maintenance at noon"])
    }

    @Test func aKeyIsExchangedForATokenWhereTheServerWantsThat() async throws {
        let backend = try TestBackend { request, path, earlier in
            switch path {
            case "client/config": .json(#"{"pjwt_auth_enabled":true}"#)
            case "auth/token": .json(#"{"jwt":"token-\#(earlier)"}"#)
            // The first token expires after the session has been created.
            case "create_model" where request.headers["x-api-key"] == "token-0":
                .json("{}", status: 401)
            default: nil
            }
        }
        defer { backend.stop() }
        _ = try await backend.trainer()
        #expect(backend.requests("auth/token").map { $0.headers["x-api-key"] } == [TestBackend.key, TestBackend.key])
        #expect(backend.requests("create_session").map { $0.headers["x-api-key"] } == ["token-0"])
        #expect(backend.requests("create_model").map { $0.headers["x-api-key"] } == ["token-0", "token-1"])
    }

    @Test func heartbeatsKeepTheSession() async throws {
        let gate = Gate(opensAt: 1)
        let backend = try TestBackend { _, path, earlier in
            if path == "session_heartbeat", earlier == 2 { gate.arrive() }
            return path == "session_heartbeat" && earlier == 1 ? .json("{}", status: 500) : nil
        }
        defer { backend.stop() }
        var policy = TestBackend.policy
        policy.heartbeatInterval = .milliseconds(5)
        let session = try await backend.session(policy: policy)
        await gate.opened()
        #expect(backend.bodies("session_heartbeat").first?["session_id"] == "session_1")
        _ = try await session.supportedModels()
    }

    @Test func aHeartbeatMayLearnThatTheSessionIsOver() async throws {
        let backend = try TestBackend { _, path, _ in path == "session_heartbeat" ? .json("{}", status: 410) : nil }
        defer { backend.stop() }
        var policy = TestBackend.policy
        policy.heartbeatInterval = .milliseconds(1)
        let session = try await backend.session(policy: policy)
        var error: BackendError?
        for _ in 0..<2000 where error == nil {
            error = await backendError { () async throws(BackendError) in try await session.supportedModels() }
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(error?.kind == "sessionEnded")
    }

    @Test func closingUnloadsTheModelAndEndsTheSessionOnce() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let trainer = try await backend.trainer()
        await trainer.close()
        await trainer.close()
        #expect(backend.bodies("unload_model").map { $0["model_id"] } == ["model_1"])
        #expect(backend.requests("sessions/session_1/finish").count == 1)
        let error = await backendError { () async throws(BackendError) in try await trainer.saveState(named: "x") }
        #expect(error?.kind == "sessionEnded")
    }

    @Test func closingAServerThatIsGoneIsQuiet() async throws {
        let backend = try TestBackend()
        let trainer = try await backend.trainer()
        backend.stop()
        await trainer.close()
    }
}
