import Primitives
import Synchronization

/// The stdio transport: a program of ours, one JSON-RPC message per line on its standard input and output.
final class StdioChannel: MCPChannel {
    private let server: String
    private let pending: PendingRequests
    private let process: ChildProcess

    /// - Parameter environment: this process's, of which the program gets what the settings name.
    init(
        server: String, command: String, arguments: [String], environment: [String: String], directory: String?,
        lineLimit: Int, inbox: MCPInbox
    ) throws(MCPError) {
        let pending = PendingRequests()
        let link = Link()
        do throws(ChildProcess.Failure) {
            process = try ChildProcess(
                command: command, arguments: arguments, environment: environment, directory: directory,
                lineLimit: lineLimit
            ) { line in
                Self.receive(line, server: server, lineLimit: lineLimit, pending: pending, inbox: inbox, link: link)
            } onEnd: { status in
                pending.end(MCPError(server, .unavailable(detail: link.endText(status))))
            }
        } catch {
            throw MCPError(server, .cannotStart(command: command, detail: error.detail))
        }
        (self.server, self.pending) = (server, pending)
        link.set(process)
    }

    deinit { process.beginClosing() }

    var hasEnded: Bool { pending.hasEnded }

    func adopt(version: String, listensForChanges: Bool) {}

    func request(_ request: MCPRequest) async throws(MCPError) -> JSONValue {
        let id = try pending.begin().get()
        var parameters = request.parameters
        if request.silenceTimeout != nil {
            var meta = parameters["_meta"]?.objectValue ?? [:]
            meta["progressToken"] = .integer(id)
            parameters["_meta"] = .object(meta)
        }
        let message = JSONRPCMessage.request(
            id: .integer(id), method: request.method, parameters: .object(parameters))
        if !process.write(line: message.json.serialized()) { pending.finish(id, .failure(unwritable)) }
        let timer = Task { try await watch(id, request) }
        defer { timer.cancel() }
        let missing = MCPError(server, .closed)
        return try await withTaskCancellationHandler {
            await pending.outcome(of: id, else: missing)
        } onCancel: {
            abandon(id, request, MCPError(server, .cancelled))
        }.get()
    }

    func notify(_ method: String, _ parameters: JSONObject) async throws(MCPError) {
        let message = JSONRPCMessage.notification(method: method, parameters: .object(parameters))
        guard process.write(line: message.json.serialized()) else { throw unwritable }
    }

    func close() async {
        pending.end(MCPError(server, .closed))
        await process.close()
    }

    private var unwritable: MCPError {
        MCPError(server, .unavailable(detail: "it has ended, or does not read what it is sent"))
    }

    /// Fails a request when its time is over.
    private func watch(_ id: Int, _ request: MCPRequest) async throws {
        let deadline = ContinuousClock.now + request.timeout
        while let lastSign = pending.lastSign(of: id) {
            let silenceEnd = request.silenceTimeout.map { lastSign + $0 } ?? deadline
            let next = min(deadline, silenceEnd)
            if next <= .now {
                let allowed = silenceEnd < deadline ? request.silenceTimeout ?? request.timeout : request.timeout
                abandon(id, request, MCPError(server, .timedOut(method: request.method, after: allowed)))
                return
            }
            try await Task.sleep(until: next, clock: .continuous)
        }
    }

    /// Gives up on a request and tells the server.
    private func abandon(_ id: Int, _ request: MCPRequest, _ error: MCPError) {
        guard pending.finish(id, .failure(error)), request.isCancellable else { return }
        let message = JSONRPCMessage.notification(
            method: "notifications/cancelled",
            parameters: ["requestId": .integer(id), "reason": "the caller does not wait any longer"])
        _ = process.write(line: message.json.serialized())
    }

    /// What ended the connection or keeps it from working, as the program itself tells.
    var diagnosis: String {
        [process.errorText.isEmpty ? nil : "it wrote: \(process.errorText)", pending.strayNote].compactMap(\.self)
            .joined(separator: "; ")
    }

    // MARK: On the program's thread

    private static func receive(
        _ line: LineSplitter.Line, server: String, lineLimit: Int, pending: PendingRequests, inbox: MCPInbox,
        link: Link
    ) {
        switch line {
        case .tooLong(let id):
            let error = MCPError(server, .tooLarge(limit: lineLimit))
            if id.map({ pending.finish($0, .failure(error)) }) != true {
                pending.noteStray("(a line that is too long)")
            }
        case .whole(let bytes):
            guard let messages = JSONRPCMessage.messages(in: bytes) else {
                var scanner = MessageIDScanner()
                if bytes.first == UInt8(ascii: "{") { scanner.scan(bytes) }
                let error = MCPError(server, .malformedAnswer(detail: "it answered with damaged JSON"))
                if scanner.id.map({ pending.finish($0, .failure(error)) }) != true {
                    pending.noteStray(String(decoding: bytes.prefix(200), as: UTF8.self))
                }
                return
            }
            for message in messages { receive(message, server: server, pending: pending, inbox: inbox, link: link) }
        }
    }

    private static func receive(
        _ message: JSONRPCMessage, server: String, pending: PendingRequests, inbox: MCPInbox, link: Link
    ) {
        switch message {
        case .result(let id, let result):
            if id.integerValue.map({ pending.finish($0, .success(result)) }) != true {
                pending.noteStray(message.json.text)
            }
        case .error(let id, let error):
            let failure = MCPError(server, .refused(code: error.code, message: error.message))
            if id.integerValue.map({ pending.finish($0, .failure(failure)) }) != true {
                pending.noteStray(message.json.text)
            }
        case .notification("notifications/progress", let parameters):
            if let id = parameters["progressToken"]?.integerValue { pending.touch(id) }
        case .request, .notification:
            if let answer = inbox.answer(message) { link.write(answer) }
        }
    }
}

/// The program as its own thread sees it. Weak, so that a channel that nobody holds ends its program.
private final class Link: @unchecked Sendable {
    private let lock = Mutex<WeakProcess>(WeakProcess())

    private struct WeakProcess {
        weak var process: ChildProcess?
    }

    func set(_ process: ChildProcess) { lock.withLock { $0.process = process } }

    func write(_ message: JSONRPCMessage) {
        _ = lock.withLock { $0.process }?.write(line: message.json.serialized())
    }

    func endText(_ status: String) -> String {
        let errors = lock.withLock { $0.process }?.errorText ?? ""
        return errors.isEmpty ? status : "\(status); it wrote: \(errors)"
    }
}
