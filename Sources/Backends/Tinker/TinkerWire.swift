import Foundation
import Primitives
import Synchronization
import Transport

/// The conversation with one server: sends calls, repeats what may be repeated, and makes promises of answers.
final class TinkerWire: Sendable {
    /// The version of the Tinker SDK whose JSON dialect this client speaks.
    static let protocolVersion = "0.24.1"

    let endpoint: TinkerEndpoint
    private let transport: HTTPClient
    private let notice: @Sendable (String) -> Void
    private let state: Mutex<State>

    private struct State {
        /// The key, or the token it was exchanged for.
        var credential: String?
        var usesExchangedTokens = false
        var callCount = 0
        /// Tells this connection's idempotency keys from every other's.
        let nonce =
            "\(ProcessInfo.processInfo.processIdentifier)-\(String(Date().timeIntervalSince1970.bitPattern, radix: 16))"
        var endedBecause: String?
    }

    /// - Parameter notice: receives one line whenever a request has to be repeated or paused.
    init(endpoint: TinkerEndpoint, transport: HTTPClient, notice: @escaping @Sendable (String) -> Void) {
        self.endpoint = endpoint
        self.transport = transport
        self.notice = notice
        state = Mutex(State(credential: endpoint.apiKey))
    }

    /// After this every request fails with ``BackendError/sessionEnded(detail:)``.
    func end(because reason: String) {
        state.withLock { $0.endedBecause = $0.endedBecause ?? reason }
    }

    func checkOpen() throws(BackendError) {
        if let reason = state.withLock({ $0.endedBecause }) { throw .sessionEnded(detail: reason) }
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
    func acknowledge(_ call: TinkerCall, policy: RetryPolicy) async throws(BackendError) {
        _ = try await submit(call, policy, nil)
    }

    /// Sends a request whose result is to be collected later.
    func promise(_ call: TinkerCall, policy: RetryPolicy? = nil) async throws(BackendError) -> TinkerPromise {
        var call = call
        call.idempotencyKey = nextIdempotencyKey()
        return TinkerPromise(
            identifier: try await requestIdentifier(call, policy: policy), call: call, wire: self)
    }

    /// Submits a call and returns the `request_id` of its promise.
    func requestIdentifier(_ call: TinkerCall, policy: RetryPolicy? = nil) async throws(BackendError) -> String {
        let response = try await submit(call, policy ?? endpoint.retryPolicy, nil)
        let answer = try json(response, of: call.path)
        guard let identifier = answer["request_id"]?.stringValue, !identifier.isEmpty else {
            throw garbage(response.body, from: call.path, expected: "an object with the string `request_id`")
        }
        return identifier
    }

    private func submit(
        _ call: TinkerCall, _ policy: RetryPolicy, _ budget: Duration?
    ) async throws(BackendError) -> HTTPResponse {
        var call = call
        if call.idempotencyKey.isEmpty { call.idempotencyKey = nextIdempotencyKey() }
        let url = RedactedURL.text(endpoint.url(call.path))
        let start = ContinuousClock.now
        var failures = 0
        var conflicts = 0
        var hasRefreshedCredential = false
        while true {
            if let sampling = call.sampling {
                do { try await sampling.gate.passed() } catch { throw .cancelled(operation: call.operation) }
            }
            try checkOpen()
            let outcome = await exchange(call, timeout: policy.requestTimeout, headers: [])
            switch SubmissionRule.decide(outcome, call: call, url: url, endpoint: endpoint) {
            case .accept(let response):
                return response
            case .retry(let error):
                failures += 1
                guard start.duration(to: .now) < budget ?? policy.outageBudget else { throw error }
                if failures == 2 { notice("repeating \(call.operation): \(error)") }
                try await pause(policy.delay(afterFailures: failures), call.operation)
            case .retryBriefly(let error):
                conflicts += 1
                guard conflicts <= policy.conflictRetries else { throw error }
                try await pause(policy.delay(afterFailures: conflicts), call.operation)
            case .throttled(let error):
                failures += 1
                guard start.duration(to: .now) < (call.sampling == nil ? policy.outageBudget : policy.silenceBudget)
                else { throw error }
                if let sampling = call.sampling {
                    sampling.gate.pause(for: sampling.pause)
                } else {
                    try await pause(policy.delay(afterFailures: failures), call.operation)
                }
            case .awaitPayment:
                guard start.duration(to: .now) < policy.billingBudget else {
                    throw .paymentRequired(url: url, waited: policy.billingBudget)
                }
                notice("waiting: \(url) asks for payment (status 402)")
                try await pause(policy.billingDelay, call.operation)
            case .unauthorized(let error):
                guard !hasRefreshedCredential, try await refreshCredential() else { throw error }
                hasRefreshedCredential = true
            case .fail(let error):
                throw error
            }
        }
    }

    /// One HTTP exchange, without any judgement of the answer.
    func exchange(
        _ call: TinkerCall, timeout: Duration, headers: [(String, String)]
    ) async -> Result<HTTPResponse, TransportError> {
        var all = [
            ("Accept", "application/json"), ("Content-Type", "application/json"),
            ("X-Idempotency-Key", call.idempotencyKey),
        ]
        if let credential = state.withLock({ $0.credential }) { all.append(("X-API-Key", credential)) }
        if call.sampling != nil { all.append(("X-Tinker-Sampling-Backpressure", "1")) }
        let request = HTTPRequest(
            method: call.method, url: endpoint.url(call.path), headers: all + headers, body: call.body,
            timeout: timeout, maximumResponseBytes: endpoint.maximumResponseBytes, isRepeatable: call.isRepeatable)
        do throws(TransportError) {
            return .success(try await transport.send(request))
        } catch {
            return .failure(error)
        }
    }

    func report(_ line: String) { notice(line) }

    func pause(_ duration: Duration, _ operation: String) async throws(BackendError) {
        do { try await Task.sleep(for: duration) } catch { throw .cancelled(operation: operation) }
    }

    // MARK: Credentials

    /// Exchanges the key again where tokens are in use; `false` where the key itself was refused.
    func refreshCredential() async throws(BackendError) -> Bool {
        guard state.withLock({ $0.usesExchangedTokens }) else { return false }
        try await exchangeCredential()
        return true
    }

    /// Exchanges the key for a short-lived token, for servers whose configuration asks for that.
    func exchangeCredential() async throws(BackendError) {
        state.withLock {
            $0.credential = endpoint.apiKey
            $0.usesExchangedTokens = false
        }
        let call = TinkerCall(
            path: "auth/token", body: Array("{}".utf8), requestType: "AuthToken", isRepeatable: true)
        let answer = try await send(call)
        guard let token = answer["jwt"]?.stringValue else {
            throw garbage(answer.serialized(), from: call.path, expected: "an object with the string `jwt`")
        }
        state.withLock {
            $0.credential = token
            $0.usesExchangedTokens = true
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
