import Primitives
import Transport

/// A chat model behind an OpenAI-compatible server: vLLM, SGLang, `medresearcher serve`, a hosted service.
///
/// An answer that breaks off or that is no completion is an error and never an empty answer. Requests are repeated where
/// repeating can help (no connection, a broken one, 408, 409, 429, 5xx), because asking twice changes nothing; the waits
/// grow, are jittered so that many clients do not come back at once, and are never shorter than the server's `Retry-After`.
public struct OpenAIChatModel: ChatModel, CustomStringConvertible, CustomReflectable {
    public let name: String
    /// Up to and without `/chat/completions`, for example `http://127.0.0.1:8000/v1`.
    public let baseURL: String
    /// Whether answers are streamed even where nobody watches. A long answer then needs no long deadline: only silence ends
    /// it.
    public let streams: Bool
    private let apiKey: String?
    private let apiKeyVariable: String?
    private let client: HTTPClient
    private let retryPolicy: RetryPolicy
    private let finishesRequests: Bool

    /// - Parameters:
    ///   - apiKey: sent as a bearer token; shown in no description, reflection or error.
    ///   - apiKeyVariable: the environment variable that it was read from, for advice in errors.
    ///   - finishesRequests: whether a request that was sent is waited for even where its task is cancelled, because it is
    ///     paid for either way. Nothing more is sent then.
    public init(
        name: String, baseURL: String, apiKey: String? = nil, apiKeyVariable: String? = nil, streams: Bool = false,
        client: HTTPClient, retryPolicy: RetryPolicy = RetryPolicy(), finishesRequests: Bool = false
    ) {
        self.name = name
        var base = Substring(baseURL)
        while base.hasSuffix("/") { base.removeLast() }
        self.baseURL = String(base)
        self.streams = streams
        self.apiKey = apiKey
        self.apiKeyVariable = apiKeyVariable
        self.client = client
        self.retryPolicy = retryPolicy
        self.finishesRequests = finishesRequests
    }

    public var description: String { "OpenAIChatModel(\(name) at \(baseURL))" }
    public var customMirror: Mirror { Mirror(self, children: ["name": name, "baseURL": baseURL]) }

    private static let operation = "a chat completion"
    /// The longest silence of a stream, between two chunks.
    private static let longestSilence = Duration.seconds(120)
    private static let maximumAnswerBytes = 16 << 20

    private var url: String { baseURL + "/chat/completions" }

    public func answer(
        _ request: ChatRequest, receive: (@Sendable (ChatDelta) -> Void)?
    ) async throws(BackendError) -> ChatAnswer {
        let streams = streams || receive != nil
        let body = ChatWire.body(request, model: name, streams: streams).serialized()
        let started = ContinuousClock.now
        var jitter = RetryJitter(body)
        var failures = 0
        while true {
            try checkCancellation(of: Self.operation)
            let attempt =
                finishesRequests
                ? await Task { await asked(body, streams: streams, receive) }.value
                : await asked(body, streams: streams, receive)
            let failure: BackendError
            let leastDelay: Duration
            switch attempt {
            case .answer(let answer): return answer
            case .fail(let error): throw error
            case .retry(let error, let after): (failure, leastDelay) = (error, after)
            }
            failures += 1
            let delay = max(leastDelay, jitter.delay(retryPolicy.delay(afterFailures: failures)))
            guard started.duration(to: .now) + delay < retryPolicy.outageBudget else { throw failure }
            do { try await Task.sleep(for: delay) } catch { throw .cancelled(operation: Self.operation) }
            receive?(.restart)
        }
    }

    // MARK: One attempt

    private enum Attempt {
        case answer(ChatAnswer)
        case retry(BackendError, after: Duration)
        case fail(BackendError)
    }

    private func asked(
        _ body: [UInt8], streams: Bool, _ receive: (@Sendable (ChatDelta) -> Void)?
    ) async -> Attempt {
        streams ? await streamed(body, receive) : await whole(body)
    }

