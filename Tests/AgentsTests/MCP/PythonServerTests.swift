import Foundation
import Primitives
import Testing

@testable import Agents

/// The client against servers of the protocol's own Python SDK.
@Suite(
    .enabled(
        if: PythonServer.isAvailable,
        "needs ~/.cache/medresearcher-peers/mcp, a Python environment with the package mcp"), .timeLimit(.minutes(4)))
struct PythonServerTests {
    private func check(_ source: MCPToolSource) async throws {
        #expect(source.tools.map(\.serverToolName) == ["add", "dose", "fail", "wait"])
        let router = ToolRouter(tools: source.tools)
        let sum = await router.run(ToolCall(name: "add", arguments: ["a": 2, "b": 40]))
        #expect(sum == ToolResult(content: "42"))
        let dose = await router.run(ToolCall(name: "dose", arguments: ["drug": "salbutamol", "weight": 70.5]))
        #expect(try JSONValue.parse(dose.content)["milligrams"]?.doubleValue == 141)
        let failed = await router.run(ToolCall(name: "fail", arguments: [:]))
        #expect(failed.failure == .invalidCall)
        #expect(failed.content.contains("fail"))
        let wrong = await router.run(ToolCall(name: "add", arguments: ["a": "two", "b": 40]))
        #expect(wrong.failure == .invalidCall)
        let sums = await withTaskGroup(of: (Int, String).self) { group in
            for number in 0..<20 {
                group.addTask {
                    let call = ToolCall(name: "wait", arguments: ["seconds": 0.05, "answer": .integer(number)])
                    return (number, await router.run(call).content)
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(sums == Dictionary(uniqueKeysWithValues: (0..<20).map { ($0, "\($0)") }))
    }

    @Test func `a server on standard input and output`() async throws {
        let source = try await MCPToolSource.connect(
            MCPServerSettings(
                name: "sdk",
                transport: .stdio(command: PythonServer.python, arguments: ["-c", PythonServer.source, "stdio"])))
        try await check(source)
        await source.close()
    }

    @Test(arguments: ["http", "http-json"])
    func `a server over streamable HTTP`(kind: String) async throws {
        let server = try await PythonServer(kind)
        do {
            let source = try await MCPToolSource.connect(
                MCPServerSettings(name: "sdk", transport: .http(url: "http://127.0.0.1:\(server.port)/mcp")))
            try await check(source)
            await source.close()
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }
}

/// A server written with the Python SDK; over HTTP it chooses its port and prints it.
struct PythonServer {
    static let python =
        NSHomeDirectory() + "/.cache/medresearcher-peers/mcp/bin/python"
    static let isAvailable = FileManager.default.isExecutableFile(atPath: python)

    let port: Int
    private let process: ChildProcess

    struct DidNotStart: Error {
        var output: String
    }

    init(_ kind: String) async throws {
        let (lines, continuation) = AsyncStream<LineSplitter.Line>.makeStream()
        process = try ChildProcess(
            command: Self.python, arguments: ["-c", Self.source, kind],
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
