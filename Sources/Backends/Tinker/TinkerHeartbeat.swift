import Primitives
import Transport

/// Keeps a session alive, on a task of its own, and looks now and then at what the server has changed.
struct TinkerHeartbeat: Sendable {
    let wire: TinkerWire
    let session: String

    /// Sends heartbeats until the task is cancelled or the server says that the session is over.
    func run() async {
        let policy = wire.endpoint.retryPolicy
        let request: JSONValue = ["session_id": .string(session), "type": "session_heartbeat"]
        var call = TinkerCall(
            path: "session_heartbeat", body: request.serialized(), requestType: "SessionHeartbeat")
        var beats = 0
        var (lastSuccess, lastWarning, lastRefresh) = (ContinuousClock.now, ContinuousClock.now, ContinuousClock.now)
        while (try? await Task.sleep(for: policy.heartbeatInterval)) != nil {
            beats += 1
            call.idempotencyKey = "\(session)-heartbeat-\(beats)"
            try? await wire.renewCredentialIfDue()
            let shown = wire.credential.current
            let outcome = await wire.exchange(call, timeout: policy.heartbeatTimeout, headers: [])
            if Task.isCancelled { return }
            switch outcome {
            case .success(let response) where response.status == 410:
                wire.end(because: "the server finished it (status 410 to a heartbeat)")
                return
            case .success(let response) where response.isSuccess:
                lastSuccess = .now
                lastWarning = .now
            case .success(let response) where response.status == 401:
                _ = try? await wire.renewCredential(replacing: shown)
                fallthrough
            default:
                guard lastWarning.duration(to: .now) >= policy.heartbeatWarning else { break }
                lastWarning = .now
                let seconds = lastSuccess.duration(to: .now).components.seconds
                wire.report(
                    "no heartbeat has succeeded for \(seconds) s (\(Self.reason(outcome))); the session may expire")
            }
            if wire.dialect != .json, lastRefresh.duration(to: .now) >= wire.settings.refreshInterval {
                lastRefresh = .now
                await wire.refreshDynamicSettings()
            }
        }
    }

    private static func reason(_ outcome: Result<HTTPResponse, TransportError>) -> String {
        switch outcome {
        case .success(let response): "the last was answered with status \(response.status)"
        case .failure(let error): error.description
        }
    }
}

extension TinkerWire {
    /// Asks for `client/dynamic_config`; a server without it keeps the defaults.
    func refreshDynamicSettings() async {
        let version: JSONValue = ["sdk_version": .string(dialect.protocolVersion)]
        let call = TinkerCall(
            path: "client/dynamic_config", body: version.serialized(), requestType: "ClientDynamicConfig")
        let outcome = await exchange(call, timeout: endpoint.retryPolicy.requestTimeout, headers: [])
        guard case .success(let response) = outcome, response.isSuccess,
            let configuration = try? JSONValue.parse(response.body)
        else { return }
        adopt(dynamic: configuration)
    }
}
