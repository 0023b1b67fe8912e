import FlyingFox
import FlyingSocks
import Foundation
import Primitives
import Synchronization

@testable import Agents

/// FlyingFox has a type of that name too.
typealias JSONValue = Primitives.JSONValue

/// An MCP server of the streamable HTTP transport on loopback whose tools misbehave on demand.
final class ScriptedMCPEndpoint: Sendable {
    struct Options: Sendable {
        var isStateless = false
        var givesSession = true
        var token: String?
        /// Whether the stream of changes is offered.
        var tellsChanges = false
    }

    struct Request: Sendable {
        var method: String
        var headers: [String: String]
        var body: JSONValue
    }

    private struct State {
        var requests: [Request] = []
        var sessions: Set<String> = []
        var sessionCount = 0
        var changes: [AsyncStream<[UInt8]>.Continuation] = []
        var dropsEcho = false
    }

    private let state = Mutex(State())
    private let options: Options
    let port: UInt16
    private let http: HTTPServer
    private let task: Task<Void, Never>

    var url: String { "http://127.0.0.1:\(port)/mcp" }
    var requests: [Request] { state.withLock { $0.requests } }

    /// The JSON-RPC messages received, by method.
    func messages(_ method: String) -> [Request] { requests.filter { $0.body["method"]?.stringValue == method } }

    init(_ options: Options = Options()) async throws {
        self.options = options
        let relay = Relay()
        http = HTTPServer(
            config: .init(
                address: try sockaddr_in.inet(ip4: "127.0.0.1", port: 0), timeout: 600, logger: .disabled),
            handler: relay)
        let http = http
        task = Task { try? await http.run() }
        try await http.waitUntilListening(timeout: 60)
        guard case .ip4(_, let port) = await http.listeningAddress else { throw CancellationError() }
        self.port = port
        relay.endpoint.withLock { $0 = WeakEndpoint(endpoint: self) }
    }

    func stop() async {
        state.withLock { state in
            for change in state.changes { change.finish() }
            state.changes = []
        }
        await http.stop(timeout: 0)
        task.cancel()
    }

    /// Forgets all sessions, as a server does that was started anew.
    func forgetSessions() { state.withLock { $0.sessions = [] } }

    /// Drops the tool `echo` and says so on the streams of changes.
    func dropEcho() {
        let text = Self.event(["jsonrpc": "2.0", "method": "notifications/tools/list_changed"])
        state.withLock { state in
            state.dropsEcho = true
            for change in state.changes { change.yield(Array(text.utf8)) }
        }
    }

    var hasListener: Bool { state.withLock { !$0.changes.isEmpty } }

    // MARK: Answers

    fileprivate func answer(_ request: HTTPRequest) async throws -> HTTPResponse {
        let bytes = try await request.bodyData
        var headers: [String: String] = [:]
        for (name, value) in request.headers { headers[name.rawValue.lowercased()] = value }
        let body = (try? JSONValue.parse(Array(bytes))) ?? .null
        state.withLock { $0.requests.append(Request(method: request.method.rawValue, headers: headers, body: body)) }
        if let token = options.token, headers["authorization"] != "Bearer \(token)" { return plain(401, "") }
        let method = body["method"]?.stringValue
        if options.givesSession, !options.isStateless, method != "initialize" {
            let isKnown = state.withLock { $0.sessions.contains(headers["mcp-session-id"] ?? "") }
            guard isKnown else { return plain(404, "{\"error\":\"session\"}") }
        }
        switch request.method {
        case .GET: return listen(headers)
        case .DELETE:
            state.withLock { _ = $0.sessions.remove(headers["mcp-session-id"] ?? "") }
            return plain(200, "")
        default: break
        }
        guard let id = body["id"], let method else { return plain(202, "") }
        return answer(id: id, method: method, body["params"] ?? [:], headers: headers)
    }

    private func answer(
        id: JSONValue, method: String, _ parameters: JSONValue, headers: [String: String]
    ) -> HTTPResponse {
        switch method {
        case "initialize" where options.isStateless:
            return json(error: -32022, "unsupported", id: id, status: 400)
        case "initialize":
            let session = state.withLock { state -> String in
                state.sessionCount += 1
                state.sessions.insert("session-\(state.sessionCount)")
                return "session-\(state.sessionCount)"
            }
            return json(
                [
                    "protocolVersion": parameters["protocolVersion"] ?? .null,
                    "capabilities": ["tools": ["listChanged": .bool(options.tellsChanges)]],
                    "serverInfo": ["name": "web", "version": "1"],
                ], id: id, headers: options.givesSession ? [HTTPHeader("Mcp-Session-Id"): session] : [:])
        case "server/discover":
            return json(["supportedVersions": ["2026-07-28"], "capabilities": ["tools": [:]]], id: id)
        case "tools/list":
            let names = [
                "echo", "pieces", "resumed", "broken", "big", "silent", "limited", "down", "nothing", "damaged",
            ]
            let isDropped = state.withLock { $0.dropsEcho }
            return json(
                [
                    "tools": .array(
                        names.dropFirst(isDropped ? 1 : 0).map {
                            ["name": .string($0), "inputSchema": ["type": "object"]]
                        })
                ], id: id)
        default:
            return call(parameters["name"]?.stringValue ?? "", parameters["arguments"] ?? [:], id: id)
        }
    }

