import Primitives
import Transport

/// An engine behind an HTTP server: what vLLM and SGLang have in common.
protocol EngineServer: TokenEngine {
    var wire: FleetWire { get }

    /// Weights that are there already are no error; errors name the operation.
    func loadAdapter(_ weights: FleetWeights, operation: String) async throws(FleetError)
    func loadModel(_ weights: FleetWeights, operation: String) async throws(FleetError)
}

extension EngineServer {
    var url: String { wire.url }
    /// As errors show it.
    var shownURL: String { RedactedURL.text(url) }
    var timing: FleetTiming { wire.endpoint.timing }

    func checkHealth() async throws(FleetError) {
        let operation = "the health check"
        let response = try await wire.exchange("GET", "/health", operation: operation, timeout: timing.healthTimeout)
        guard response.isSuccess else { throw wire.refusal(response, operation: operation) }
    }

    func load(_ weights: FleetWeights) async throws(FleetError) {
        let source = "\(weights.name) from \(weights.directory)"
        switch wire.endpoint.form {
        case .adapter: try await loadAdapter(weights, operation: "loading the adapter " + source)
        case .full: try await loadModel(weights, operation: "loading the model " + source)
        }
    }

    /// The answer to a request that changes what the server holds, which is never sent twice.
    func change(_ path: String, _ body: JSONValue? = nil, operation: String) async throws(FleetError) -> HTTPResponse {
        try await wire.exchange(
            "POST", path, body, operation: operation, timeout: timing.loadTimeout, isRepeatable: false)
    }

    /// The answer to the request for an adapter, which both servers take in the same form.
    func requestAdapter(
        _ weights: FleetWeights, at path: String, operation: String
    ) async throws(FleetError) -> HTTPResponse {
        try await change(
            path, ["lora_name": .string(weights.name), "lora_path": .string(weights.directory)], operation: operation)
    }

    /// Updates a paused server, and lets it go on whether or not the update succeeded.
    func whilePaused(
        pause: () async throws(FleetError) -> Void, resume: () async throws(FleetError) -> Void,
        update: () async throws(FleetError) -> Void
    ) async throws(FleetError) {
        try await pause()
        let result: Result<Void, FleetError>
        do throws(FleetError) {
            try await update()
            result = .success(())
        } catch {
            result = .failure(error)
        }
        try await resume()
        try result.get()
    }

    /// An error with advice after what the server says.
    func refused(_ response: HTTPResponse, operation: String, advice: String) -> FleetError {
        .refused(
            url: shownURL, operation: operation, status: response.status,
            detail: wire.detail(response.body) + advice)
    }

    /// The sequences that `read` takes out of an answer to a sampling request.
    func sequences(
        _ json: JSONValue, operation: String, _ read: () throws(SequenceCheck.Problem) -> [SampledSequence]
    ) throws(FleetError) -> [SampledSequence] {
        do throws(SequenceCheck.Problem) {
            return try read()
        } catch {
            switch error {
            case .aborted(let detail): throw .aborted(url: shownURL, detail: detail)
            case .expected(let text): throw wire.garbage(json, operation: operation, expected: text)
            }
        }
    }
}
