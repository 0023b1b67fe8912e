import Testing

@testable import Transport

@Suite struct HTTPClientTests {
    let client = HTTPClient()

    private func request(_ url: String, timeout: Duration = .seconds(600), isRepeatable: Bool = true) -> HTTPRequest {
        HTTPRequest(
            method: "POST", url: url, headers: [("X-API-Key", "tml-secret"), ("Content-Type", "application/json")],
            body: Array("{}".utf8), timeout: timeout, maximumResponseBytes: 1000, isRepeatable: isRepeatable)
    }

    private func error(_ request: HTTPRequest) async -> TransportError? {
        do throws(TransportError) {
            _ = try await client.send(request)
            return nil
        } catch {
            return error
        }
    }

    @Test func sendsMethodHeadersAndBodyAndReturnsTheAnswer() async throws {
        let server = try ScriptedServer { _ in .json("{\"ok\":true}", status: 202, headers: ["X-Extra:  a b "]) }
        defer { server.stop() }
        let response = try await client.send(request(server.url + "/api/v1/x"))
        #expect(response.status == 202)
        #expect(response.isSuccess)
        #expect(response.header("x-extra") == "a b")
        #expect(String(decoding: response.body, as: UTF8.self) == "{\"ok\":true}")
        let received = try #require(server.requests.first)
        #expect(received.method == "POST")
        #expect(received.path == "/api/v1/x")
        #expect(received.headers["x-api-key"] == "tml-secret")
        #expect(received.text == "{}")
    }

    @Test(arguments: ["GET", "POST", "PUT", "DELETE"])
    func sendsAnEmptyBody(method: String) async throws {
        let server = try ScriptedServer { request in .json("\"\(request.method)\(request.body.count)\"") }
        defer { server.stop() }
        let response = try await client.send(HTTPRequest(method: method, url: server.url + "/"))
        #expect(String(decoding: response.body, as: UTF8.self) == "\"\(method)0\"")
    }

