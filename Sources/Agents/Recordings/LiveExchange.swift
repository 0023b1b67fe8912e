import Transport

/// Asks the source itself. Keys are added here and masked in what comes back, so that nothing above ever sees one.
public struct LiveExchange: SourceExchange {
    private let client: HTTPClient
    private let credentials: [SourceCredential]
    private let userAgent: String

    /// - Parameter userAgent: who asks, with a contact where the source wants one.
    public init(client: HTTPClient, credentials: [SourceCredential] = [], userAgent: String = "medresearcher") {
        self.client = client
        self.credentials = credentials
        self.userAgent = userAgent
    }

    public func send(
        _ request: SourceRequest, _ limits: ExchangeLimits
    ) async throws(SourceExchangeError) -> HTTPResponse {
        var sent = request
        SourceCredential.apply(credentials, to: &sent)
        let headers = sent.headers.map { ($0.name, $0.value) } + [("User-Agent", userAgent)]
        let request = HTTPRequest(
            method: sent.method, url: sent.target, headers: headers, body: Array(sent.body.utf8),
            timeout: limits.timeout, maximumResponseBytes: limits.maximumBytes)
        do throws(TransportError) {
            let response = try await client.send(request)
            return HTTPResponse(
                status: response.status,
                headers: response.headers.map { ($0.name, SourceCredential.mask($0.value, credentials)) },
                body: SourceCredential.mask(response.body, credentials))
        } catch {
            throw .transport(error)
        }
    }
}
