import Foundation
import Primitives
import Storage
import Synchronization
import TinkerProtocol
import Transport

/// The conversation with one server: sends calls, repeats what may be repeated, and makes promises of answers.
final class TinkerWire: Sendable {
    let endpoint: TinkerEndpoint
    let credential: TinkerCredential
    /// Room for results that are being fetched.
    private let responseRoom = Mutex(AsyncSemaphore(permits: TinkerSettings().responseBytes))
    private let transport: HTTPClient
    private let notice: @Sendable (String) -> Void
    private let state = Mutex(State())

    private struct State {
        var callCount = 0
        /// Tells this connection's idempotency keys from every other's.
        let nonce =
            "\(ProcessInfo.processInfo.processIdentifier)-\(String(Date().timeIntervalSince1970.bitPattern, radix: 16))"
        var endedBecause: String?
        var settings = TinkerSettings()
        var dialect = WireDialect.json
    }

    /// - Parameter notice: receives one line whenever a request has to be repeated or paused.
    init(endpoint: TinkerEndpoint, transport: HTTPClient, notice: @escaping @Sendable (String) -> Void) {
        self.endpoint = endpoint
        self.transport = transport
        self.notice = notice
        credential = TinkerCredential(key: endpoint.apiKey)
    }

    /// After this every request fails with ``BackendError/sessionEnded(detail:)``.
    func end(because reason: String) {
        state.withLock { $0.endedBecause = $0.endedBecause ?? reason }
    }

    func checkOpen() throws(BackendError) {
        if let reason = state.withLock({ $0.endedBecause }) { throw .sessionEnded(detail: reason) }
    }

    // MARK: What is known of the server

    var settings: TinkerSettings { state.withLock { $0.settings } }

    var dialect: WireDialect { state.withLock { $0.dialect } }

    func adopt(_ settings: TinkerSettings) {
        state.withLock { $0.settings = settings }
        responseRoom.withLock { $0 = AsyncSemaphore(permits: settings.responseBytes) }
    }

    func adopt(_ dialect: WireDialect) { state.withLock { $0.dialect = dialect } }

    func adopt(dynamic configuration: JSONValue) {
        state.withLock { $0.settings.update(dynamic: configuration) }
    }

    /// Waits until a result of that many bytes may be fetched. Whatever exceeds all room waits for all of it.
    func makeRoom(for bytes: Int, _ operation: String) async throws(BackendError) -> RoomLease {
        let room = responseRoom.withLock { $0 }
        let count = min(bytes, room.capacity)
        guard await room.acquire(count) else { throw .cancelled(operation: operation) }
        return RoomLease(room: room, count: count)
    }

    struct RoomLease: Sendable {
        fileprivate let room: AsyncSemaphore
        fileprivate let count: Int
        func end() { room.release(count) }
    }

    // MARK: Requests

    /// Sends a request until it is accepted and returns its JSON answer.
    /// - Parameter budget: how long to go on without success; by default the policy's outage budget.
    func send(
        _ call: TinkerCall, policy: RetryPolicy? = nil, budget: Duration? = nil
    ) async throws(BackendError) -> JSONValue {
        let response = try await submit(call, policy ?? endpoint.retryPolicy, budget)
        return try json(response, of: call.path)
    }

    /// Sends a request whose answer has no content.
    func acknowledge(_ call: TinkerCall, policy: RetryPolicy? = nil) async throws(BackendError) {
        var call = call
        call.isAnswered = false
        _ = try await submit(call, policy ?? endpoint.retryPolicy, nil)
    }

    /// Sends a request whose result is to be collected later.
    func promise(_ call: TinkerCall, policy: RetryPolicy? = nil) async throws(BackendError) -> TinkerPromise {
        var call = call
        call.idempotencyKey = nextIdempotencyKey()
        let (identifier, sequences) = try await submission(call, policy: policy)
        return TinkerPromise(identifier: identifier, sampleSequences: sequences, call: call, wire: self)
    }

    /// Submits a call and returns the `request_id` of its promise and, of samples, the server's names for them.
    func submission(
        _ call: TinkerCall, policy: RetryPolicy? = nil
    ) async throws(BackendError) -> (identifier: String, sampleSequences: [String]?) {
        let response = try await submit(call, policy ?? endpoint.retryPolicy, nil)
        let answer = try json(response, of: call.path)
        guard let identifier = answer["request_id"]?.stringValue, !identifier.isEmpty else {
            throw garbage(response.body, from: call.path, expected: "an object with the string `request_id`")
        }
        return (identifier, answer["sample_sequence_ids"]?.arrayValue?.compactMap(\.stringValue))
    }

    private func submit(
        _ call: TinkerCall, _ policy: RetryPolicy, _ budget: Duration?
    ) async throws(BackendError) -> HTTPResponse {
        var attempts = SubmissionAttempts(call: call, policy: policy, budget: budget ?? policy.outageBudget)
        if attempts.call.idempotencyKey.isEmpty { attempts.call.idempotencyKey = nextIdempotencyKey() }
        let url = RedactedURL.text(endpoint.url(call.path))
        let billingBudget = settings.billingBudget.map { min($0, policy.billingBudget) } ?? policy.billingBudget
        while true {
            if let sampling = call.sampling {
                do { try await sampling.gate.passed() } catch { throw .cancelled(operation: call.operation) }
            }
            try checkOpen()
            try await renewCredentialIfDue()
            let shown = credential.current
            let outcome = await exchange(attempts.call, timeout: policy.requestTimeout, headers: [])
            switch SubmissionRule.decide(outcome, call: call, url: url, endpoint: endpoint) {
            case .accept(let response):
                return response
            case .retry(let error, let mayHaveRun):
                let wait = try attempts.wait(after: error, mayHaveRun: mayHaveRun)
                if attempts.failures == 2 { notice("repeating \(call.operation): \(error)") }
                try await pause(wait, call.operation)
            case .retryBriefly(let error):
                try await pause(try attempts.waitBriefly(after: error), call.operation)
            case .throttled(let error):
                let wait = try attempts.wait(throttledBy: error)
                if let sampling = call.sampling {
                    sampling.gate.pause(for: sampling.pause)
                    sampling.gate.gauge.refused(waiting: sampling.pause)
                } else {
                    try await pause(wait, call.operation)
                }
            case .awaitPayment:
                guard attempts.elapsed < billingBudget else {
                    throw attempts.final(.paymentRequired(url: url, waited: billingBudget))
                }
                notice("waiting: \(url) asks for payment (status 402)")
                try await pause(policy.billingDelay, call.operation)
            case .unauthorized(let error):
                guard attempts.mayRenewCredential(), try await renewCredential(replacing: shown) else {
                    throw attempts.final(error)
                }
            case .fail(let error):
                throw attempts.final(error)
            }
        }
    }

