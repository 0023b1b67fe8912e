import Primitives
import Transport

/// A result that the server has promised.
struct TinkerPromise: Sendable {
    static let path = "retrieve_future"

    var identifier: String
    let call: TinkerCall
    let wire: TinkerWire

    /// Polls until the result is there.
    ///
    /// As long as the server says that it is at work there is no limit; the retry policy bounds outages and silence.
    /// - Throws: ``BackendError/fateUnknown(operation:detail:)`` where the server has forgotten a promise whose call must
    ///   not be sent twice.
    func result(policy: RetryPolicy? = nil) async throws(BackendError) -> JSONValue {
        let policy = policy ?? wire.endpoint.retryPolicy
        var current = identifier
        var iteration = 0
        var (failures, doubts, resubmissions) = (0, 0, 0)
        var lastSign = ContinuousClock.now
        var paymentRequiredSince: ContinuousClock.Instant?
        var hasRefreshedCredential = false
        while true {
            try wire.checkOpen()
            let sent = ContinuousClock.now
            let outcome = await poll(current, iteration, policy.pollTimeout)
            let received = ContinuousClock.now
            iteration += 1
            switch PollRule.decide(outcome, operation: call.operation, wire: wire) {
            case .result(let value):
                return value
            case .pollAgain:
                (lastSign, failures, doubts, paymentRequiredSince) = (received, 0, 0, nil)
            case .unanswered(let error):
                guard lastSign.duration(to: received) < policy.silenceBudget else { throw error }
            case .backOff(let error):
                guard lastSign.duration(to: received) < policy.outageBudget else { throw error }
                failures += 1
                if failures == 3 { wire.report("polling \(call.operation) again: \(error)") }
                // The first failure is polled again at once.
                if failures > 1 { try await wire.pause(policy.delay(afterFailures: failures - 1), call.operation) }
            case .doubt(let error):
                doubts += 1
                guard doubts <= policy.badRequestRetries else { throw error }
            case .awaitPayment:
                let start = paymentRequiredSince ?? received
                paymentRequiredSince = start
                guard start.duration(to: received) < policy.billingBudget else {
                    throw .paymentRequired(
                        url: RedactedURL.text(wire.endpoint.url(Self.path)), waited: policy.billingBudget)
                }
                try await wire.pause(policy.billingDelay, call.operation)
                lastSign = .now
            case .gone(let detail):
                resubmissions += 1
                guard call.isRepeatable, resubmissions <= policy.resubmissions else {
                    throw .fateUnknown(
                        operation: call.operation,
                        detail: "the backend has forgotten its promise (status 410): \(detail)")
                }
                current = try await wire.requestIdentifier(call, policy: policy)
                (iteration, lastSign) = (0, .now)
            case .unauthorized(let error):
                guard !hasRefreshedCredential, try await wire.refreshCredential() else { throw error }
                hasRefreshedCredential = true
            case .fail(let error):
                throw error
            }
            let rest = policy.minimumPollInterval - sent.duration(to: .now)
            if rest > .zero { try await wire.pause(rest, call.operation) }
        }
    }

    private func poll(
        _ identifier: String, _ iteration: Int, _ timeout: Duration
    ) async -> Result<HTTPResponse, TransportError> {
        let body: JSONValue = ["request_id": .string(identifier), "allow_metadata_only": false]
        var poll = TinkerCall(
            path: Self.path, body: body.serialized(), requestType: call.requestType, isRepeatable: true)
        poll.idempotencyKey = "\(call.idempotencyKey)-\(iteration)"
        return await wire.exchange(
            poll, timeout: timeout,
            headers: [
                ("X-Tinker-Request-Iteration", String(iteration)), ("X-Tinker-Request-Type", call.requestType),
            ])
    }
}
