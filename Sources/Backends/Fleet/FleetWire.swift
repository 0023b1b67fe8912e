import Primitives
import Transport

/// HTTP to one replica: JSON in and out, the API key on every request and in no error.
struct FleetWire: Sendable {
    let url: String
    let endpoint: FleetEndpoint
    let transport: HTTPClient

    /// Longer answers are refused: room for 64 sequences of 32,768 tokens with logprobs.
    private static let maximumResponseBytes = 512 << 20

    /// One exchange; statuses that speak of the key or of overload are errors, all others are answers.
    func exchange(
        _ method: String, _ path: String, _ body: JSONValue? = nil, operation: String, timeout: Duration,
        isRepeatable: Bool = true
    ) async throws(FleetError) -> HTTPResponse {
        try await exchange(
            method, path, bytes: body?.serialized() ?? [], operation: operation, timeout: timeout,
            isRepeatable: isRepeatable)
    }

    func exchange(
        _ method: String, _ path: String, bytes: [UInt8], operation: String, timeout: Duration,
        isRepeatable: Bool = true
    ) async throws(FleetError) -> HTTPResponse {
        var headers = [("Content-Type", "application/json")]
        if let apiKey = endpoint.apiKey { headers.append(("Authorization", "Bearer " + apiKey)) }
        let request = HTTPRequest(
            method: method, url: url + path, headers: headers, body: bytes, timeout: timeout,
            maximumResponseBytes: Self.maximumResponseBytes, isRepeatable: isRepeatable)
        let response: HTTPResponse
        do throws(TransportError) {
            response = try await transport.send(request)
        } catch {
            throw Self.failure(error, url: RedactedURL.text(url), operation: operation)
        }
        switch response.status {
        case 401, 403:
            throw .unauthorized(
                url: RedactedURL.text(url), status: response.status, variable: endpoint.apiKeyVariable)
        case 429, 503: throw .busy(url: RedactedURL.text(url), operation: operation, status: response.status)
        default: return response
        }
    }

    /// The JSON of a 2xx answer.
    func json(_ response: HTTPResponse, operation: String, expected: String) throws(FleetError) -> JSONValue {
        guard response.isSuccess else { throw refusal(response, operation: operation) }
        guard let value = try? JSONValue.parse(response.body) else {
            throw garbage(response.body, operation: operation, expected: expected)
        }
        return value
    }

    func refusal(_ response: HTTPResponse, operation: String) -> FleetError {
        .refused(
            url: RedactedURL.text(url), operation: operation, status: response.status, detail: detail(response.body))
    }

    func garbage(_ received: [UInt8], operation: String, expected: String) -> FleetError {
        .notUnderstood(
            url: RedactedURL.text(url), operation: operation, expected: expected,
            received: received.isEmpty ? "nothing" : shown(String(decoding: received.prefix(600), as: UTF8.self)))
    }

    func garbage(_ received: JSONValue?, operation: String, expected: String) -> FleetError {
        garbage(received.map { $0.serialized() } ?? [], operation: operation, expected: expected)
    }

    /// What a server says about a failure: `error.message`, `message`, `error_message`, `detail` or `error`, else the
    /// beginning of the body.
    func detail(_ body: [UInt8]) -> String {
        if let json = try? JSONValue.parse(body) {
            let said = [
                json["error"]?["message"], json["message"], json["error_message"], json["detail"], json["error"],
            ]
            for case let value? in said where !value.isNull { return shown(value.stringValue ?? value.text) }
        }
        return body.isEmpty ? "no reason given" : shown(String(decoding: body.prefix(600), as: UTF8.self))
    }

    /// At most 300 characters, without control characters and without the API key.
    private func shown(_ text: String) -> String {
        var text = text
        if let apiKey = endpoint.apiKey, !apiKey.isEmpty {
            text = text.split(separator: apiKey, omittingEmptySubsequences: false).joined(separator: "[API key]")
        }
        let scalars = text.unicodeScalars.prefix(300).map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
        return String(String.UnicodeScalarView(scalars))
    }

    private static func failure(_ error: TransportError, url: String, operation: String) -> FleetError {
        switch error {
        case .unreachable(_, let detail), .tls(_, let detail): .unreachable(url: url, detail: detail)
        case .timedOut(_, let after): .timedOut(url: url, operation: operation, after: after)
        case .interrupted(_, let detail): .interrupted(url: url, operation: operation, detail: detail)
        case .cancelled: .cancelled(operation: operation)
        default: .interrupted(url: url, operation: operation, detail: error.description)
        }
    }
}
