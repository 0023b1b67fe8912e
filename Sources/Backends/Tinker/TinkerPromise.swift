import Primitives
import TinkerProtocol
import Transport

/// A result that the server has promised.
struct TinkerPromise: Sendable {
    static let path = "retrieve_future"

    var identifier: String
    /// Of samples, the server's names for the sequences, where it says them (dialect P2).
    var sampleSequences: [String]?
    let call: TinkerCall
    let wire: TinkerWire

    /// Polls until the result is there.
    ///
    /// As long as the server says that it is at work there is no limit; the retry policy bounds outages and silence.
    /// - Parameter announcements: where set, tells when there is something to fetch, so that no poll waits for it.
    /// - Throws: ``BackendError/fateUnknown(operation:detail:)`` where the server has forgotten a promise whose call must
    ///   not be sent twice, or, of a call that changes something, has forgotten every one that it gave.
    func result(
        policy: RetryPolicy? = nil, announcements: SampleAnnouncements? = nil
    ) async throws(BackendError) -> TinkerAnswer {
        let policy = policy ?? wire.endpoint.retryPolicy
        var current = identifier
        var iteration = 0
        var (failures, doubts, resubmissions) = (0, 0, 0)
        var lastSign = ContinuousClock.now
        var paymentRequiredSince: ContinuousClock.Instant?
        var hasRenewedCredential = false
        var lease: TinkerWire.RoomLease?
        defer { lease?.end() }
        if let bytes = try await announcements?.bytes(of: current, call.operation) {
            lease = try await wire.makeRoom(for: bytes, call.operation)
        }
        while true {
            try wire.checkOpen()
            try await wire.renewCredentialIfDue()
            let shown = wire.credential.current
            let sent = ContinuousClock.now
            let outcome = await poll(current, iteration, acceptsAnnouncement: lease == nil, policy.pollTimeout)
            let received = ContinuousClock.now
            iteration += 1
            switch PollRule.decide(outcome, operation: call.operation, wire: wire) {
            case .result(let value):
                announcements?.retrieved(current)
                return value
            case .announced(let bytes) where lease == nil:
                lease = try await wire.makeRoom(for: bytes, call.operation)
                (lastSign, failures, doubts, paymentRequiredSince) = (.now, 0, 0, nil)
                continue
            case .pollAgain(let isQueued):
                (lastSign, failures, doubts, paymentRequiredSince) = (received, 0, 0, nil)
                hasRenewedCredential = false
                if isQueued { call.sampling?.gate.gauge.refused(waiting: sent.duration(to: received)) }
            case .announced:
                (lastSign, failures, doubts, paymentRequiredSince) = (received, 0, 0, nil)
                hasRenewedCredential = false
            case .unanswered(let error):
                guard lastSign.duration(to: received) < policy.silenceBudget else { throw error }
            case .backOff(let error):
                guard lastSign.duration(to: received) < policy.outageBudget else { throw error }
                failures += 1
                if failures == 3 { wire.report("polling \(call.operation) again: \(error)") }
                // The first failure is polled again at once.
                let wait = failures > 1 ? policy.delay(afterFailures: failures - 1) : .zero
                if case .rejected(_, 429, _) = error { call.sampling?.gate.gauge.refused(waiting: wait) }
                if failures > 1 { try await wire.pause(wait, call.operation) }
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
                    let forgotten = "the backend has forgotten its promise of \(call.operation)"
                    if call.repetition == .harmless {
                        throw .rejected(
                            url: RedactedURL.text(wire.endpoint.url(Self.path)), status: 410,
                            detail: "\(forgotten) \(resubmissions) times: \(detail)")
                    }
                    throw .fateUnknown(operation: call.operation, detail: "\(forgotten) (status 410): \(detail)")
                }
                current = try await wire.submission(call, policy: policy).identifier
                (iteration, lastSign) = (0, .now)
            case .unauthorized(let error):
                guard !hasRenewedCredential, try await wire.renewCredential(replacing: shown) else { throw error }
                hasRenewedCredential = true
            case .fail(let error):
                throw error
            }
            let rest = policy.minimumPollInterval - sent.duration(to: .now)
            if rest > .zero { try await wire.pause(rest, call.operation) }
        }
    }

    /// Tells the server that nobody waits any longer, so that it need not go on. Best effort.
    func cancel() async {
        let body: JSONValue = ["request_id": .string(identifier)]
        let call = TinkerCall(path: "cancel_future", body: body.serialized(), requestType: "CancelFuture")
        try? await wire.acknowledge(call, policy: wire.endpoint.retryPolicy.hasty)
    }

    private func poll(
        _ identifier: String, _ iteration: Int, acceptsAnnouncement: Bool, _ timeout: Duration
    ) async -> Result<HTTPResponse, TransportError> {
        let body: JSONValue = [
            "request_id": .string(identifier), "allow_metadata_only": .bool(acceptsAnnouncement),
        ]
        var poll = TinkerCall(path: Self.path, body: body.serialized(), requestType: call.requestType)
        poll.idempotencyKey = "\(call.idempotencyKey)-\(iteration)"
        var headers = [
            ("X-Tinker-Request-Iteration", String(iteration)), ("X-Tinker-Request-Type", call.requestType),
        ]
        if call.hasBinaryResult {
            let accepted = wire.dialect == .json ? WireDialect.mediaType + ", application/json" : WireDialect.mediaType
            headers.append(("Accept", accepted))
        }
        return await wire.exchange(poll, timeout: timeout, headers: headers)
    }
}
