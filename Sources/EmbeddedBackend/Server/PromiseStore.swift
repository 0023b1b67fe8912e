import Primitives
import Synchronization

/// The results that clients fetch with `retrieve_future`.
///
/// A result stays for ``grace`` after it was first fetched, so that a poll whose answer was lost can be repeated, unless
/// results already fetched hold more than ``fetchedByteLimit``.
final class PromiseStore: Sendable {
    enum Lookup: Equatable {
        case pending
        case result(PromiseResult)
        /// There is a result of about so many bytes, more than the client wanted to be sent unasked.
        case large(byteCount: Int)
        /// Fetched before, and dropped since.
        case expired
        /// Never issued by this server.
        case unknown
    }

    private struct Record {
        var result: PromiseResult?
        var isFetched = false
        var waiters: [Int: Waiter] = [:]
    }

    private struct Waiter {
        var continuation: CheckedContinuation<Void, Never>
        var timeout: Task<Void, Never>

        func resume() {
            timeout.cancel()
            continuation.resume()
        }
    }

    private struct State {
        var records: [Int: Record] = [:]
        var issuedCount = 0
        var waiterCount = 0
        /// Fetched records, oldest first; those before `fetchedStart` are dropped.
        var fetched: [(number: Int, time: ContinuousClock.Instant)] = []
        var fetchedStart = 0
        var fetchedBytes = 0
        var isClosed = false
    }

    private let prefix: String
    private let grace: Duration
    private let fetchedByteLimit: Int
    private let state = Mutex(State())

    /// - Parameter epoch: Distinguishes this server's request ids from those of an earlier one.
    init(epoch: String, grace: Duration = .seconds(30), fetchedByteLimit: Int = 64 << 20) {
        prefix = epoch + "-"
        self.grace = grace
        self.fetchedByteLimit = fetchedByteLimit
    }

    /// Issues a request id.
    func create() -> String {
        let number = state.withLock { state in
            state.issuedCount += 1
            state.records[state.issuedCount] = Record()
            dropFetched(&state)
            return state.issuedCount
        }
        return prefix + String(number)
    }

    /// Keeps the result of a request and wakes everyone who waits for it. The first result wins.
    func fulfil(_ id: String, with result: PromiseResult) {
        guard let number = number(of: id) else { return }
        let waiters: [Int: Waiter] = state.withLock { state in
            guard var record = state.records[number], record.result == nil else { return [:] }
            let waiters = record.waiters
            record.result = result
            record.waiters = [:]
            state.records[number] = record
            return waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    func fulfil(_ id: String, with json: JSONValue) { fulfil(id, with: .json(json.serialized())) }

    /// The result of a request, awaited for at most `limit`.
    ///
    /// - Parameter sizeLimit: a result of more bytes is announced instead.
    func result(of id: String, waitingAtMost limit: Duration, sizeLimit: Int = .max) async -> Lookup {
        let now = lookup(id, sizeLimit: sizeLimit)
        guard case .pending = now, let number = number(of: id) else { return now }
        await wait(for: number, atMost: limit)
        return lookup(id, sizeLimit: sizeLimit)
    }

    /// Whether a request id still stands for a result or for one to come.
    func isKept(_ id: String) -> Bool {
        guard let number = number(of: id) else { return false }
        return state.withLock { $0.records[number] != nil }
    }

    /// Forgets results that their client has.
    func drop(_ ids: [String]) {
        let numbers = ids.compactMap(number)
        state.withLock { state in
            for number in numbers {
                guard let record = state.records[number], let result = record.result else { continue }
                state.records[number] = nil
                if record.isFetched { state.fetchedBytes -= result.byteCount }
            }
        }
    }

    /// Wakes everyone who waits, now and later.
    func close() {
        let waiters: [Waiter] = state.withLock { state in
            state.isClosed = true
            let waiters = state.records.values.flatMap(\.waiters.values)
            for number in state.records.keys { state.records[number]?.waiters = [:] }
            return waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private func number(of id: String) -> Int? {
        guard id.hasPrefix(prefix) else { return nil }
        return Int(id.dropFirst(prefix.count))
    }

    private func lookup(_ id: String, sizeLimit: Int) -> Lookup {
        guard let number = number(of: id) else { return .unknown }
        return state.withLock { state in
            guard let record = state.records[number] else {
                return 1...max(1, state.issuedCount) ~= number && state.issuedCount > 0 ? .expired : .unknown
            }
            guard let result = record.result else { return .pending }
            if result.byteCount > sizeLimit { return .large(byteCount: result.byteCount) }
            if !record.isFetched {
                state.records[number]?.isFetched = true
                state.fetched.append((number, .now))
                state.fetchedBytes += result.byteCount
            }
            return .result(result)
        }
    }

    private func wait(for number: Int, atMost limit: Duration) async {
        let ticket = state.withLock { state in
            state.waiterCount += 1
            return state.waiterCount
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isWaiting = state.withLock { state in
                    guard !state.isClosed, !Task.isCancelled, let record = state.records[number], record.result == nil
                    else { return false }
                    let timeout = Task {
                        do { try await Task.sleep(for: limit) } catch { return }
                        self.release(ticket, of: number)
                    }
                    state.records[number]?.waiters[ticket] = Waiter(continuation: continuation, timeout: timeout)
                    return true
                }
                if !isWaiting { continuation.resume() }
            }
        } onCancel: {
            release(ticket, of: number)
        }
    }

    private func release(_ ticket: Int, of number: Int) {
        state.withLock { $0.records[number]?.waiters.removeValue(forKey: ticket) }?.resume()
    }

    private func dropFetched(_ state: inout State) {
        let now = ContinuousClock.now
        while state.fetchedStart < state.fetched.count {
            let oldest = state.fetched[state.fetchedStart]
            guard oldest.time.advanced(by: grace) < now || state.fetchedBytes > fetchedByteLimit else { break }
            state.fetchedBytes -= state.records.removeValue(forKey: oldest.number)?.result?.byteCount ?? 0
            state.fetchedStart += 1
        }
        if state.fetchedStart > 1024, state.fetchedStart * 2 > state.fetched.count {
            state.fetched.removeFirst(state.fetchedStart)
            state.fetchedStart = 0
        }
    }
}
