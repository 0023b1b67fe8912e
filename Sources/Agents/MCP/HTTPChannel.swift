import Primitives
import Synchronization
import Transport

/// The streamable HTTP transport: each message is a POST, answered with JSON or with a stream of events.
///
/// A stream that breaks off is resumed from its last event id where the server gave one. Where the server tells of
/// changes to its tools, a GET stream listens for them (``HTTPChangeListener``).
final class HTTPChannel: MCPChannel {
    private struct State {
        var nextID = 1
        var sessionID: String?
        var version: String?
        var isClosed = false
        var listener: Task<Void, Never>?
    }

    /// How often the stream of one answer is resumed.
    private static let mostResumptions = 5
    /// The longest wait before a stream is resumed, in milliseconds, whatever the server asks for.
    static let longestPause = 10_000

    private let server: String
    private let url: String
    private let bearerToken: String?
    private let client: HTTPClient
    private let answerLimit: Int
    private let inbox: MCPInbox
    private let state = Mutex(State())

    init(
        server: String, url: String, bearerToken: String?, client: HTTPClient, answerLimit: Int, inbox: MCPInbox
    ) {
        (self.server, self.url, self.bearerToken, self.client) = (server, url, bearerToken, client)
        (self.answerLimit, self.inbox) = (answerLimit, inbox)
    }

    deinit { state.withLock { $0.listener }?.cancel() }

    var hasEnded: Bool { state.withLock { $0.isClosed } }

    func adopt(version: String, listensForChanges: Bool) {
        state.withLock { state in
            state.version = version
            guard listensForChanges, version != MCPSession.statelessVersion else { return }
            let listener = HTTPChangeListener(
                client: client, url: url, headers: headers(of: state), limit: answerLimit, inbox: inbox)
            state.listener = Task { await listener.run() }
        }
    }

    func request(_ request: MCPRequest) async throws(MCPError) -> JSONValue {
        let id = try begin()
        do throws(MCPError) {
            return try await exchange(request, id: id)
        } catch {
            switch error.problem {
            case .cancelled, .timedOut: if request.isCancellable { tellCancelled(id) }
            default: break
            }
            throw error
        }
    }

    func notify(_ method: String, _ parameters: JSONObject) async throws(MCPError) {
        try await post(.notification(method: method, parameters: .object(parameters)))
    }

    func close() async {
        let old = state.withLock { state -> State in
            defer { (state.isClosed, state.sessionID, state.listener) = (true, nil, nil) }
            return state
        }
        old.listener?.cancel()
        guard old.sessionID != nil else { return }
        // A server may refuse; then it forgets the session in its own time.
        _ = try? await client.send(
            HTTPRequest(
                method: "DELETE", url: url, headers: headers(of: old), timeout: .seconds(5),
                maximumResponseBytes: answerLimit))
    }

    private func begin() throws(MCPError) -> Int {
        let id = state.withLock { state -> Int? in
            guard !state.isClosed else { return nil }
            defer { state.nextID += 1 }
            return state.nextID
        }
        guard let id else { throw MCPError(server, .closed) }
        return id
    }

    private func headers(of state: State) -> [(String, String)] {
        var headers = [("Accept", "application/json, text/event-stream"), ("Content-Type", "application/json")]
        if let bearerToken { headers.append(("Authorization", "Bearer \(bearerToken)")) }
        if let sessionID = state.sessionID { headers.append(("Mcp-Session-Id", sessionID)) }
        if let version = state.version { headers.append(("MCP-Protocol-Version", version)) }
        return headers
    }

    private var headers: [(String, String)] { headers(of: state.withLock { $0 }) }

    // MARK: One request

    private func exchange(_ request: MCPRequest, id: Int) async throws(MCPError) -> JSONValue {
        let deadline = ContinuousClock.now + request.timeout
        let message = JSONRPCMessage.request(
            id: .integer(id), method: request.method, parameters: .object(request.parameters))
        var cursor = ServerSentEvents()
        var lastEventID = ""
        var http = HTTPRequest(
            method: "POST", url: url, headers: headers + request.headers, body: message.json.serialized(),
            timeout: request.timeout, idleTimeout: request.silenceTimeout, maximumResponseBytes: answerLimit,
            isRepeatable: request.isRepeatable)
        for attempt in 0...Self.mostResumptions {
            do throws(MCPError) {
                if let result = try await answer(to: http, id, request, &cursor, &lastEventID) { return result }
            } catch {
                guard case .unavailable = error.problem, !lastEventID.isEmpty, attempt < Self.mostResumptions else {
                    throw error
                }
            }
            guard !lastEventID.isEmpty else { break }
            try await pause(milliseconds: min(cursor.reconnectionTime ?? 1000, Self.longestPause))
            let remaining = ContinuousClock.now.duration(to: deadline)
            guard remaining > .zero else {
                throw MCPError(server, .timedOut(method: request.method, after: request.timeout))
            }
            cursor = ServerSentEvents()
            http = HTTPRequest(
                method: "GET", url: url, headers: headers + [("Last-Event-ID", lastEventID)], timeout: remaining,
                idleTimeout: request.silenceTimeout, maximumResponseBytes: answerLimit)
        }
        throw MCPError(
            server, .malformedAnswer(detail: "it ended its answer to \(request.method) before the result"))
    }

