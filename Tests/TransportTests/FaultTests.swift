import Foundation
import Testing

@testable import Transport

/// Servers that misbehave: each ends in an error that names the URL, within the stated deadline.
@Suite(.timeLimit(.minutes(15))) struct FaultTests {
    let client = HTTPClient()

    private func failure(
        _ server: ScriptedServer, timeout: Duration = .seconds(600), idleTimeout: Duration? = nil,
        maximumResponseBytes: Int = 1000
    ) async -> TransportError? {
        do throws(TransportError) {
            _ = try await client.send(
                HTTPRequest(
                    method: "POST", url: server.url + "/", timeout: timeout, idleTimeout: idleTimeout,
                    maximumResponseBytes: maximumResponseBytes))
            return nil
        } catch {
            return error
        }
    }

    private func isInterruption(_ error: TransportError?) -> Bool {
        if case .interrupted? = error { true } else { false }
    }

    /// One byte now and then, without end.
    private func drippingServer() throws -> ScriptedServer {
        try ScriptedServer { _ in
            .script { connection in
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                while connection.write("x") { usleep(50_000) }
            }
        }
    }

    @Test func aSlowLorisRunsIntoTheDeadline() async throws {
        let server = try drippingServer()
        defer { server.stop() }
        #expect(
            await failure(server, timeout: .milliseconds(400), idleTimeout: .seconds(30))
                == .timedOut(url: server.url + "/", after: .milliseconds(400)))
    }

    @Test func aSlowLorisInTheHeadRunsIntoTheDeadline() async throws {
        let server = try ScriptedServer { _ in
            .script { connection in
                connection.write("HTTP/1.1 200 OK\r\nX-Slow: ")
                while connection.write("x") { usleep(50_000) }
            }
        }
        defer { server.stop() }
        #expect(
            await failure(server, timeout: .milliseconds(400))
                == .timedOut(url: server.url + "/", after: .milliseconds(400)))
    }

    @Test func aStalledBodyRunsIntoTheIdleDeadline() async throws {
        let server = try ScriptedServer { _ in
            .script {
                $0.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx")
                $0.awaitClose()
            }
        }
        defer { server.stop() }
        #expect(
            await failure(server, idleTimeout: .milliseconds(200))
                == .timedOut(url: server.url + "/", after: .milliseconds(200)))
    }

    @Test func theIdleDeadlineDoesNotRunBeforeTheResponseBegins() async throws {
        let server = try ScriptedServer { _ in
            .script {
                usleep(500_000)
                $0.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")
            }
        }
        defer { server.stop() }
        #expect(await failure(server, idleTimeout: .milliseconds(150)) == nil)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ntoo short",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\nx\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n",
        "",
    ])
    func anAnswerThatBreaksOffIsAnInterruption(answer: String) async throws {
        let server = try ScriptedServer { _ in .raw(answer) }
        defer { server.stop() }
        let error = await failure(server)
        #expect(isInterruption(error), "\(String(describing: error))")
        #expect(error?.mayHaveRun == true)
    }

    @Test(arguments: [
        "garbage without a head\r\n\r\n", "HTTP/1.1 banana\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: banana\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
    ])
    func anAnswerThatIsNotHTTPIsNoSuccess(answer: String) async throws {
        let server = try ScriptedServer { _ in .raw(answer) }
        defer { server.stop() }
        let error = await failure(server)
        #expect(error != nil)
        #expect(error?.mayHaveRun == true)
    }

    @Test func endlessHeadersAreRefused() async throws {
        let server = try ScriptedServer { _ in
            .script { connection in
                connection.write("HTTP/1.1 200 OK\r\n")
                while connection.write("X-Endless: \(String(repeating: "x", count: 1000))\r\n") {}
            }
        }
        defer { server.stop() }
        #expect(await failure(server) == .tooLarge(url: server.url + "/", limit: Transfer.maximumHeaderBytes))
    }

    @Test func anEndlessBodyIsRefused() async throws {
        let server = try ScriptedServer { _ in
            .script { connection in
                connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                while connection.write("a\r\n0123456789\r\n") {}
            }
        }
        defer { server.stop() }
        #expect(await failure(server) == .tooLarge(url: server.url + "/", limit: 1000))
    }

    /// The handle that served one request must not carry anything over to the next.
    @Test func handlesAreReusedCleanly() async throws {
        let server = try ScriptedServer { request in
            if request.method == "HEAD" { return .raw("HTTP/1.1 202 OK\r\nContent-Length: 5\r\n\r\n") }
            let type = request.headers["content-type"] ?? "-"
            return .json("\(request.method) \(request.body.count) \(type) \(request.headers["x-a"] ?? "-")")
        }
        defer { server.stop() }
        let exchanges: [(String, [(String, String)], Int, String)] = [
            ("DELETE", [], 0, "DELETE 0 - -"),
            ("GET", [("X-A", "1")], 0, "GET 0 - 1"),
            ("POST", [("Content-Type", "text/plain")], 3, "POST 3 text/plain -"),
            ("HEAD", [], 0, ""),
            ("PUT", [("X-A", "2")], 100_000, "PUT 100000 - 2"),
            ("POST", [("X-A", "2")], 0, "POST 0 - 2"),
            ("GET", [("X-A", "")], 0, "GET 0 - "),
            ("PATCH", [], 1, "PATCH 1 - -"),
            ("GET", [], 0, "GET 0 - -"),
        ]
        for (method, headers, count, answer) in exchanges {
            let request = HTTPRequest(
                method: method, url: server.url + "/", headers: headers, body: [UInt8](repeating: 1, count: count))
            let response = try await client.send(request)
            #expect(String(decoding: response.body, as: UTF8.self) == answer)
            #expect(response.status == (method == "HEAD" ? 202 : 200))
        }
    }
}
