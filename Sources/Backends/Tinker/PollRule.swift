import Primitives
import TinkerProtocol
import Transport

/// What to do with the outcome of one poll of a promise (protocol notes, A.2). Polling is always harmless.
enum PollRule: Sendable {
    case result(TinkerAnswer)
    /// The server is at work: poll again, and start the clock of outages anew. The request may still wait for its turn,
    /// because the server is full or a rate limit is reached (`queue_state`).
    case pollAgain(isQueued: Bool)
    /// The result is there and has that many bytes: make room for it and ask for it.
    case announced(bytes: Int)
    /// The long poll ran into the client's own deadline, or the server stumbled: poll again.
    case unanswered(BackendError)
    /// Poll again after a growing wait.
    case backOff(BackendError)
    /// Poll again a few times, in case a proxy invented the answer.
    case doubt(BackendError)
    case awaitPayment
    /// The server has forgotten the promise.
    case gone(detail: String)
    case unauthorized(BackendError)
    case fail(BackendError)

    static func decide(
        _ outcome: Result<HTTPResponse, TransportError>, operation: String, wire: TinkerWire
    ) -> PollRule {
        let endpoint = wire.endpoint
        let url = RedactedURL.text(endpoint.url(TinkerPromise.path))
        switch outcome {
        case .failure(.timedOut(let url, let after)):
            return .unanswered(.timedOut(url: url, operation: operation, after: after))
        case .failure(.unreachable(let url, let detail)), .failure(.interrupted(let url, let detail)):
            return .backOff(.unreachable(url: url, detail: detail))
        case .failure(.cancelled):
            return .fail(.cancelled(operation: operation))
        case .failure(let error):
            return .fail(.transport(error))
        case .success(let response):
            let rejection = BackendError.rejected(
                url: url, status: response.status, detail: endpoint.detail(response.body))
            switch response.status {
            case 200..<300: return decide(response, operation: operation, wire: wire)
            case 400: return .doubt(rejection)
            case 401, 403:
                return .unauthorized(
                    .unauthorized(url: url, status: response.status, variable: endpoint.apiKeyVariable))
            case 402: return .awaitPayment
            case 408: return .pollAgain(isQueued: isQueued((try? JSONValue.parse(response.body)) ?? .null))
            case 410: return .gone(detail: endpoint.detail(response.body))
            // 425 stands for a result, a checkpoint say, that is still being written.
            case 425, 429, 500...599: return .backOff(rejection)
            default: return .fail(rejection)
            }
        }
    }

    private static func decide(_ response: HTTPResponse, operation: String, wire: TinkerWire) -> PollRule {
        if response.header("Content-Type")?.lowercased().hasPrefix(WireDialect.mediaType) == true {
            return .result(.protobuf(response.body))
        }
        let value: JSONValue
        do throws(BackendError) {
            value = try wire.json(response, of: TinkerPromise.path)
        } catch {
            return .fail(error)
        }
        if value["type"]?.stringValue == "try_again" { return .pollAgain(isQueued: isQueued(value)) }
        if value["status"]?.stringValue == "complete_metadata" {
            return .announced(bytes: max(0, value["response_payload_size"]?.integerValue ?? 0))
        }
        if let error = value["error"]?.stringValue {
            return .fail(
                .failed(
                    operation: operation, category: value["category"]?.stringValue ?? "unknown",
                    detail: wire.endpoint.withoutKey(error)))
        }
        guard value.objectValue != nil else {
            return .fail(wire.garbage(response.body, from: TinkerPromise.path, expected: "an object"))
        }
        return .result(.json(value))
    }

    private static func isQueued(_ answer: JSONValue) -> Bool {
        ["paused_capacity", "paused_rate_limit"].contains(answer["queue_state"]?.stringValue)
    }
}
