import Foundation
import Primitives
import Storage
import Testing
import Transport

@testable import Agents

/// Sources asked over real connections: what is sent, and that keys stay where they belong.
@Suite struct LiveSourceTests {
    private static let key = "s3cr3t+key/42"
    private let http = HTTPClient()

    private func tools(
        _ name: String, _ server: ScriptedServer, cassette: Cassette? = nil, cache: String? = nil
    ) throws -> ToolRouter {
        var settings = SourceSettings()
        settings.url = server.url
        settings.apiKeyEnv = "KEY"
        settings.contact = "me@example.org"
        settings.timeout = .seconds(600)
        settings.cacheDirectory = cache
        return ToolRouter(
            tools: try SourceCatalogue.make(
                name, settings, http: http, cassette: cassette, environment: ["KEY": Self.key],
                time: ManualTime().time
            ).map { PatientTool(tool: $0) })
    }

    @Test(
        arguments: [
            ("serper", "web_search", ["query": "a"], "x-api-key", "s3cr3t+key/42"),
            ("brave", "web_search", ["query": "a"], "x-subscription-token", "s3cr3t+key/42"),
            ("tavily", "web_search", ["query": "a"], "authorization", "Bearer s3cr3t+key/42"),
            ("searxng", "web_search", ["query": "a"], "authorization", "Bearer s3cr3t+key/42"),
        ] as [(String, String, JSONValue, String, String)])
    func `keys travel in headers`(
        source: String, tool: String, arguments: JSONValue, header: String, value: String
    ) async throws {
        let server = try ScriptedServer { _ in .json("{\"results\":[],\"organic\":[],\"type\":\"search\",\"query\":{}}")
        }
        defer { server.stop() }
        let result = try await tools(source, server).run(ToolCall(name: tool, arguments: arguments))
        #expect(result == ToolResult(content: "No result."))
        let request = try #require(server.requests.first)
        #expect(request.headers[header] == value && !request.path.contains("key"))
        #expect(request.headers["user-agent"] == "medresearcher (me@example.org)")
        #expect(request.headers["accept-encoding"] == nil)
    }

    @Test func `NCBI is told who asks, and the key stands in the query`() async throws {
        let server = try ScriptedServer { _ in .json("{\"esearchresult\":{\"count\":\"0\",\"idlist\":[]}}") }
        defer { server.stop() }
        let result = try await tools("pubmed", server).run(ToolCall(name: "pubmed", arguments: ["query": "a"]))
        #expect(result.content == "No result.")
        let path = try #require(server.requests.first?.path)
        #expect(path.hasSuffix("&tool=medresearcher&email=me%40example.org&api_key=s3cr3t%2Bkey%2F42"))
    }

    /// A server that repeats the key wherever it can: in bodies, headers and errors.
    @Test(arguments: [200, 400, 401, 429, 500])
    func `a key that the server repeats is seen nowhere`(status: Int) async throws {
        let directory = try TemporaryDirectory()
        let server = try ScriptedServer { request in
            let echo = "\(Self.key) s3cr3t%2Bkey%2F42 \(request.path)"
            return .json(
                "{\"esearchresult\":{\"count\":\"0\",\"idlist\":[],\"errorlist\":{\"phrasesnotfound\":[\"\(echo)\"]}},\"error\":\"\(echo)\"}",
                status: status, headers: ["Location: http://x/?api_key=\(Self.key)", "Retry-After: 0"])
        }
        defer { server.stop() }
        let cassette = try Cassette(path: directory.path + "/c.jsonl", mode: .record)
        let call = ToolCall(name: "pubmed", arguments: ["query": "a"])
        let recorded = try await tools("pubmed", server, cassette: cassette).run(call)
        let cached = try await tools("pubmed", server, cache: directory.path + "/cache").run(call)
        #expect(server.requests.allSatisfy { $0.path.contains("s3cr3t%2Bkey%2F42") })
        var texts = [recorded.content, cached.content, "\(recorded)", "\(cached)"]
        for case let file as String in try #require(FileManager.default.enumerator(atPath: directory.path)) {
            let path = directory.path + "/" + file
            if !FileStore.isDirectory(path) { texts.append(try FileStore.readText(path)) }
        }
        #expect(texts.count >= (status == 200 ? 6 : 5))
        for text in texts { #expect(!text.contains("s3cr3t") && !text.contains("me%40example"), "\(text)") }
    }

    @Test func `a key is in no description or reflection`() {
        let credential = SourceCredential(.header("X-API-KEY"), Self.key)
        var dumped = ""
        dump(credential, to: &dumped)
        for text in ["\(credential)", String(reflecting: credential), dumped] { #expect(!text.contains("s3cr3t")) }
    }

    @Test func `what was recorded from a server replays without it and without a key`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/c.jsonl"
        let server = try ScriptedServer { _ in
            .json("{\"results\":[{\"title\":\"T\",\"url\":\"https://a.test/\",\"content\":\"c\"}]}")
        }
        let call = ToolCall(name: "web_search", arguments: ["query": "gout"])
        let live = try await tools("tavily", server, cassette: try Cassette(path: path, mode: .record)).answer(call)
        server.stop()
        var settings = SourceSettings()
        settings.url = server.url
        settings.timeout = .seconds(600)
        let replayed = ToolRouter(
            tools: try SourceCatalogue.make(
                "tavily", settings, http: http, cassette: Cassette(path: path, mode: .replay), environment: [:]))
        #expect(await replayed.answer(call) == live)
        #expect(live.citations.count == 1)
    }

    @Test func `a busy server is asked again`() async throws {
        let server = try ScriptedServer { request in
            request.index == 0
                ? .json(
                    "{\"error\":\"API rate limit exceeded\",\"limit\":\"3\"}", status: 429, headers: ["Retry-After: 2"])
                : .json("{\"esearchresult\":{\"count\":\"0\",\"idlist\":[]}}")
        }
        defer { server.stop() }
        let result = try await tools("pubmed", server).run(ToolCall(name: "pubmed", arguments: ["query": "a"]))
        #expect(result.content == "No result." && server.requests.count == 2)
    }

    @Test func `a call that is given up lets go of its connection`() async throws {
        let closed = AsyncStream<Void>.makeStream()
        let server = try ScriptedServer { _ in
            .script { connection in
                connection.awaitClose()
                closed.continuation.yield()
            }
        }
        defer { server.stop() }
        let router = try tools("pubmed", server)
        let task = Task { await router.answer(ToolCall(name: "pubmed", arguments: ["query": "a"])) }
        while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        #expect(await task.value.failure == .timeout)
        for await _ in closed.stream { break }
    }
}
