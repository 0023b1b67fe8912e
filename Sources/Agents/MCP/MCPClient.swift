import Primitives
import Transport

/// A lasting connection to one MCP server, for any number of calls at once.
///
/// A server that ended is started anew for the next call, ``MCPServerSettings/maximumRestarts`` times in a row; calls
/// that were under way fail, because they may have run. A session that a server forgot is opened anew and its call sent
/// again, once: the server said that it did not run.
actor MCPClient {
    private enum State {
        case idle
        case opening(Task<Result<MCPSession, MCPError>, Never>)
        case open(MCPSession)
        case closed
    }

    nonisolated let settings: MCPServerSettings
    private nonisolated let environment: [String: String]
    private nonisolated let httpClient: HTTPClient
    private var state = State.idle
    private var hasBeenOpen = false
    private var restarts = 0
    private var lastEnd: MCPError?
    /// The names that the server offers, once it said that they changed.
    private var changedNames: Set<String>?
    private var relisting: Task<Void, Never>?
    private var mustRelist = false

    /// - Parameter environment: this process's variables.
    init(settings: MCPServerSettings, environment: [String: String], httpClient: HTTPClient) {
        (self.settings, self.environment, self.httpClient) = (settings, environment, httpClient)
    }

    /// The open session; opens one where there is none.
    func session() async throws(MCPError) -> MCPSession {
        switch state {
        case .closed: throw MCPError(settings.name, .closed)
        case .opening(let task): return try await task.value.get()
        case .open(let session) where !session.channel.hasEnded: return session
        case .open, .idle: return try await open()
        }
    }

    private func open() async throws(MCPError) -> MCPSession {
        if hasBeenOpen || lastEnd != nil {
            guard restarts < settings.maximumRestarts else {
                throw MCPError(
                    settings.name,
                    .unavailable(
                        detail: "it ended \(restarts + 1) times in a row and is not started again"
                            + (lastEnd.map { "; last: \($0.description)" } ?? "")))
            }
            restarts += 1
        }
        let inbox = MCPInbox(toolsChanged: { [weak self] in
            Task { [weak self] in await self?.noteChange() }
        })
        let task = Task { await opened(inbox) }
        state = .opening(task)
        return try await task.value.get()
    }

    /// Connects and notes the outcome before anybody who waits for it goes on.
    private func opened(_ inbox: MCPInbox) async -> Result<MCPSession, MCPError> {
        let result: Result<MCPSession, MCPError>
        do throws(MCPError) {
            result = .success(
                try await Self.connect(settings, environment: environment, httpClient: httpClient, inbox: inbox))
        } catch {
            result = .failure(error)
        }
        switch (state, result) {
        case (.closed, .success(let session)):
            await session.channel.close()
            return .failure(MCPError(settings.name, .closed))
        case (.closed, .failure): break
        case (_, .success(let session)): (state, hasBeenOpen, lastEnd) = (.open(session), true, nil)
        case (_, .failure(let error)): (state, lastEnd) = (.idle, error)
        }
        return result
    }

    private static func connect(
        _ settings: MCPServerSettings, environment: [String: String], httpClient: HTTPClient, inbox: MCPInbox
    ) async throws(MCPError) -> MCPSession {
        let channel: any MCPChannel
        switch settings.transport {
        case .stdio(let command, let arguments, let passedVariables, let variables, let directory):
            let passed = MCPServerSettings.alwaysPassedVariables + passedVariables
            channel = try StdioChannel(
                server: settings.name, command: command, arguments: arguments,
                environment: environment.filter { passed.contains($0.key) }.merging(variables) { $1 },
                directory: directory, lineLimit: settings.maximumAnswerBytes, inbox: inbox)
        case .http(let url, let variable):
            var token: String?
            if let variable {
                token = environment[variable]
                if token?.isEmpty != false { throw MCPError(settings.name, .missingVariable(variable)) }
            }
            channel = HTTPChannel(
                server: settings.name, url: url, bearerToken: token, client: httpClient,
                answerLimit: settings.maximumAnswerBytes, inbox: inbox)
        }
        do throws(MCPError) {
            return try await MCPSession.open(channel, server: settings.name, timeout: settings.startTimeout)
        } catch {
            let diagnosis = (channel as? StdioChannel)?.diagnosis ?? ""
            await channel.close()
            guard case .timedOut = error.problem, !diagnosis.isEmpty else { throw error }
            throw MCPError(settings.name, .unavailable(detail: "\(error.description); \(diagnosis)"))
        }
    }

    /// All tools that the server offers now, as it describes them.
    func tools() async throws(MCPError) -> [JSONValue] {
        try await withSession { session throws(MCPError) in
            try await session.tools(timeout: self.settings.startTimeout)
        }
    }

    /// The result of a call of the server's tool of that name.
    func call(_ tool: String, _ arguments: JSONValue, isRepeatable: Bool) async throws(MCPError) -> JSONValue {
        if let changedNames, !changedNames.contains(tool) {
            throw MCPError(
                settings.name,
                .refused(code: JSONRPCError.methodNotFound, message: "the server no longer offers this tool"))
        }
        let settings = settings
        let result = try await withSession { session throws(MCPError) in
            try await session.call(
                tool, arguments, timeout: settings.callTimeout, silenceTimeout: settings.silenceTimeout,
                isRepeatable: isRepeatable)
        }
        restarts = 0
        return result
    }

    /// Runs a request, again in a new session where the server forgot the old one.
    private func withSession<Value: Sendable>(
        _ body: @Sendable (MCPSession) async throws(MCPError) -> Value
    ) async throws(MCPError) -> Value {
        let session = try await session()
        do throws(MCPError) {
            return try await body(session)
        } catch {
            guard error.problem == .sessionExpired else { throw error }
            if case .open(let current) = state, current.channel === session.channel {
                // Not closed: other calls may be under way on it, and the server has nothing left to end.
                state = .idle
                // Not to be counted: the server works.
                restarts -= 1
            }
            return try await body(try await self.session())
        }
    }

    /// Ends the connection; calls under way and further ones fail.
    func close() async {
        let old = state
        state = .closed
        relisting?.cancel()
        switch old {
        case .open(let session): await session.channel.close()
        case .opening(let task): _ = await task.value
        case .idle, .closed: break
        }
    }

    // MARK: Changes

    /// Lists the tools again; further changes meanwhile lead to one further listing.
    private func noteChange() {
        mustRelist = true
        guard relisting == nil else { return }
        relisting = Task { await relist() }
    }

    private func relist() async {
        while mustRelist, !Task.isCancelled {
            mustRelist = false
            if let tools = try? await tools() { changedNames = Set(tools.compactMap { $0["name"]?.stringValue }) }
        }
        relisting = nil
    }
}
