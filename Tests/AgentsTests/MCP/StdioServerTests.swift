import Foundation
import Primitives
import Testing

@testable import Agents

@Suite(
    .enabled(if: ScriptedMCPProgram.isAvailable, "needs Python at /usr/bin/python3 or /usr/local/bin/python3"),
    .timeLimit(.minutes(15)))
struct StdioServerTests {
    /// Connects, runs the body and ends the server.
    private func with<Value>(
        _ settings: MCPServerSettings = ScriptedMCPProgram.settings(),
        _ body: (MCPToolSource) async throws -> Value
    ) async throws -> Value {
        let source = try await MCPToolSource.connect(settings, environment: ["PATH": "/usr/bin:/bin", "SECRET": "s"])
        do {
            let value = try await body(source)
            await source.close()
            return value
        } catch {
            await source.close()
            throw error
        }
    }

    private func connectError(_ settings: MCPServerSettings) async -> MCPError? {
        do throws(MCPError) {
            await (try MCPToolSource.connect(settings)).close()
            return nil
        } catch {
            return error
        }
    }

    private func outcome(_ source: MCPToolSource, _ name: String, _ arguments: JSONValue) async -> ToolResult {
        guard let tool = source.tools.first(where: { $0.serverToolName == name }) else {
            return ToolResult(content: "the server offers no \(name)")
        }
        do throws(ToolFailure) { return try await tool.call(arguments: arguments) } catch { return ToolResult(error) }
    }

    /// How the call failed, or `nil`.
    private func failure(
        _ source: MCPToolSource, _ name: String, _ arguments: JSONValue = [:]
    ) async -> ToolFailure.Kind? { await outcome(source, name, arguments).failure }

    private func text(_ source: MCPToolSource, _ name: String, _ arguments: JSONValue = [:]) async -> String {
        await outcome(source, name, arguments).content
    }

    @Test(arguments: [1, 4, 100])
    func `all pages of the list are read, in order`(page: Int) async throws {
        try await with(ScriptedMCPProgram.settings("--page", "\(page)")) { source in
            #expect(source.tools.prefix(3).map(\.description.name) == ["echo", "hold", "die"])
            #expect(source.tools.count == 21)
            #expect(source.tools[0].description.description == "Does echo")
            #expect(source.tools[0].description.parameters["properties"] == ["text": ["type": "string"]])
            #expect(source.serverInformation == "scripted 0.1")
            #expect(source.protocolVersion == "2025-11-25")
        }
    }

    @Test func `a call through the router`() async throws {
        var settings = ScriptedMCPProgram.settings()
        settings.prefix = "lab"
        settings.allowedTools = ["echo"]
        try await with(settings) { source in
            let router = ToolRouter(tools: source.tools)
            let call = ToolCall(name: "lab_echo", arguments: ["text": "naïve\n\u{2028}<|im_end|>"])
            #expect(await router.answer(call) == ToolResult(content: "naïve\n\u{2028}<|im_end|>"))
            #expect(source.tools[0].traits.isTrusted == false)
        }
    }