    private func call(_ name: String, _ arguments: JSONValue, id: JSONValue) -> HTTPResponse {
        switch name {
        case "echo": return json(Self.text(arguments["text"]?.stringValue ?? ""), id: id)
        case "pieces":
            let ping = Self.event(["jsonrpc": "2.0", "id": "p", "method": "ping"])
            let note = Self.event(["jsonrpc": "2.0", "method": "notifications/message", "params": [:]])
            let other = Self.event(["jsonrpc": "2.0", "id": 12345, "result": [:]])
            let answer = Self.event(["jsonrpc": "2.0", "id": id, "result": Self.text("π in pieces")])
            let whole = ": comment\n\n\(ping)\(note)\(other)\(answer)"
            return stream(Array(whole.utf8).map { [$0] })
        case "resumed": return stream([Array("id: \(id.text)\nretry: 10\ndata: \n\n".utf8)])
        case "broken": return stream([Array(": nothing\n\n".utf8)])
        case "big": return json(Self.text(String(repeating: "x", count: 200_000)), id: id)
        case "silent":
            // Never finished: the stream ends with the connection.
            return stream(AsyncStream { continuation in keep(continuation) })
        case "limited": return plain(429, "", headers: [HTTPHeader("Retry-After"): "7"])
        case "down": return plain(503, "maintenance")
        case "damaged": return plain(200, "{\"jsonrpc\":", headers: [.contentType: "application/json"])
        default: return plain(202, "")
        }
    }

    private func keep(_ continuation: AsyncStream<[UInt8]>.Continuation) {
        continuation.yield(Array(": here\n\n".utf8))
        state.withLock { $0.changes.append(continuation) }
    }

    private func listen(_ headers: [String: String]) -> HTTPResponse {
        if let id = headers["last-event-id"].flatMap(Int.init) {
            let answer = Self.event(["jsonrpc": "2.0", "id": .integer(id), "result": Self.text("resumed")])
            return stream([Array(answer.utf8)])
        }
        guard options.tellsChanges else { return plain(405, "") }
        return stream(AsyncStream { continuation in keep(continuation) })
    }

    private static func text(_ text: String) -> JSONValue { ["content": [["type": "text", "text": .string(text)]]] }

    private static func event(_ message: JSONValue) -> String { "event: message\ndata: \(message.text)\n\n" }

    private func json(_ result: JSONValue, id: JSONValue, headers: HTTPHeaders = [:]) -> HTTPResponse {
        var headers = headers
        headers[.contentType] = "application/json"
        return plain(200, JSONValue.object(["jsonrpc": "2.0", "id": id, "result": result]).text, headers: headers)
    }

    private func json(error code: Int, _ message: String, id: JSONValue, status: Int) -> HTTPResponse {
        let error: JSONValue = ["code": .integer(code), "message": .string(message)]
        return plain(
            status, JSONValue.object(["jsonrpc": "2.0", "id": id, "error": error]).text,
            headers: [.contentType: "application/json"])
    }

    private func plain(_ status: Int, _ text: String, headers: HTTPHeaders = [:]) -> HTTPResponse {
        HTTPResponse(statusCode: HTTPStatusCode(status, phrase: "Status"), headers: headers, body: Data(text.utf8))
    }

    private func stream(_ pieces: [[UInt8]]) -> HTTPResponse {
        stream(
            AsyncStream { continuation in
                for piece in pieces { continuation.yield(piece) }
                continuation.finish()
            })
    }

    private func stream(_ pieces: AsyncStream<[UInt8]>) -> HTTPResponse {
        HTTPResponse(
            statusCode: .ok, headers: [.contentType: "text/event-stream"],
            body: HTTPBodySequence(from: EventPieces(pieces: pieces), suggestedBufferSize: 4096))
    }

    private struct WeakEndpoint: Sendable {
        weak var endpoint: ScriptedMCPEndpoint?
    }

    /// FlyingFox wants its handler before the endpoint is whole.
    private final class Relay: HTTPHandler {
        let endpoint = Mutex(WeakEndpoint())

        func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
            guard let endpoint = endpoint.withLock({ $0.endpoint }) else { return HTTPResponse(statusCode: .gone) }
            return try await endpoint.answer(request)
        }
    }
}

private struct EventPieces: AsyncBufferedSequence {
    typealias Element = UInt8

    let pieces: AsyncStream<[UInt8]>

    func makeAsyncIterator() -> Iterator { Iterator(pieces: pieces.makeAsyncIterator()) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        var pieces: AsyncStream<[UInt8]>.AsyncIterator

        mutating func next() async throws -> UInt8? { try await nextBuffer(suggested: 1)?.first }

        mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? { await pieces.next() }
    }
}
