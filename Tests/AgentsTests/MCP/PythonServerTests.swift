import Foundation
import Primitives
import Testing

@testable import Agents

/// The client against servers of the protocol's own Python SDK.
@Suite(
    .enabled(
        if: !PythonServer.pythons.isEmpty,
        "needs ~/.cache/medresearcher-peers/mcp or mcp-1, Python environments with the package mcp 2 or 1"),
    .timeLimit(.minutes(15)))
struct PythonServerTests {
    private func check(_ source: MCPToolSource) async throws {
        #expect(source.tools.map(\.serverToolName) == ["add", "dose", "fail", "wait"])
        let router = ToolRouter(tools: source.tools)
        let sum = await router.answer(ToolCall(name: "add", arguments: ["a": 2, "b": 40]))
        #expect(sum == ToolResult(content: "42"))
        let dose = await router.answer(ToolCall(name: "dose", arguments: ["drug": "salbutamol", "weight": 70.5]))
        #expect(try JSONValue.parse(dose.content)["milligrams"]?.doubleValue == 141)
        let failed = await router.answer(ToolCall(name: "fail", arguments: [:]))
        #expect(failed.failure == .invalidCall)
        #expect(failed.content.contains("fail"))
        let wrong = await router.answer(ToolCall(name: "add", arguments: ["a": "two", "b": 40]))
        #expect(wrong.failure == .invalidCall)
        let sums = await withTaskGroup(of: (Int, String).self) { group in
            for number in 0..<20 {
                group.addTask {
                    let call = ToolCall(name: "wait", arguments: ["seconds": 0.05, "answer": .integer(number)])
                    return (number, await router.answer(call).content)
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(sums == Dictionary(uniqueKeysWithValues: (0..<20).map { ($0, "\($0)") }))
    }

    @Test(arguments: PythonServer.pythons)
    func `a server on standard input and output`(python: String) async throws {
        let source = try await MCPToolSource.connect(
            MCPServerSettings(
                name: "sdk",
                transport: .stdio(command: python, arguments: ["-c", PythonServer.source, "stdio"]),
                startTimeout: .seconds(600), callTimeout: .seconds(600)))
        try await check(source)
        await source.close()
    }

    @Test(arguments: PythonServer.pythons, ["http", "http-json"])
    func `a server over streamable HTTP`(python: String, kind: String) async throws {
        let server = try await PythonServer(python, kind)
        do {
            let source = try await MCPToolSource.connect(
                MCPServerSettings(
                    name: "sdk", transport: .http(url: "http://127.0.0.1:\(server.port)/mcp"),
                    startTimeout: .seconds(600), callTimeout: .seconds(600)))
            try await check(source)
            await source.close()
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: PythonServer.clock), "needs mcp-server-time"))
    func `a published server`() async throws {
        var settings = MCPServerSettings(
            name: "clock", transport: .stdio(command: PythonServer.clock, arguments: ["--local-timezone", "UTC"]),
            startTimeout: .seconds(600), callTimeout: .seconds(600))
        settings.allowedTools = ["convert_time"]
        let source = try await MCPToolSource.connect(settings)
        let router = ToolRouter(tools: source.tools)
        var arguments: JSONObject = [
            "source_timezone": "Asia/Tokyo", "time": "12:00", "target_timezone": "Asia/Kolkata",
        ]
        let converted = await router.answer(ToolCall(name: "convert_time", arguments: .object(arguments)))
        // Neither place has daylight saving time: 9 and 5.5 hours ahead of UTC.
        #expect(converted.content.contains("T08:30:00+05:30"), "\(converted.content)")
        arguments["target_timezone"] = "Asia/Atlantis"
        #expect(await router.answer(ToolCall(name: "convert_time", arguments: .object(arguments))).isError)
        await source.close()
    }
}

/// A server written with the Python SDK; over HTTP it chooses its port and prints it.
struct PythonServer {
    private static let directory = NSHomeDirectory() + "/.cache/medresearcher-peers/"
    /// Those that are there, of the SDK's second and first generation.
    static let pythons = ["mcp", "mcp-1"].map { "\(directory)\($0)/bin/python" }.filter {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    /// A published server, by the protocol's own project.
    static let clock = directory + "mcp/bin/mcp-server-time"

    let port: Int
    private let process: ChildProcess

    struct DidNotStart: Error {
        var output: String
    }

    init(_ python: String, _ kind: String) async throws {
        let (lines, continuation) = AsyncStream<LineSplitter.Line>.makeStream()
        process = try ChildProcess(
            command: python, arguments: ["-c", Self.source, kind],
            environment: ProcessInfo.processInfo.environment, directory: nil, lineLimit: 1000
        ) {
            continuation.yield($0)
        } onEnd: { _ in
            continuation.finish()
        }
        for await case .whole(let bytes) in lines {
            if let port = Int(String(decoding: bytes, as: UTF8.self)) {
                self.port = port
                return
            }
        }
        throw DidNotStart(output: process.errorText)
    }

    func stop() async { await process.close() }

    static let source = #"""
        import asyncio, socket, sys
        try:
            from mcp.server.mcpserver import MCPServer as Server
        except ImportError:
            from mcp.server.fastmcp import FastMCP as Server

        server = Server("lab")

        @server.tool()
        def add(a: int, b: int) -> int:
            """Adds two numbers."""
            return a + b

        @server.tool()
        def dose(drug: str, weight: float) -> dict:
            """The dose of a drug."""
            return {"drug": drug, "milligrams": weight * 2}

        @server.tool()
        def fail() -> str:
            """Fails."""
            raise ValueError("no such drug")

        @server.tool()
        async def wait(seconds: float, answer: int) -> str:
            """Answers later."""
            await asyncio.sleep(seconds)
            return str(answer)

        if sys.argv[1] == "stdio":
            server.run("stdio")
        else:
            import uvicorn
            listener = socket.socket()
            listener.bind(("127.0.0.1", 0))
            listener.listen(64)
            try:
                app = server.streamable_http_app(json_response=sys.argv[1] == "http-json")
            except TypeError:
                server.settings.json_response = sys.argv[1] == "http-json"
                app = server.streamable_http_app()
            print(listener.getsockname()[1], flush=True)
            config = uvicorn.Config(app, log_level="error")
            asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))
        """#
}
