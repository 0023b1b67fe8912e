import Transport

/// What to do with the outcome of a request that is not a long poll (protocol notes, A.2 "Submission").
///
/// A request that may have run is repeated only where repeating is harmless. Where it is not, only outcomes that prove that
/// nothing ran are: no connection, 429 and 425.
enum SubmissionRule: Sendable {
    case accept(HTTPResponse)
    /// Try again after a wait; the error is for when the time is up. `mayHaveRun` where the request may have been executed.
    case retry(BackendError, mayHaveRun: Bool)
    /// As ``retry(_:)``, but a few times only.
    case retryBriefly(BackendError)
    case throttled(BackendError)
    case awaitPayment
    case unauthorized(BackendError)
    case fail(BackendError)

    static func decide(
        _ outcome: Result<HTTPResponse, TransportError>, call: TinkerCall, url: String, endpoint: TinkerEndpoint
    ) -> SubmissionRule {
        switch outcome {
        case .failure(let error): decide(error, call: call)
        case .success(let response): decide(response, call: call, url: url, endpoint: endpoint)
        }
    }

    private static func decide(_ error: TransportError, call: TinkerCall) -> SubmissionRule {
        switch error {
        case .unreachable(let url, let detail):
            return .retry(.unreachable(url: url, detail: detail), mayHaveRun: false)
        case .timedOut(let url, let after) where call.isRepeatable:
            return .retry(.timedOut(url: url, operation: call.operation, after: after), mayHaveRun: true)
        case .interrupted(let url, let detail) where call.isRepeatable:
            return .retry(.unreachable(url: url, detail: detail), mayHaveRun: true)
        case .timedOut, .interrupted:
            return .fail(.fateUnknown(operation: call.operation, detail: error.description))
        case .cancelled:
            return .fail(.cancelled(operation: call.operation))
        case .tooLarge where !call.isRepeatable:
            return .fail(.fateUnknown(operation: call.operation, detail: error.description))
        case .tooLarge, .tls, .other:
            return .fail(.transport(error))
        }
    }

    private static func decide(
        _ response: HTTPResponse, call: TinkerCall, url: String, endpoint: TinkerEndpoint
    ) -> SubmissionRule {
        let rejection = BackendError.rejected(
            url: url, status: response.status, detail: endpoint.detail(response.body))
        switch response.status {
        case 200..<300:
            return .accept(response)
        case 401, 403:
            return .unauthorized(.unauthorized(url: url, status: response.status, variable: endpoint.apiKeyVariable))
        case 402:
            return .awaitPayment
        case 429:
            return .throttled(rejection)
        case 425:
            return .retryBriefly(rejection)
        case 409 where call.isRepeatable:
            return .retryBriefly(rejection)
        case 408, 500...599:
            if call.isRepeatable { return .retry(rejection, mayHaveRun: true) }
            return .fail(
                .fateUnknown(
                    operation: call.operation,
                    detail: "status \(response.status) from \(url): \(endpoint.detail(response.body))"))
        default:
            return .fail(rejection)
        }
    }
}
