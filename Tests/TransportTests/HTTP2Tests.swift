import Foundation
import Testing

@testable import Transport

@Suite(
    .enabled(if: FileManager.default.isExecutableFile(atPath: HTTP2Server.openssl), "needs /usr/bin/openssl"),
    .timeLimit(.minutes(15)))
struct HTTP2Tests {
    /// The server answers only when all requests are open at once, and it has only one connection.
    @Test func requestsShareOneConnection() async throws {
        let server = try await HTTP2Server(batch: 32)
        defer { server.stop() }
        let client = HTTPClient(configuration: HTTPClientConfiguration(certificateAuthorities: server.certificate))
        let request = HTTPRequest(
            method: "POST", url: "https://127.0.0.1:\(server.port)/", headers: [("X-API-Key", "k")],
            body: Array("{}".utf8))
        try await waitForListener(server.port)
        let answers = try await withThrowingTaskGroup(of: HTTPResponse.self) { group in
            for _ in 0..<32 { group.addTask { try await client.send(request) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0.status == 200 })
        #expect(Set(answers.map { String(decoding: $0.body, as: UTF8.self) }).count == 32)
        #expect(server.mostOpen == 32)
    }

    @Test func streamsWorkOverHTTP2() async throws {
        let server = try await HTTP2Server(batch: 1)
        defer { server.stop() }
        let client = HTTPClient(configuration: HTTPClientConfiguration(certificateAuthorities: server.certificate))
        try await waitForListener(server.port)
        for _ in 0..<3 {
            let stream = try await client.stream(HTTPRequest(method: "GET", url: "https://127.0.0.1:\(server.port)/"))
            #expect(stream.status == 200)
            #expect(String(decoding: try await stream.collect(), as: UTF8.self).hasPrefix("stream "))
        }
        #expect(server.servedCount == 3)
    }

    /// Connecting would use up the only connection that `s_server` serves at a time, so the system's table is asked.
    private func waitForListener(_ port: UInt16) async throws {
        let entry = ":" + String(port, radix: 16, uppercase: true) + " 00000000:0000 0A"
        try await eventually("openssl s_server listens") {
            // `String(contentsOfFile:)` reads the first page only of a file whose size the system states as 0.
            guard let file = FileHandle(forReadingAtPath: "/proc/net/tcp") else { return true }
            return String(decoding: file.readDataToEndOfFile(), as: UTF8.self).contains(entry)
        }
    }
}
