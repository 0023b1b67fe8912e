import Primitives
import Synchronization
import Transport

/// Learns from one long poll (`retrieve_futures`) which samples of a sampler are finished, for servers that want that in
/// place of a poll for each.
///
/// It only spares polls: where it fails, whoever waits is told to poll for himself, and learns the reason there. The poll
/// runs while there is somebody to tell, or something to tell the server.
final class SampleAnnouncements: Sendable {
    private struct State {
        var cursor = 0
        /// The cursor that the server knows that we have seen.
        var acknowledged = 0
        var waiters: [String: CheckedContinuation<Int?, Never>] = [:]
        /// What was announced before anybody asked: the result's size, `nil` where it is not known.
        var early: [String: Int?] = [:]
        /// Cancelled before they had begun to wait, or while they waited.
        var abandoned: Set<String> = []
        /// Fetched results that the server may drop.
        var retrieved: Set<String> = []
        var isPolling = false
        var hasFailed = false
    }

    private let wire: TinkerWire
    private let samplingSession: String
    private let state = Mutex(State())

    init(wire: TinkerWire, samplingSession: String) {
        self.wire = wire
        self.samplingSession = samplingSession
    }

    /// Waits until the request is finished, well or not.
    /// - Returns: the size of its result, or `nil` where that is not known or the announcements have failed.
    func bytes(of identifier: String, _ operation: String) async throws(BackendError) -> Int? {
        let bytes = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Int?? = state.withLock { state in
                    if state.abandoned.contains(identifier) { return .some(nil) }
                    if let bytes = state.early.removeValue(forKey: identifier) { return .some(bytes) }
                    if state.hasFailed { return .some(nil) }
                    state.waiters[identifier] = continuation
                    return .none
                }
                if let answer { continuation.resume(returning: answer) } else { startPolling() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.abandoned.insert(identifier)
                return state.waiters.removeValue(forKey: identifier)
            }
            waiter?.resume(returning: nil)
        }
        if Task.isCancelled { throw .cancelled(operation: operation) }
        return bytes
    }

    /// Reports with the next poll that a result was fetched.
    func retrieved(_ identifier: String) {
        let hasFailed = state.withLock { state in
            if !state.hasFailed { state.retrieved.insert(identifier) }
            return state.hasFailed
        }
        if !hasFailed { startPolling() }
    }

    private func startPolling() {
        let isNeeded = state.withLock { state in
            defer { state.isPolling = true }
            return !state.isPolling
        }
        if isNeeded { Task { await poll() } }
    }

    private func poll() async {
        let policy = wire.endpoint.retryPolicy
        var (failures, doubts) = (0, 0)
        var lastSign = ContinuousClock.now
        while let (cursor, retrieved, isWaiting) = next() {
            let request: JSONValue = [
                "target": [
                    "type": "sampling_session", "sampling_session_id": .string(samplingSession), "cloned_sampler_id": 0,
                ],
                "prev_cursor": .integer(cursor), "retrieved_request_ids": .array(retrieved.map { .string($0) }),
            ]
            var object = request.objectValue ?? JSONObject()
            if !isWaiting { object["timeout"] = 0 }
            var call = TinkerCall(
                path: "retrieve_futures", body: JSONValue.object(object).serialized(), requestType: "RetrieveFutures")
            call.idempotencyKey = "\(samplingSession)-\(cursor)-\(failures)"
            let sent = ContinuousClock.now
            let outcome = await wire.exchange(call, timeout: policy.pollTimeout, headers: [])
            switch outcome {
            case .success(let response) where response.isSuccess:
                guard take(response.body, cursor: cursor, retrieved: retrieved) else { return fail() }
                (failures, doubts, lastSign) = (0, 0, .now)
            case .failure(.timedOut) where lastSign.duration(to: .now) < policy.silenceBudget: break
            case .success(let response) where response.status == 400 && doubts < policy.badRequestRetries: doubts += 1
            case .success(let response) where response.status == 402 && isPatient(lastSign, policy.billingBudget):
                try? await Task.sleep(for: policy.billingDelay)
            case _ where Self.isPassing(outcome):
                guard isPatient(lastSign, policy.outageBudget) else { return fail() }
                failures += 1
                try? await Task.sleep(for: policy.delay(afterFailures: failures))
            default: return fail()
            }
            let rest = policy.minimumPollInterval - sent.duration(to: .now)
            if rest > .zero { try? await Task.sleep(for: rest) }
        }
    }

    /// Whether the outcome says nothing of the request.
    private static func isPassing(_ outcome: Result<HTTPResponse, TransportError>) -> Bool {
        switch outcome {
        case .success(let response): [408, 429].contains(response.status) || response.status >= 500
        case .failure(.unreachable), .failure(.interrupted): true
        case .failure: false
        }
    }

    private func isPatient(_ since: ContinuousClock.Instant, _ budget: Duration) -> Bool {
        since.duration(to: .now) < budget
    }

    /// What to send next; `nil` where there is nothing to poll for, and then the poll has ended.
    private func next() -> (cursor: Int, retrieved: [String], isWaiting: Bool)? {
        state.withLock { state in
            let isWaiting = !state.waiters.isEmpty
            guard isWaiting || !state.retrieved.isEmpty || state.cursor > state.acknowledged else {
                state.isPolling = false
                return nil
            }
            return (state.cursor, state.retrieved.sorted(), isWaiting)
        }
    }

    /// Tells the waiters what an answer says; `false` where it is not as the protocol says.
    private func take(_ body: [UInt8], cursor: Int, retrieved: [String]) -> Bool {
        guard let answer = try? JSONValue.parse(body), let completions = answer["completions"]?.arrayValue,
            let newCursor = answer["cursor"]?.integerValue
        else { return false }
        let told = state.withLock { state -> [(CheckedContinuation<Int?, Never>, Int?)] in
            state.acknowledged = max(state.acknowledged, cursor)
            state.cursor = newCursor
            state.retrieved.subtract(retrieved)
            return completions.compactMap { completion in
                guard let identifier = completion["request_id"]?.stringValue else { return nil }
                let bytes = completion["response_payload_uncompressed_size"]?.integerValue.map { max(0, $0) }
                if let waiter = state.waiters.removeValue(forKey: identifier) { return (waiter, bytes) }
                // Nobody will fetch it, so the server may drop it.
                if state.abandoned.remove(identifier) != nil {
                    state.retrieved.insert(identifier)
                } else if !retrieved.contains(identifier) {
                    state.early[identifier] = .some(bytes)
                }
                return nil
            }
        }
        for (waiter, bytes) in told { waiter.resume(returning: bytes) }
        return true
    }

    private func fail() {
        let waiters = state.withLock { state in
            state.hasFailed = true
            state.isPolling = false
            state.early = [:]
            state.retrieved = []
            defer { state.waiters = [:] }
            return state.waiters.values.map { $0 }
        }
        for waiter in waiters { waiter.resume(returning: nil) }
    }
}
