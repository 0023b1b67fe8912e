import Primitives
import Testing
import Transport

@testable import Agents

@Suite(.timeLimit(.minutes(15))) struct StreamableHTTPTests {
    private func settings(_ endpoint: ScriptedMCPEndpoint, token: String? = nil) -> MCPServerSettings {
        MCPServerSettings(
            name: "web", transport: .http(url: endpoint.url, bearerTokenVariable: token), startTimeout: .seconds(600),
            callTimeout: .seconds(600))
    }

    /// Connects, runs the body, disconnects and stops the server.
    private func with(
        _ options: ScriptedMCPEndpoint.Options = .init(), change: (inout MCPServerSettings) -> Void = { _ in },
        _ body: (ScriptedMCPEndpoint, MCPToolSource) async throws -> Void
    ) async throws {
        let endpoint = try await ScriptedMCPEndpoint(options)
        var settings = settings(endpoint)
        change(&settings)
        do {
            let source = try await MCPToolSource.connect(settings)
            do {
                try await body(endpoint, source)
                await source.close()
            } catch {
                await source.close()
                throw error
            }
        } catch {
            await endpoint.stop()
            throw error
        }
        await endpoint.stop()
    }

    private func outcome(_ source: MCPToolSource, _ tool: String, _ arguments: JSONValue = [:]) async -> ToolResult {
        let tools = source.tools.filter { $0.serverToolName == tool }
        guard let tool = tools.first else { return ToolResult(content: "no such tool") }
        do throws(ToolFailure) { return try await tool.call(arguments: arguments) } catch { return ToolResult(error) }
    }

    @Test func `a session from the handshake to its end`() async throws {
        try await with { endpoint, source in
            #expect(await outcome(source, "echo", ["text": "a"]) == ToolResult(content: "a"))
            await source.close()
            let initialize = try #require(endpoint.messages("initialize").first)
            #expect(initialize.headers["accept"] == "application/json, text/event-stream")
            #expect(initialize.headers["mcp-session-id"] == nil)
            #expect(initialize.headers["mcp-protocol-version"] == nil)
            #expect(endpoint.messages("notifications/initialized").count == 1)
            for request in endpoint.requests.dropFirst() {
                #expect(request.headers["mcp-session-id"] == "session-1")
                #expect(request.headers["mcp-protocol-version"] == "2025-11-25")
            }
            #expect(endpoint.requests.last?.method == "DELETE")
        }
    }

    @Test func `servers without sessions`() async throws {
        try await with(.init(givesSession: false)) { endpoint, source in
            #expect(await outcome(source, "echo", ["text": "a"]).content == "a")
            await source.close()
            #expect(!endpoint.requests.contains { $0.method == "DELETE" || $0.headers["mcp-session-id"] != nil })
        }
    }

    @Test func `the revision without a handshake says all in each request`() async throws {
        try await with(.init(isStateless: true)) { endpoint, source in
            #expect(source.protocolVersion == "2026-07-28")
            #expect(await outcome(source, "echo", ["text": "a"]).content == "a")
            let call = try #require(endpoint.messages("tools/call").first)
            #expect(call.headers["mcp-protocol-version"] == "2026-07-28")
            #expect(call.headers["mcp-method"] == "tools/call")
            #expect(call.headers["mcp-name"] == "echo")
            let meta = call.body["params"]?["_meta"]
            #expect(meta?["io.modelcontextprotocol/protocolVersion"] == "2026-07-28")
            #expect(meta?["io.modelcontextprotocol/clientCapabilities"] == [:])
        }
    }

    @Test func `an answer in a stream of events, byte by byte, between other messages`() async throws {
        try await with { endpoint, source in
            #expect(await outcome(source, "pieces") == ToolResult(content: "π in pieces"))
            let answer = try #require(endpoint.requests.first { $0.body["id"] == "p" })
            #expect(answer.body == ["jsonrpc": "2.0", "id": "p", "result": [:]])
        }
    }

    @Test func `a stream that breaks off is resumed where the server said how`() async throws {
        try await with { endpoint, source in
            #expect(await outcome(source, "resumed") == ToolResult(content: "resumed"))
            #expect(endpoint.messages("tools/call").count == 1)
            #expect(await outcome(source, "broken").failure == .malformedAnswer)
        }
    }

    @Test func `a forgotten session is opened anew, once for many calls, and their requests sent again`() async throws {
        try await with { endpoint, source in
            endpoint.forgetSessions()
            let contents = await withTaskGroup(of: String.self) { group in
                for _ in 0..<8 { group.addTask { await outcome(source, "echo", ["text": "a"]).content } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(contents == Array(repeating: "a", count: 8))
            #expect(endpoint.messages("initialize").count == 2)
            #expect(endpoint.messages("tools/call").count <= 16)
        }
    }

    @Test func `failures keep their kind`() async throws {
        try await with(change: { $0.maximumAnswerBytes = 100_000 }) { _, source in
            #expect(await outcome(source, "big").failure == .tooLarge)
            #expect(await outcome(source, "limited").failure == .rateLimited)
            #expect(await outcome(source, "down").failure == .unavailable)
            #expect(await outcome(source, "nothing").failure == .malformedAnswer)
            #expect(await outcome(source, "damaged").failure == .malformedAnswer)
            #expect(await outcome(source, "echo", ["text": "fine"]).content == "fine")
        }
    }

    @Test func `a call that is never answered ends by its time, and the server is told`() async throws {
        try await with(change: { $0.callTimeout = .milliseconds(200) }) { endpoint, source in
            #expect(await outcome(source, "silent").failure == .timeout)
            while endpoint.messages("notifications/cancelled").isEmpty { try await Task.sleep(for: .milliseconds(2)) }
            let call = try #require(endpoint.messages("tools/call").first)
            let cancelled = try #require(endpoint.messages("notifications/cancelled").first)
            #expect(cancelled.body["params"]?["requestId"] == call.body["id"])
        }
    }

    @Test func `a cancelled call ends at once`() async throws {
        try await with { endpoint, source in
            let call = Task { await outcome(source, "silent") }
            while endpoint.messages("tools/call").isEmpty { try await Task.sleep(for: .milliseconds(2)) }
            call.cancel()
            #expect(await call.value.failure == .unavailable)
        }
    }

    @Test func `changes of the tools are heard`() async throws {
        try await with(.init(tellsChanges: true)) { endpoint, source in
            #expect(await outcome(source, "echo", ["text": "a"]).content == "a")
            while !endpoint.hasListener { try await Task.sleep(for: .milliseconds(2)) }
            endpoint.dropEcho()
            // The notification is handled on its own time.
            while await outcome(source, "echo").failure != .notFound { try await Task.sleep(for: .milliseconds(2)) }
            let current = try await source.currentTools()
            #expect(current.first?.serverToolName == "pieces")
        }
    }

    @Test func `a key comes from the environment, and its lack is said`() async throws {
        let endpoint = try await ScriptedMCPEndpoint(.init(token: "secret-7"))
        var problems: [MCPError.Problem?] = []
        for environment in [[:], ["KEY": "wrong-8"]] {
            do throws(MCPError) {
                await (try MCPToolSource.connect(settings(endpoint, token: "KEY"), environment: environment)).close()
                problems.append(nil)
            } catch {
                problems.append(error.problem)
                #expect(!error.description.contains("wrong-8"))
            }
        }
        #expect(problems == [.missingVariable("KEY"), .unauthorized(status: 401)])
        let source = try await MCPToolSource.connect(settings(endpoint, token: "KEY"), environment: ["KEY": "secret-7"])
        #expect(await outcome(source, "echo", ["text": "a"]).content == "a")
        await source.close()
        await endpoint.stop()
    }

    /// Port 1 is nobody's; one that a test has given back may be another test's by now.
    @Test func `a server that is not there is named`() async throws {
        let settings = MCPServerSettings(
            name: "web", transport: .http(url: "http://127.0.0.1:1/mcp", bearerTokenVariable: nil),
            startTimeout: .seconds(600), callTimeout: .seconds(600))
        let error = await #expect(throws: MCPError.self) { try await MCPToolSource.connect(settings) }
        #expect(error?.description.contains("\"web\": cannot reach") == true, "\(String(describing: error))")
    }
}