    /// One HTTP exchange, without any judgement of the answer.
    /// - Parameter key: shown in place of the current credential.
    func exchange(
        _ call: TinkerCall, timeout: Duration, headers: [(String, String)], key: String? = nil
    ) async -> Result<HTTPResponse, TransportError> {
        var all = [("Content-Type", call.contentType), ("X-Idempotency-Key", call.idempotencyKey)]
        if !headers.contains(where: { $0.0 == "Accept" }) { all.append(("Accept", "application/json")) }
        if let encoding = call.contentEncoding { all.append(("Content-Encoding", encoding)) }
        if let shown = key ?? credential.current { all.append(("X-API-Key", shown)) }
        if call.sampling != nil { all.append(("X-Tinker-Sampling-Backpressure", "1")) }
        let request = HTTPRequest(
            method: call.method, url: endpoint.url(call.path), headers: all + headers, body: call.body,
            timeout: endpoint.deadline(call, timeout), maximumResponseBytes: endpoint.maximumResponseBytes,
            isRepeatable: call.isRepeatable)
        do throws(TransportError) {
            let response = try await transport.send(request)
            // Of an answer without a length the end is where the connection ends, be that in the midst of its head.
            if call.isAnswered, response.isSuccess, response.body.isEmpty, response.header("Content-Length") == nil {
                return .failure(
                    .interrupted(url: RedactedURL.text(request.url), detail: "the answer ended before its content"))
            }
            return .success(response)
        } catch {
            return .failure(error)
        }
    }

    func report(_ line: String) { notice(line) }

    func pause(_ duration: Duration, _ operation: String) async throws(BackendError) {
        do { try await Task.sleep(for: duration) } catch { throw .cancelled(operation: operation) }
    }

    // MARK: Credentials

    /// Exchanges the key for a short-lived token, for servers whose configuration asks for that.
    func exchangeCredential() async throws(BackendError) {
        _ = try await credential.renew(replacing: nil, isFirst: true, exchange: token)
    }

    /// `false` where the key itself was refused, so that no other is to be had.
    func renewCredential(replacing stale: String?) async throws(BackendError) -> Bool {
        try await credential.renew(replacing: stale, exchange: token)
    }

    /// Renews the token at half of its life. A failure is of no matter yet: the old one is still valid.
    func renewCredentialIfDue() async throws(BackendError) {
        guard credential.isDue else { return }
        do throws(BackendError) {
            _ = try await renewCredential(replacing: credential.current)
        } catch {
            if case .cancelled = error { throw error }
            notice("the token could not be renewed: \(error)")
        }
    }

    private func token(_ key: String?) async throws(BackendError) -> String {
        var call = TinkerCall(path: "auth/token", body: Array("{}".utf8), requestType: "AuthToken")
        call.idempotencyKey = nextIdempotencyKey()
        let policy = endpoint.retryPolicy
        let url = RedactedURL.text(endpoint.url(call.path))
        var attempts = SubmissionAttempts(call: call, policy: policy, budget: policy.outageBudget)
        while true {
            let outcome = await exchange(call, timeout: policy.requestTimeout, headers: [], key: key)
            switch SubmissionRule.decide(outcome, call: call, url: url, endpoint: endpoint) {
            case .accept(let response):
                let answer = try json(response, of: call.path)
                guard let token = answer["jwt"]?.stringValue, !token.isEmpty else {
                    // The answer may hold a token in another place, so none of it is shown.
                    throw .garbage(url: url, expected: "an object with the string `jwt`", received: "something else")
                }
                return token
            case .retry(let error, let mayHaveRun):
                try await pause(try attempts.wait(after: error, mayHaveRun: mayHaveRun), call.operation)
            case .retryBriefly(let error):
                try await pause(try attempts.waitBriefly(after: error), call.operation)
            case .throttled(let error):
                try await pause(try attempts.wait(throttledBy: error), call.operation)
            case .awaitPayment:
                throw .paymentRequired(url: url, waited: .zero)
            case .unauthorized(let error), .fail(let error):
                throw error
            }
        }
    }

    private func nextIdempotencyKey() -> String {
        state.withLock {
            $0.callCount += 1
            return "medresearcher-\($0.nonce)-\($0.callCount)"
        }
    }

    // MARK: Answers

    func json(_ response: HTTPResponse, of path: String) throws(BackendError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue.parse(response.body)
        } catch {
            throw garbage(response.body, from: path, expected: "JSON (\(error))")
        }
    }

    func garbage(_ body: [UInt8], from path: String, expected: String) -> BackendError {
        .garbage(
            url: RedactedURL.text(endpoint.url(path)), expected: expected, received: endpoint.excerpt(body))
    }
}
