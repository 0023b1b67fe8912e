import Transport

/// Why a backend did not do what was asked. No text in it holds an API key.
public enum BackendError: Error, Sendable, CustomStringConvertible {
    /// No connection, or none for as long as the retry policy allows.
    case unreachable(url: String, detail: String)
    /// The server accepts requests but has said nothing for as long as the retry policy allows.
    case timedOut(url: String, operation: String, after: Duration)
    /// 401 or 403; `variable` is the environment variable that the key was read from.
    case unauthorized(url: String, status: Int, variable: String?)
    /// The answer is not what the protocol says; `received` is its beginning.
    case garbage(url: String, expected: String, received: String)
    /// The server refused the request; repeating it would not help.
    case rejected(url: String, status: Int, detail: String)
    /// The server accepted the request and failed to execute it.
    case failed(operation: String, category: String, detail: String)
    /// A request that changes something may or may not have run, and it is not sent (any more), so that it does not run twice.
    case fateUnknown(operation: String, detail: String)
    /// 402 for as long as the retry policy allows.
    case paymentRequired(url: String, waited: Duration)
    /// The session was ended by the server or by ``TinkerSession/close()``.
    case sessionEnded(detail: String)
    /// An earlier failure left the model in a state that the client does not know.
    case trainerUnusable(reason: String)
    /// The server wants something that this client does not speak.
    case unsupported(detail: String)
    /// The caller's arguments cannot be sent.
    case invalidRequest(detail: String)
    /// The next request could cost more than what is left of a limit; both in dollars.
    case spendLimitReached(spent: Double, limit: Double)
    case cancelled(operation: String)
    /// Any other failure of the transport.
    case transport(TransportError)

    public var description: String {
        switch self {
        case .unreachable(let url, let detail):
            "cannot reach the backend at \(url): \(detail); check that the server is running and that the recipe's "
                + "`backend.url` is right (`medresearcher serve` starts the embedded backend)"
        case .timedOut(let url, let operation, let after):
            "the backend at \(url) has not finished \(operation) nor said anything for \(after); see the server's log"
        case .unauthorized(let url, let status, let variable):
            "the backend refused the API key (status \(status) from \(url)); "
                + (variable.map { "put a valid key into the environment variable \($0)" }
                    ?? "name the environment variable that holds the key in the recipe's `backend.api_key_env`")
        case .garbage(let url, let expected, let received):
            "the backend's answer from \(url) is not understood: expected \(expected), received \(received); check that "
                + "the URL names the intended server"
        case .rejected(let url, let status, let detail):
            "the backend refused the request (status \(status) from \(url)): \(detail)"
        case .failed(let operation, let category, let detail):
            "the backend failed at \(operation) (\(category) error): \(detail)"
        case .fateUnknown(let operation, let detail):
            "\(operation) was sent, but whether the backend ran it is unknown: \(detail); it is not sent again, so that it "
                + "cannot run twice"
        case .paymentRequired(let url, let waited):
            "the backend at \(url) asks for payment (status 402) and still does after \(waited); settle the "
                + "account"
        case .sessionEnded(let detail):
            "the backend's session has ended: \(detail)"
        case .trainerUnusable(let reason):
            "the model's state on the backend is unknown, because \(reason)"
        case .unsupported(let detail):
            "the backend needs what this client does not speak: \(detail)"
        case .invalidRequest(let detail):
            "the request cannot be sent to the backend: \(detail)"
        case .spendLimitReached(let spent, let limit):
            "$\(Self.dollars(spent)) of a limit of $\(Self.dollars(limit)) are spent, and the next request could cost more than "
                + "the rest; raise `spend_limit_usd` in the recipe and `medresearcher resume`"
        case .cancelled(let operation):
            "\(operation) was cancelled"
        case .transport(let error):
            error.description
        }
    }

    /// Whether a new session that restores the last manifest is the cure: the state of this one is lost or unknown, and
    /// nothing says that the same would happen again.
    public var isCuredByRestoring: Bool {
        switch self {
        case .fateUnknown, .trainerUnusable, .sessionEnded, .timedOut, .unreachable, .garbage: true
        // A server that was restarted knows neither the model nor its promises.
        case .rejected(_, let status, _): status == 404 || status == 410 || status >= 500
        case .failed(_, let category, _): category != "user"
        case .unauthorized, .paymentRequired, .unsupported, .invalidRequest, .spendLimitReached, .cancelled,
            .transport:
            false
        }
    }

    /// With four decimals, because single answers cost less than a cent.
    public static func dollars(_ amount: Double) -> String {
        let units = Int((amount * 10_000).rounded())
        let fraction = String(units % 10_000)
        return "\(units / 10_000)." + String(repeating: "0", count: 4 - fraction.count) + fraction
    }

    /// Whether the server may have executed the request that failed.
    var mayHaveRun: Bool {
        switch self {
        case .unreachable, .unauthorized, .paymentRequired, .sessionEnded, .trainerUnusable, .unsupported,
            .invalidRequest, .spendLimitReached:
            false
        case .rejected(_, let status, _): status == 408 || status >= 500
        case .timedOut, .garbage, .failed, .fateUnknown, .cancelled: true
        case .transport(let error): error.mayHaveRun
        }
    }

    /// Whether the server has judged the request itself, and so has used up the `seq_id` it carried.
    var usesUpSequence: Bool {
        guard case .rejected(_, let status, _) = self else { return false }
        return ![425, 429].contains(status)
    }
}
