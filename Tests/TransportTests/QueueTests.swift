import Testing

@testable import Transport

/// Requests that wait for their turn.
@Suite(.timeLimit(.minutes(15))) struct QueueTests {
    private func request(_ server: ScriptedServer, _ path: String, timeout: Duration = .seconds(600)) -> HTTPRequest {
        HTTPRequest(method: "GET", url: server.url + path, timeout: timeout)
    }

    /// A server that answers `/held` once the gate is open and everything else at once.
    private func makeServer(_ gate: Gate) throws -> ScriptedServer {
        try ScriptedServer { request in
            if request.path == "/held" { gate.arrive() }
            return .json("\"\(request.path)\"")
        }
    }

    private func makeClient(connections: Int) -> HTTPClient {
        HTTPClient(configuration: HTTPClientConfiguration(maximumConnections: connections))
    }

    @Test func aRequestsDeadlineBeginsWhenItsTurnComes() async throws {
        let gate = Gate(opensAt: 2)
        let (server, client) = (try makeServer(gate), makeClient(connections: 1))
        defer { server.stop() }
        let first = Task { try await client.send(request(server, "/held")) }
        try await eventually("the first request is under way") { server.requests.count == 1 }
        let second = Task { try await client.send(request(server, "/second", timeout: .seconds(2))) }
        try await eventually("the second request waits") { client.load == HTTPClientLoad(queued: 1, inFlight: 1) }
        try await Task.sleep(for: .milliseconds(2200))
        gate.open()
        #expect(try await first.value.status == 200)
        #expect(try await second.value.status == 200)
    }

    @Test func waitingRequestsKeepTheirOrder() async throws {
        let gate = Gate(opensAt: 2)
        let (server, client) = (try makeServer(gate), makeClient(connections: 1))
        defer { server.stop() }
        var tasks = [Task { try await client.send(request(server, "/held")) }]
        try await eventually("the first request is under way") { client.load.inFlight == 1 }
        for number in 1...6 {
            tasks.append(Task { try await client.send(request(server, "/\(number)")) })
            try await eventually("request \(number) waits") { client.load.queued == number }
        }
        gate.open()
        for task in tasks { _ = try await task.value }
        #expect(server.requests.map(\.path) == ["/held"] + (1...6).map { "/\($0)" })
        try await eventually("nothing is left") { client.load == HTTPClientLoad() }
    }

    /// The first, the last and one between, so that the chain of the queue is mended everywhere.
    @Test(arguments: [[0], [2], [4], [0, 1, 2, 3, 4], [1, 3]])
    func cancelledRequestsLeaveTheQueueAtOnce(cancelled: [Int]) async throws {
        let gate = Gate(opensAt: 2)
        let (server, client) = (try makeServer(gate), makeClient(connections: 1))
        defer { server.stop() }
        let first = Task { try await client.send(request(server, "/held")) }
        try await eventually("the first request is under way") { client.load.inFlight == 1 }
        var waiting: [Task<HTTPResponse, any Error>] = []
        for number in 0..<5 {
            waiting.append(Task { try await client.send(request(server, "/\(number)")) })
            try await eventually("request \(number) waits") { client.load.queued == number + 1 }
        }
        for number in cancelled {
            waiting[number].cancel()
            await #expect(throws: TransportError.cancelled(url: server.url + "/\(number)")) {
                try await waiting[number].value
            }
        }
        try await eventually("they are out of the queue") { client.load.queued == 5 - cancelled.count }
        gate.open()
        _ = try await first.value
        let left = (0..<5).filter { !cancelled.contains($0) }
        for number in left { #expect(try await waiting[number].value.status == 200) }
        #expect(server.requests.map(\.path) == ["/held"] + left.map { "/\($0)" })
    }

    @Test func aThousandRequestsShareEightConnections() async throws {
        let server = try ScriptedServer { .json($0.text) }
        defer { server.stop() }
        let client = makeClient(connections: 8)
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<1000 {
                let request = HTTPRequest(method: "POST", url: server.url + "/", body: Array(String(number).utf8))
                group.addTask { String(decoding: try await client.send(request).body, as: UTF8.self) }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(answers == Set((0..<1000).map(String.init)))
        #expect(server.connectionCount <= 8)
    }

    @Test func originsDoNotWaitForEachOther() async throws {
        let gate = Gate(opensAt: 2)
        let (slow, client) = (try makeServer(gate), makeClient(connections: 1))
        let quick = try ScriptedServer { _ in .json("1") }
        defer {
            slow.stop()
            quick.stop()
        }
        let held = Task { try await client.send(request(slow, "/held")) }
        try await eventually("the slow request is under way") { client.load.inFlight == 1 }
        #expect(try await client.send(request(quick, "/")).status == 200)
        gate.open()
        _ = try await held.value
    }

    @Test func shutdownEndsWhatWaits() async throws {
        let server = try ScriptedServer { _ in .silence }
        defer { server.stop() }
        let client = makeClient(connections: 1)
        let tasks = (0..<6).map { number in Task { try await client.send(request(server, "/\(number)")) } }
        try await eventually("one is under way, five wait") {
            client.load == HTTPClientLoad(queued: 5, inFlight: 1)
        }
        try await eventually("the server has seen it") { server.requests.count == 1 }
        client.shutdown()
        for (number, task) in tasks.enumerated() {
            await #expect(throws: TransportError.cancelled(url: server.url + "/\(number)")) { try await task.value }
        }
        #expect(server.requests.count == 1)
    }

    @Test func aFailedTransferGivesItsPlaceToTheNext() async throws {
        let server = try ScriptedServer { $0.path == "/reset" ? .reset(after: "HTTP/1.1 200 OK\r\n") : .json("1") }
        defer { server.stop() }
        let client = makeClient(connections: 1)
        let tasks = ["/reset", "/reset", "/good", "/reset", "/good"].map { path in
            (path, Task { try await client.send(request(server, path)) })
        }
        for (path, task) in tasks {
            let isGood = (try? await task.value)?.status == 200
            #expect(isGood == (path == "/good"))
        }
    }
}