    /// The result, or `nil` where the stream of events ended before it.
    private func answer(
        to http: HTTPRequest, _ id: Int, _ request: MCPRequest, _ events: inout ServerSentEvents,
        _ lastEventID: inout String
    ) async throws(MCPError) -> JSONValue? {
        let stream = try await open(http, method: request.method)
        if request.method == "initialize", let sessionID = stream.header("Mcp-Session-Id") {
            state.withLock { $0.sessionID = sessionID }
        }
        guard stream.isSuccess, stream.header("Content-Type")?.lowercased().hasPrefix("text/event-stream") == true
        else {
            let body = try await collect(stream, method: request.method)
            try checkStatus(stream, body: body)
            return try await result(in: body, id: id)
        }
        var chunks = stream.chunks.makeAsyncIterator()
        while let chunk = try await next(&chunks, method: request.method) {
            for event in events.decode(chunk) {
                lastEventID = event.lastEventID
                guard !event.data.isEmpty, event.type == "message" else { continue }
                if let result = try await result(in: Array(event.data.utf8), id: id) { return result }
            }
        }
        return nil
    }

    /// The result of the request among the messages of a body or an event; the others are seen to.
    private func result(in bytes: [UInt8], id: Int) async throws(MCPError) -> JSONValue? {
        guard let messages = JSONRPCMessage.messages(in: bytes) else {
            let shown = String(decoding: bytes.prefix(200), as: UTF8.self)
            throw MCPError(server, .malformedAnswer(detail: "it answered \(shown.isEmpty ? "nothing" : shown)"))
        }
        var found: Result<JSONValue, MCPError>?
        for message in messages {
            switch message {
            case .result(.integer(Int64(id)), let result): found = .success(result)
            case .error(.integer(Int64(id)), let error), .error(.null, let error):
                found = .failure(MCPError(server, .refused(code: error.code, message: error.message)))
            default: if let answer = inbox.answer(message) { try? await post(answer) }
            }
        }
        return try found?.get()
    }

    /// The errors that the status alone tells, and those that a JSON-RPC error in the body tells better.
    private func checkStatus(_ stream: HTTPStream, body: [UInt8]) throws(MCPError) {
        guard !stream.isSuccess else { return }
        switch stream.status {
        case 401, 403: throw MCPError(server, .unauthorized(status: stream.status))
        case 429: throw MCPError(server, .rateLimited(retryAfter: stream.header("Retry-After")))
        case 404 where state.withLock({ $0.sessionID }) != nil: throw MCPError(server, .sessionExpired)
        default: break
        }
        for case .error(_, let error) in JSONRPCMessage.messages(in: body) ?? [] {
            throw MCPError(server, .refused(code: error.code, message: error.message))
        }
        let shown = String(decoding: body.prefix(200), as: UTF8.self)
        let detail = "it answered with HTTP status \(stream.status)" + (shown.isEmpty ? "" : ": \(shown)")
        let advice = stream.status == 404 ? "; check the path of its URL" : ""
        throw MCPError(server, .unavailable(detail: detail + advice))
    }

    // MARK: Transport

    /// Sends a notification or an answer, which the server acknowledges without a body.
    private func post(_ message: JSONRPCMessage) async throws(MCPError) {
        let http = HTTPRequest(
            method: "POST", url: url, headers: headers, body: message.json.serialized(), timeout: .seconds(30),
            maximumResponseBytes: answerLimit)
        let stream = try await open(http, method: "a notification")
        try checkStatus(stream, body: try await collect(stream, method: "a notification"))
    }

    /// Tells the server, without waiting for it, that nobody waits for an answer. The stateless revision knows no such
    /// message: there the end of the connection says it.
    private func tellCancelled(_ id: Int) {
        guard state.withLock({ $0.version }) != MCPSession.statelessVersion else { return }
        let message = JSONRPCMessage.notification(
            method: "notifications/cancelled",
            parameters: ["requestId": .integer(id), "reason": "the caller does not wait any longer"])
        Task { try? await post(message) }
    }

    private func open(_ http: HTTPRequest, method: String) async throws(MCPError) -> HTTPStream {
        do throws(TransportError) { return try await client.stream(http) } catch { throw converted(error, method) }
    }

    private func collect(_ stream: HTTPStream, method: String) async throws(MCPError) -> [UInt8] {
        do throws(TransportError) { return try await stream.collect() } catch { throw converted(error, method) }
    }

    private func next(
        _ chunks: inout HTTPStream.Chunks.AsyncIterator, method: String
    ) async throws(MCPError) -> [UInt8]? {
        do throws(TransportError) { return try await chunks.next(isolation: nil) } catch {
            throw converted(error, method)
        }
    }

    private func pause(milliseconds: Int) async throws(MCPError) {
        do { try await Task.sleep(for: .milliseconds(milliseconds)) } catch { throw MCPError(server, .cancelled) }
    }

    private func converted(_ error: TransportError, _ method: String) -> MCPError {
        switch error {
        case .timedOut(_, let after): MCPError(server, .timedOut(method: method, after: after))
        case .tooLarge(_, let limit): MCPError(server, .tooLarge(limit: limit))
        case .cancelled: MCPError(server, hasEnded ? .closed : .cancelled)
        case .unreachable, .interrupted, .tls, .other: MCPError(server, .unavailable(detail: error.description))
        }
    }
}