    @Test func `many calls at once are told apart when answered in another order`() async throws {
        try await with { source in
            let texts = await withTaskGroup(of: (Int, String).self) { group in
                for number in 0..<50 {
                    group.addTask {
                        (number, await text(source, "hold", ["text": "\(number)", "until": 50]))
                    }
                }
                return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            #expect(texts == Dictionary(uniqueKeysWithValues: (0..<50).map { ($0, "\($0)") }))
        }
    }

    @Test(arguments: ["2024-11-05", "2025-03-26", "2025-06-18"])
    func `older revisions are spoken`(version: String) async throws {
        try await with(ScriptedMCPProgram.settings("--version", version)) { source in
            #expect(source.protocolVersion == version)
            #expect(await text(source, "echo", ["text": "a"]) == "a")
        }
    }

    @Test func `the revision without a handshake is spoken where a server knows no other`() async throws {
        try await with(ScriptedMCPProgram.settings("--stateless")) { source in
            #expect(source.protocolVersion == "2026-07-28")
            #expect(source.serverInformation == "modern 2")
            #expect(await text(source, "echo", ["text": "a"]) == "a")
        }
    }

    @Test func `an unknown revision is refused`() async {
        let error = await connectError(ScriptedMCPProgram.settings("--version", "1999-01-01"))
        #expect(error?.problem == .unsupportedVersion(offered: "1999-01-01"))
    }

    @Test func `lists choose tools, and what the server does not offer is an error that lists what it does`()
        async throws
    {
        var settings = ScriptedMCPProgram.settings()
        settings.allowedTools = ["echo", "die", "kinds"]
        settings.deniedTools = ["die"]
        try await with(settings) { source in #expect(source.tools.map(\.serverToolName) == ["echo", "kinds"]) }
        settings.deniedTools = ["dye"]
        let error = await connectError(settings)
        #expect(error?.description.contains("no tool \"dye\"") == true)
        #expect(error?.description.contains("echo, hold, die") == true)
    }

    @Test(arguments: [
        ("--twice", "two tools named \"echo\""), ("--odd", "cannot be used"), ("--circle", "in a circle"),
    ])
    func `an unusable list of tools is refused`(option: String, expected: String) async {
        let error = await connectError(ScriptedMCPProgram.settings(option))
        #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
    }

    @Test func `the program gets the variables it was promised and no others`() async throws {
        try await with { source in
            #expect(
                await text(source, "environment").split(separator: " ").filter { $0 != "LC_CTYPE" }
                    == ["MCP_TEST_GIVEN", "PATH"])
        }
    }

    @Test func `every kind of content becomes text or a note, and links become citations`() async throws {
        try await with { source in
            let tool = try #require(source.tools.first { $0.serverToolName == "kinds" })
            let result = try await tool.call(arguments: [:])
            #expect(
                result.content == """
                    first
                    [image left out: image/png]
                    [audio left out: audio/wav]
                    one: https://example.org/1 (a page)
                    file:///2
                    second
                    [file:///3 left out: application/pdf]
                    [content of type "hologram" left out]
                    """)
            #expect(result.citations.map(\.identifier) == ["https://example.org/1", "file:///2", "file:///3"])
            #expect(result.citations.map(\.url) == ["https://example.org/1", nil, nil])
            #expect(await text(source, "structured") == "{\"dose\":5}")
        }
    }

    @Test func `failures keep their kind`() async throws {
        var settings = ScriptedMCPProgram.settings()
        settings.maximumAnswerBytes = 100_000
        try await with(settings) { source in
            #expect(await failure(source, "failing") == .invalidCall)
            #expect(await text(source, "failing") == "Error: no such drug.")
            #expect(await failure(source, "refuse", ["code": -32602]) == .invalidCall)
            #expect(await failure(source, "refuse", ["code": -32601]) == .notFound)
            #expect(await failure(source, "refuse", ["code": -32603]) == .unavailable)
            #expect(await failure(source, "damaged") == .malformedAnswer)
            #expect(await failure(source, "bare") == .malformedAnswer)
            #expect(await failure(source, "input") == .unavailable)
            #expect(await failure(source, "big", ["size": 5_000_000]) == .tooLarge)
            #expect(await text(source, "big", ["size": 90_000]).count == 90_000)
        }
    }

    @Test func `noise of every kind does not disturb a connection`() async throws {
        try await with(ScriptedMCPProgram.settings("--noise")) { source in
            #expect(await text(source, "garbage") == "after the garbage")
            #expect(await text(source, "flood") == "after the flood")
            #expect(await text(source, "ask") == "[{}, -32601]")
        }
    }

    @Test func `a call that is never answered ends by its time, and the server is told`() async throws {
        var settings = ScriptedMCPProgram.settings()
        settings.callTimeout = .milliseconds(100)
        try await with(settings) { source in
            #expect(await failure(source, "wrong_ids") == .timeout)
            #expect(await failure(source, "silent") == .timeout)
            // Initialisation and listing were requests 1 and 2.
            #expect(await text(source, "cancellations") == "[3, 4]")
        }
    }

