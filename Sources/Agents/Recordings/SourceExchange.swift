import Transport

/// How requests to sources are answered: by the source (``LiveExchange``) or from a recording (``CassetteExchange``).
public protocol SourceExchange: Sendable {
    /// One exchange, without repeats. Every HTTP status is an answer.
    func send(
        _ request: SourceRequest, _ limits: ExchangeLimits
    ) async throws(SourceExchangeError) -> HTTPResponse
}

/// What one exchange may take.
public struct ExchangeLimits: Sendable {
    public var timeout: Duration
    /// A longer body is refused.
    public var maximumBytes: Int

    public init(timeout: Duration, maximumBytes: Int) {
        self.timeout = timeout
        self.maximumBytes = maximumBytes
    }
}

/// Why an exchange brought no answer.
public enum SourceExchangeError: Error, Sendable, Equatable {
    case transport(TransportError)
    /// The recording does not hold the request; the text names it and the nearest one.
    case notRecorded(String)
    /// The answer could not be written into the recording.
    case notKept(String)
}
