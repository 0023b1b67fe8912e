import Transport

/// Reads pages of the public internet through a guarded client, and those of hosts that the user allows through another.
struct GuardedExchange: SourceExchange {
    let guarded: any SourceExchange
    let open: (any SourceExchange)?
    let hosts: Set<String>

    func send(_ request: SourceRequest, _ limits: ExchangeLimits) async throws(SourceExchangeError) -> HTTPResponse {
        if let open, let url = WebURL(request.url), hosts.contains(url.host) {
            return try await open.send(request, limits)
        }
        return try await guarded.send(request, limits)
    }
}