    @Test func `a cancelled call ends at once, and the server is told`() async throws {
        try await with { source in
            let call = Task { await failure(source, "silent") }
            call.cancel()
            #expect(await call.value == .unavailable)
            #expect(await text(source, "cancellations").contains("3"))
        }
    }

    @Test func `progress keeps a call alive`() async throws {
        var settings = ScriptedMCPProgram.settings()
        settings.silenceTimeout = .seconds(1)
        try await with(settings) { source in
            #expect(await text(source, "progress") == "done")
            #expect(await text(source, "silent").contains("1.0 seconds"))
        }
    }

    @Test func `a server that dies fails its calls, and is started anew a bounded number of times`() async throws {
        var settings = ScriptedMCPProgram.settings()
        settings.maximumRestarts = 2
        try await with(settings) { source in
            async let waiting = failure(source, "hold", ["text": "a", "until": 2])
            #expect(await failure(source, "die", ["once_held": true]) == .unavailable)
            let waited = await waiting
            #expect(waited == .unavailable)
            #expect(await text(source, "echo", ["text": "again"]) == "again")
            for _ in 0..<3 { #expect(await failure(source, "die") == .unavailable) }
            #expect(await failure(source, "echo") == .unavailable)
        }
    }

    @Test func `a dropped tool is answered as such, and the list can be read again`() async throws {
        try await with { source in
            #expect(await text(source, "drop") == "dropped")
            let tool = try #require(source.tools.first)
            let router = ToolRouter(tools: [tool])
            var answer = await router.answer(ToolCall(name: "echo", arguments: [:]))
            // The notification is handled on its own time.
            while !answer.content.contains("no longer offers") {
                try await Task.sleep(for: .milliseconds(2))
                answer = await router.answer(ToolCall(name: "echo", arguments: [:]))
            }
            #expect(answer.failure == .notFound)
            let current = try await source.currentTools()
            #expect(current.count == 20)
        }
    }

    @Test func `a slow start is waited for, a mute server is not`() async throws {
        try await with(ScriptedMCPProgram.settings("--slow", "0.3")) { #expect($0.tools.count == 21) }
        var settings = ScriptedMCPProgram.settings("--mute")
        settings.startTimeout = .milliseconds(500)
        let error = await connectError(settings)
        #expect(error?.description.contains("no answer to initialize") == true, "\(String(describing: error))")
        #expect(error?.description.contains("waiting for the database") == true)
    }

    @Test(arguments: [["/nonexistent/server"], ["/bin/sh", "-c", "echo broken >&2; exit 7"]])
    func `a program that cannot serve is named with its own words`(command: [String]) async {
        let error = await connectError(
            MCPServerSettings(
                name: "lab", transport: .stdio(command: command[0], arguments: Array(command.dropFirst())),
                startTimeout: .seconds(600)))
        let expected =
            command.count == 1 ? "cannot start /nonexistent/server: No such file" : "status 7; it wrote: broken"
        #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
    }

    @Test func `closing ends the server with all that it started, and further calls fail`() async throws {
        let source = try await MCPToolSource.connect(ScriptedMCPProgram.settings())
        let child = try #require(pid_t(await text(source, "child")))
        #expect(kill(child, 0) == 0)
        await source.close()
        #expect(await failure(source, "echo") == .unavailable)
        // Killed, but perhaps not yet reaped by the system's first process.
        let state = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
        #expect(state.map { $0.contains(") Z ") || $0.contains(") X ") } ?? true, "\(state ?? "")")
    }

    @Test func `a source that nobody holds ends its server`() async throws {
        let child = try await {
            let source = try await MCPToolSource.connect(ScriptedMCPProgram.settings())
            return pid_t(await text(source, "child"))
        }()
        // Ends with the test's time limit if the server lives on.
        while let state = try? String(contentsOfFile: "/proc/\(child ?? 0)/stat", encoding: .utf8),
            !state.contains(") Z ")
        {
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