    private func whole(_ body: [UInt8]) async -> Attempt {
        do throws(TransportError) {
            let response = try await client.send(httpRequest(body, timeout: retryPolicy.requestTimeout))
            guard response.isSuccess else {
                return refusal(response.status, response.body, retryAfter: response.header("Retry-After"))
            }
            let answer = (try? JSONValue.parse(response.body)).flatMap(ChatWire.answer)
            return answer.map(Attempt.answer) ?? .fail(garbage(response.body))
        } catch {
            return outage(error)
        }
    }

    private func streamed(_ body: [UInt8], _ receive: (@Sendable (ChatDelta) -> Void)?) async -> Attempt {
        var request = httpRequest(body, timeout: .seconds(24 * 3600))
        request.headers.append(("Accept", "text/event-stream"))
        request.idleTimeout = Self.longestSilence
        do throws(TransportError) {
            let stream = try await client.stream(request)
            guard stream.isSuccess else {
                return refusal(stream.status, try await stream.collect(), retryAfter: stream.header("Retry-After"))
            }
            var events = ServerSentEvents()
            var assembler = ChatAnswerAssembler()
            var chunks = stream.chunks.makeAsyncIterator()
            while let bytes = try await chunks.next(isolation: nil) {
                for event in events.decode(bytes) where event.data != "[DONE]" {
                    guard let chunk = try? JSONValue.parse(event.data) else {
                        return .fail(garbage(Array(event.data.utf8)))
                    }
                    do throws(ChatAnswerAssembler.StreamedError) {
                        for delta in try assembler.add(chunk) { receive?(delta) }
                    } catch {
                        return .retry(
                            .failed(operation: Self.operation, category: "server", detail: error.detail), after: .zero)
                    }
                }
            }
            if let answer = assembler.answer { return .answer(answer) }
            return .retry(
                .unreachable(url: RedactedURL.text(url), detail: "the stream ended before the answer did"), after: .zero
            )
        } catch {
            return outage(error)
        }
    }

    private func httpRequest(_ body: [UInt8], timeout: Duration) -> HTTPRequest {
        var headers = [("Content-Type", "application/json")]
        if let apiKey { headers.append(("Authorization", "Bearer " + apiKey)) }
        return HTTPRequest(
            method: "POST", url: url, headers: headers, body: body, timeout: timeout,
            maximumResponseBytes: Self.maximumAnswerBytes)
    }

    // MARK: Failures

    private func outage(_ error: TransportError) -> Attempt {
        switch error {
        case .cancelled: .fail(.cancelled(operation: Self.operation))
        case .tls, .tooLarge, .other: .fail(.transport(error))
        case .unreachable, .timedOut, .interrupted:
            .retry(.unreachable(url: RedactedURL.text(url), detail: error.description), after: .zero)
        }
    }

    private func refusal(_ status: Int, _ body: [UInt8], retryAfter: String?) -> Attempt {
        if status == 401 || status == 403 {
            return .fail(.unauthorized(url: RedactedURL.text(url), status: status, variable: apiKeyVariable))
        }
        let error = BackendError.rejected(url: RedactedURL.text(url), status: status, detail: excerpt(body))
        guard status == 408 || status == 409 || status == 429 || status >= 500 else { return .fail(error) }
        let seconds = retryAfter.flatMap { Double($0) } ?? 0
        return .retry(error, after: .seconds(min(max(seconds, 0), 3600)))
    }

    private func garbage(_ body: [UInt8]) -> BackendError {
        .garbage(
            url: RedactedURL.text(url), expected: "a chat completion whose first choice holds text or tool calls",
            received: excerpt(body))
    }

    /// The beginning of an answer, without the key, should the server have repeated it.
    private func excerpt(_ body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(300 + (apiKey?.utf8.count ?? 0)), as: UTF8.self)
        guard let apiKey, !apiKey.isEmpty else { return String(text.prefix(300)) }
        return String(
            text.split(separator: apiKey, omittingEmptySubsequences: false).joined(separator: "[API key]")
                .prefix(300))
    }
}