    @Test func sendsALargeBodyUnchanged() async throws {
        let server = try ScriptedServer { request in .json("\(request.body.reduce(0) { $0 &+ Int($1) })") }
        defer { server.stop() }
        var large = request(server.url + "/")
        large.body = (0..<6_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let response = try await client.send(large)
        #expect(String(decoding: response.body, as: UTF8.self) == String(large.body.reduce(0) { $0 + Int($1) }))
    }

    @Test func answersOfEveryStatusAreResponses() async throws {
        let server = try ScriptedServer { _ in .json("no", status: 503) }
        defer { server.stop() }
        #expect(try await client.send(request(server.url + "/")).status == 503)
    }

    @Test(.timeLimit(.minutes(15))) func keepsConnectionsAlive() async throws {
        let server = try ScriptedServer { _ in .json("1") }
        defer { server.stop() }
        for _ in 0..<10 { _ = try await client.send(request(server.url + "/", timeout: .seconds(600))) }
        #expect(server.connectionCount == 1)
        #expect(server.requests.count == 10)
    }

    @Test func holds256RequestsInFlight() async throws {
        let gate = Gate(opensAt: 256)
        let server = try ScriptedServer { request in
            gate.arrive()
            return .json(request.text)
        }
        defer { server.stop() }
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<256 {
                var numbered = request(server.url + "/", timeout: .seconds(600))
                numbered.body = Array(String(number).utf8)
                group.addTask { [client] in String(decoding: try await client.send(numbered).body, as: UTF8.self) }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(answers == Set((0..<256).map(String.init)))
    }

    @Test func aRefusedConnectionIsUnreachable() async throws {
        let failure = await error(
            request("http://user:pass@127.0.0.1:\(try ScriptedServer.unusedPort())/p?key=tml-secret"))
        guard case .unreachable(let url, _) = failure else {
            Issue.record("unexpected \(String(describing: failure))")
            return
        }
        #expect(url.hasSuffix("/p"))
        #expect(!url.contains("pass") && !url.contains("tml-secret"))
        #expect(failure?.mayHaveRun == false)
    }

    @Test func aResetInMidBodyIsAnInterruption() async throws {
        let server = try ScriptedServer { _ in .reset(after: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":") }
        defer { server.stop() }
        guard case .interrupted = await error(request(server.url + "/")) else {
            Issue.record("an interruption was expected")
            return
        }
    }

    @Test func aShortBodyIsAnInterruption() async throws {
        let server = try ScriptedServer { _ in .raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":1}") }
        defer { server.stop() }
        guard case .interrupted = await error(request(server.url + "/")) else {
            Issue.record("an interruption was expected")
            return
        }
    }

    @Test func aSilentServerRunsIntoTheDeadline() async throws {
        let server = try ScriptedServer { _ in .silence }
        defer { server.stop() }
        let failure = await error(request(server.url + "/", timeout: .milliseconds(200)))
        #expect(failure == .timedOut(url: server.url + "/", after: .milliseconds(200)))
        #expect(failure?.mayHaveRun == true)
    }

    @Test(arguments: [true, false])
    func aBodyOverTheLimitIsRefused(isLengthAnnounced: Bool) async throws {
        let body = String(repeating: "x", count: 1001)
        let length = isLengthAnnounced ? "Content-Length: 1001\r\n" : ""
        let server = try ScriptedServer { _ in .raw("HTTP/1.1 200 OK\r\n\(length)\r\n\(body)") }
        defer { server.stop() }
        #expect(await error(request(server.url + "/")) == .tooLarge(url: server.url + "/", limit: 1000))
    }

    @Test func aBodyOfExactlyTheLimitIsAccepted() async throws {
        let body = String(repeating: "x", count: 1000)
        let server = try ScriptedServer { _ in .raw("HTTP/1.1 200 OK\r\n\r\n\(body)") }
        defer { server.stop() }
        #expect(try await client.send(request(server.url + "/")).body.count == 1000)
    }

    @Test func cancellingTheTaskStopsTheTransfer() async throws {
        let gate = Gate(opensAt: 1)
        let server = try ScriptedServer { _ in
            gate.arrive()
            return .silence
        }
        defer { server.stop() }
        let waiting = request(server.url + "/")
        let task = Task { [client] in try await client.send(waiting) }
        await gate.opened()
        task.cancel()
        await #expect(throws: TransportError.cancelled(url: server.url + "/")) { try await task.value }
    }

    @Test func aCancelledTaskSendsNothing() async throws {
        let server = try ScriptedServer { _ in .json("1") }
        defer { server.stop() }
        let waiting = request(server.url + "/")
        let task = Task { [client] in
            withUnsafeCurrentTask { $0?.cancel() }
            return try await client.send(waiting)
        }
        await #expect(throws: TransportError.cancelled(url: server.url + "/")) { try await task.value }
        #expect(server.requests.isEmpty)
    }

    @Test func shutdownResumesWhatIsInFlightAndRefusesWhatFollows() async throws {
        let gate = Gate(opensAt: 1)
        let server = try ScriptedServer { _ in
            gate.arrive()
            return .silence
        }
        defer { server.stop() }
        let waiting = request(server.url + "/")
        let task = Task { [client] in try await client.send(waiting) }
        await gate.opened()
        client.shutdown()
        client.shutdown()
        await #expect(throws: TransportError.cancelled(url: server.url + "/")) { try await task.value }
        #expect(await error(waiting) == .cancelled(url: server.url + "/"))
    }

    /// libcurl sends a request again when a kept connection turns out to be dead; only repeatable ones may allow it.
    @Test(arguments: [true, false])
    func aKeptConnectionThatDiesRepeatsOnlyRepeatableRequests(isRepeatable: Bool) async throws {
        let server = try ScriptedServer { $0.index == 1 ? .raw("") : .json("1") }
        defer { server.stop() }
        _ = try await client.send(request(server.url + "/"))
        let failure = await error(request(server.url + "/", isRepeatable: isRepeatable))
        #expect((failure == nil) == isRepeatable)
        #expect(server.requests.count == (isRepeatable ? 3 : 2))
    }

    @Test func aServerWithoutTLSIsATLSError() async throws {
        let server = try ScriptedServer { _ in .json("1") }
        defer { server.stop() }
        guard case .tls = await error(request("https://127.0.0.1:\(server.port)/", timeout: .seconds(2))) else {
            Issue.record("a TLS error was expected")
            return
        }
    }

    @Test(arguments: ["ftp://127.0.0.1/", "127.0.0.1", "http://"])
    func refusesOtherURLs(url: String) async {
        guard case .other = await error(request(url)) else {
            Issue.record("\(url) was accepted")
            return
        }
    }

    @Test func refusesHeadersWithLineBreaks() async {
        var split = request("http://127.0.0.1:1/")
        split.headers = [("X-API-Key", "tml-secret\nX-Other: 1")]
        guard case .other(_, let detail) = await error(split) else {
            Issue.record("the header was accepted")
            return
        }
        #expect(!detail.contains("tml-secret"))
    }

    @Test func doesNotFollowRedirects() async throws {
        let server = try ScriptedServer { _ in .json("", status: 302, headers: ["Location: /elsewhere"]) }
        defer { server.stop() }
        #expect(try await client.send(request(server.url + "/")).status == 302)
        #expect(server.requests.count == 1)
    }
}
