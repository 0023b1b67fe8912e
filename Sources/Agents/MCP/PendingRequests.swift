import Primitives
import Synchronization

/// The requests of a two-way connection that wait for their answers.
///
/// Invariants: each request is resumed exactly once, by its answer, its time, its cancellation or the connection's end,
/// whichever comes first; no continuation is resumed under the lock.
final class PendingRequests: Sendable {
    typealias Outcome = Result<JSONValue, MCPError>

    private struct Entry {
        var continuation: CheckedContinuation<Outcome, Never>?
        var outcome: Outcome?
        var lastSign: ContinuousClock.Instant
    }

    private struct State {
        var nextID = 1
        var entries: [Int: Entry] = [:]
        var end: MCPError?
        /// Texts from the server that were no answer to anything, and the first of them.
        var strayCount = 0
        var stray = ""
    }

    private let state = Mutex(State())

    /// The id of a new request, or why there can be none.
    func begin() -> Result<Int, MCPError> {
        state.withLock { state in
            if let end = state.end { return .failure(end) }
            defer { state.nextID += 1 }
            state.entries[state.nextID] = Entry(lastSign: .now)
            return .success(state.nextID)
        }
    }

    /// Waits for the outcome of a request that has begun. To be called once for each.
    func outcome(of id: Int, else missing: MCPError) async -> Outcome {
        await withCheckedContinuation { continuation in
            let outcome: Outcome? = state.withLock { state in
                guard let entry = state.entries[id] else { return .failure(state.end ?? missing) }
                if let outcome = entry.outcome {
                    state.entries[id] = nil
                    return outcome
                }
                state.entries[id]?.continuation = continuation
                return nil
            }
            if let outcome { continuation.resume(returning: outcome) }
        }
    }

    /// `false` where no such request waits.
    @discardableResult
    func finish(_ id: Int, _ outcome: Outcome) -> Bool {
        let (isKnown, continuation) = state.withLock { state -> (Bool, CheckedContinuation<Outcome, Never>?) in
            guard let entry = state.entries[id], entry.outcome == nil else { return (false, nil) }
            if let continuation = entry.continuation {
                state.entries[id] = nil
                return (true, continuation)
            }
            state.entries[id]?.outcome = outcome
            return (true, nil)
        }
        continuation?.resume(returning: outcome)
        return isKnown
    }

    /// Fails all requests, now and from now on.
    func end(_ error: MCPError) {
        let continuations = state.withLock { state in
            if state.end == nil { state.end = error }
            var continuations: [CheckedContinuation<Outcome, Never>] = []
            for (id, entry) in state.entries where entry.outcome == nil {
                if let continuation = entry.continuation {
                    continuations.append(continuation)
                    state.entries[id] = nil
                } else {
                    state.entries[id]?.outcome = .failure(error)
                }
            }
            return continuations
        }
        for continuation in continuations { continuation.resume(returning: .failure(error)) }
    }

    var hasEnded: Bool { state.withLock { $0.end != nil } }

    /// Notes that the server works on a request.
    func touch(_ id: Int) { state.withLock { $0.entries[id]?.lastSign = .now } }

    /// When the server last gave a sign of life for a request; `nil` where it waits no more.
    func lastSign(of id: Int) -> ContinuousClock.Instant? {
        state.withLock { state in state.entries[id].flatMap { $0.outcome == nil ? $0.lastSign : nil } }
    }

    func noteStray(_ text: String) {
        state.withLock { state in
            state.strayCount += 1
            if state.strayCount == 1 { state.stray = String(text.prefix(200)) }
        }
    }

    /// For error messages: what came that nobody waited for, or `nil`.
    var strayNote: String? {
        state.withLock { state in
            state.strayCount == 0
                ? nil : "it wrote \(state.strayCount) lines that answer no request, the first: \(state.stray)"
        }
    }
}
