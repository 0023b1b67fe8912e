import Primitives
import Transport

/// A chat model behind an OpenAI-compatible server: vLLM, SGLang, a hosted service.
///
/// An answer that was cut off, refused by the server's filter, or that is not text, is an error and never an empty answer.
/// Requests are repeated where repeating can help (no connection, 408, 429, 5xx), because asking twice changes nothing.
public struct OpenAIChatModel: ChatModel, CustomStringConvertible, CustomReflectable {
    public let name: String
    /// Up to and without `/chat/completions`, for example `http://127.0.0.1:8000/v1`.
    public let baseURL: String
    private let apiKey: String?
    private let apiKeyVariable: String?
    private let client: HTTPClient
    private let retryPolicy: RetryPolicy

    /// - Parameters:
    ///   - apiKey: sent as a bearer token; shown in no description, reflection or error.
    ///   - apiKeyVariable: the environment variable that it was read from, for advice in errors.
    public init(
        name: String, baseURL: String, apiKey: String? = nil, apiKeyVariable: String? = nil, client: HTTPClient,
        retryPolicy: RetryPolicy = RetryPolicy()
    ) {
        self.name = name
        var base = Substring(baseURL)
        while base.hasSuffix("/") { base.removeLast() }
        self.baseURL = String(base)
        self.apiKey = apiKey
        self.apiKeyVariable = apiKeyVariable
        self.client = client
        self.retryPolicy = retryPolicy
    }

    public var description: String { "OpenAIChatModel(\(name) at \(baseURL))" }
    public var customMirror: Mirror { Mirror(self, children: ["name": name, "baseURL": baseURL]) }

    private var url: String { baseURL + "/chat/completions" }

    public func complete(_ request: ChatRequest) async throws(BackendError) -> String {
        let body = body(of: request).serialized()
        let started = ContinuousClock.now
        var failures = 0
        while true {
            let failure: BackendError
            switch await exchange(body) {
            case .success(let response):
                if response.isSuccess { return try text(of: response.body) }
                failure = refusal(response)
                guard response.status == 408 || response.status == 429 || response.status >= 500 else { throw failure }
            case .failure(.cancelled):
                throw .cancelled(operation: "a chat completion")
            case .failure(let error):
                failure = .unreachable(url: url, detail: error.description)
            }
            failures += 1
            let delay = retryPolicy.delay(afterFailures: failures)
            guard started.duration(to: .now) + delay < retryPolicy.outageBudget else { throw failure }
            do { try await Task.sleep(for: delay) } catch { throw .cancelled(operation: "a chat completion") }
        }
    }

    private func exchange(_ body: [UInt8]) async -> Result<HTTPResponse, TransportError> {
        do throws(TransportError) {
            return .success(try await client.send(httpRequest(body)))
        } catch {
            return .failure(error)
        }
    }

    private func httpRequest(_ body: [UInt8]) -> HTTPRequest {
        var headers = [("Content-Type", "application/json")]
        if let apiKey { headers.append(("Authorization", "Bearer " + apiKey)) }
        return HTTPRequest(
            method: "POST", url: url, headers: headers, body: body, timeout: retryPolicy.requestTimeout,
            maximumResponseBytes: 16 << 20)
    }

    private func body(of request: ChatRequest) -> JSONValue {
        var body: JSONObject = [
            "model": .string(name),
            "messages": [
                ["role": "system", "content": .string(request.system)],
                ["role": "user", "content": .string(request.user)],
            ],
            "temperature": .number(request.temperature),
            "max_tokens": .integer(Int64(request.maximumTokens)),
        ]
        if let schema = request.schema {
            body["response_format"] = [
                "type": "json_schema", "json_schema": ["name": "answer", "strict": true, "schema": schema],
            ]
        }
        return .object(body)
    }

    private func text(of body: [UInt8]) throws(BackendError) -> String {
        let expected = "a chat completion with one choice that holds text"
        guard let json = try? JSONValue.parse(body), case .array(let choices)? = json["choices"],
            let choice = choices.first, let content = choice["message"]?["content"]?.stringValue
        else {
            throw .garbage(url: url, expected: expected, received: String(decoding: body.prefix(200), as: UTF8.self))
        }
        if let reason = choice["finish_reason"]?.stringValue, reason != "stop" {
            throw .failed(
                operation: "a chat completion", category: "model",
                detail: "the answer ended with finish_reason `\(reason)`, so it is not whole")
        }
        return content
    }

    private func refusal(_ response: HTTPResponse) -> BackendError {
        if response.status == 401 || response.status == 403 {
            return .unauthorized(url: url, status: response.status, variable: apiKeyVariable)
        }
        let excerpt = String(decoding: response.body.prefix(300), as: UTF8.self)
        return .rejected(url: url, status: response.status, detail: excerpt)
    }
}
