import Primitives
import Transport

/// Several replicas of an inference engine that sample the versions of one policy.
///
/// Invariants: a sequence is drawn only on a replica that holds the weights asked for, and an answer of other weights is an
/// error; a replica that missed an update is not asked for that version until it has caught up; a version is unloaded when
/// its sampler is gone and its last sequence has finished. Sampling is repeatable, so that a request which a replica failed
/// is tried on another.
public final class RolloutFleet: Sendable {
    public let endpoint: FleetEndpoint
    let desk: FleetDesk
    let engines: [any TokenEngine]
    let notice: @Sendable (String) -> Void
    /// Held while a replica's weights change.
    let loading: [AsyncSemaphore]
    private let keeper: Task<Void, Never>
    /// What the engines do to be asked less.
    private let gauge = PressureGauge()
    /// As many requests as the fleet can carry; the others wait here, in order.
    private let permits: AsyncSemaphore

    /// Asks every replica who it is. Those that do not answer are left out until they do; at least one must.
    public static func connect(
        _ endpoint: FleetEndpoint, transport: HTTPClient, notice: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws(FleetError) -> RolloutFleet {
        let engines = endpoint.urls.map { url -> any TokenEngine in
            let wire = FleetWire(url: url, endpoint: endpoint, transport: transport)
            return switch endpoint.kind {
            case .vllm: VLLMEngine(wire: wire)
            case .sglang: SGLangEngine(wire: wire)
            }
        }
        return try await connect(endpoint, engines: engines, notice: notice)
    }

    static func connect(
        _ endpoint: FleetEndpoint, engines: [any TokenEngine], notice: @escaping @Sendable (String) -> Void
    ) async throws(FleetError) -> RolloutFleet {
        guard !engines.isEmpty else { throw .invalidRequest(detail: "`sampler.urls` names no rollout replica") }
        let started = ContinuousClock.now
        let problems = await withTaskGroup(of: (Int, FleetError?).self) { group in
            for (index, engine) in engines.enumerated() {
                group.addTask {
                    do throws(FleetError) {
                        try await engine.prepare()
                        return (index, nil)
                    } catch {
                        return (index, error)
                    }
                }
            }
            return await group.reduce(into: [Int: FleetError]()) { $0[$1.0] = $1.1 }
        }
        if Task.isCancelled { throw .cancelled(operation: "connecting to the rollout fleet") }
        let ordered = problems.sorted { $0.key < $1.key }
        for case .unauthorized(let url, let status, let variable) in ordered.map(\.value) {
            throw .unauthorized(url: url, status: status, variable: variable)
        }
        guard problems.count < engines.count else {
            throw .noReplica(
                operation: "the first health check", waited: started.duration(to: .now),
                problems: ordered.map(\.value.description))
        }
        let rules = ReplicaHealth.Rules(initialBackOff: endpoint.timing.backOff)
        var book = FleetBook(
            urls: engines.map(\.url), form: endpoint.form, limit: endpoint.concurrency, rules: rules, now: .now)
        for (index, problem) in ordered {
            book.failed(index, problem.description, isDecisive: true, at: .now)
            notice("\(problem); the run goes on without it until it answers")
        }
        return RolloutFleet(endpoint, engines: engines, book: book, notice: notice)
    }

    private init(
        _ endpoint: FleetEndpoint, engines: [any TokenEngine], book: FleetBook,
        notice: @escaping @Sendable (String) -> Void
    ) {
        self.endpoint = endpoint
        self.engines = engines
        self.notice = notice
        desk = FleetDesk(book)
        loading = engines.map { _ in AsyncSemaphore(permits: 1) }
        permits = AsyncSemaphore(permits: engines.count * endpoint.concurrency)
        let keeper = FleetKeeper(
            engines: engines, desk: desk, timing: endpoint.timing, loading: loading, form: endpoint.form, notice: notice
        )
        self.keeper = Task { await keeper.run() }
    }

    deinit { keeper.cancel() }

    /// How hard the engines have pushed back so far.
    public var pressure: SamplerPressure { gauge.pressure }

    /// What is known of each replica, for reports.
    public var status: [(url: String, isServing: Bool, problem: String?)] {
        desk.book.replicas.map { (RedactedURL.text($0.url), $0.health.isServing, $0.lastProblem) }
    }

    /// One line for each replica, for people.
    public var report: [String] {
        zip(engines, desk.book.replicas).map { engine, replica in
            let state = replica.health.isServing ? engine.about : "down: \(replica.lastProblem ?? "no reason given")"
            return "\(RedactedURL.text(engine.url)): \(state)"
        }
    }

    /// Ends the health checks, unloads what was published, and fails waiting requests. Safe to call twice.
    public func close() async {
        guard !desk.isClosed else { return }
        desk.close()
        keeper.cancel()
        await keeper.value
        let engines = engines
        let held = desk.update { book in
            for weights in book.versions.live { book.retire(weights.name) }
            return book.replicas.indices.filter { book.replicas[$0].health.isServing }.flatMap { replica in
                book.versions.removable(on: replica).map { (replica, $0) }
            }
        }
        // A new task, because the caller's may be cancelled, and the engines should still be left tidy.
        await Task {
            await withDiscardingTaskGroup { group in
                for (replica, name) in held { group.addTask { try? await engines[replica].unload(name) } }
            }
        }.value
    }

    // MARK: Sampling

    /// Draws `count` continuations from published weights.
    public func sample(
        prompt: [TokenID], count: Int, parameters: SamplingParameters, weights name: String
    ) async throws(FleetError) -> [SampledSequence] {
        guard !prompt.isEmpty, count > 0, parameters.maxTokens > 0 else {
            throw .invalidRequest(
                detail:
                    "sampling needs a prompt, a positive count and a positive token limit; got \(prompt.count) prompt "
                    + "tokens, count \(count), limit \(parameters.maxTokens)")
        }
        if let problem = SamplingSuitability.problem(
            with: parameters, mode: endpoint.logprobMode, accepts: endpoint.acceptsOffPolicySampling)
        {
            throw .unsuitableSampling(detail: problem)
        }
        let order = SampleOrder(prompt: prompt, count: count, parameters: parameters)
        guard await ServiceClock.waiting({ await permits.acquire() }) else { throw .cancelled(operation: "sampling") }
        defer { permits.release() }
        let key = desk.update { $0.key(of: prompt) }
        var failed: Set<Int> = []
        var problems: [String] = []
        let started = ContinuousClock.now
        while true {
            let replica = try await admit(key, order, name, &failed, problems: problems, started: started)
            let failure: FleetError
            do throws(FleetError) {
                let sequences = try await engines[replica].sample(order, from: name)
                desk.update { book in
                    book.leave(replica, count: count, of: name)
                    book.succeeded(replica)
                }
                finished(name)
                return sequences
            } catch {
                failure = Task.isCancelled ? .cancelled(operation: "sampling") : error
            }
            record(failure, replica: replica, count: count, name)
            finished(name)
            if case .final = failure.consequence { throw failure }
            problems.append(failure.description)
            failed.insert(replica)
            guard problems.count < endpoint.timing.attempts else {
                throw .noReplica(
                    operation: "sampling", waited: started.duration(to: .now), problems: Self.distinct(problems))
            }
        }
    }

    /// Waits for a replica that serves these weights and has room.
    private func admit(
        _ key: UInt64, _ order: SampleOrder, _ name: String, _ failed: inout Set<Int>, problems: [String],
        started: ContinuousClock.Instant
    ) async throws(FleetError) -> Int {
        var waitsSince: ContinuousClock.Instant?
        while true {
            if Task.isCancelled { throw .cancelled(operation: "sampling") }
            if desk.isClosed { throw .closed }
            let seen = desk.changes
            let excluded = failed
            let (admission, able) = desk.update { book in
                (book.admit(key: key, count: order.count, of: name, excluding: excluded), Set(book.able(name)))
            }
            switch admission {
            case .replica(let index): return index
            case .retired: throw .retired(weights: name)
            case .busy where able.isSubset(of: failed):
                // All have failed it once: a pause, then all may try again.
                let doublings = min(max(problems.count - able.count, 0), 4)
                failed = []
                do { try await Task.sleep(for: endpoint.timing.retryDelay * (1 << doublings)) } catch {
                    throw .cancelled(operation: "sampling")
                }
            case .busy:
                await desk.change(since: seen)
            case .none:
                let since = waitsSince ?? .now
                waitsSince = since
                guard since.duration(to: .now) < endpoint.timing.outageBudget else {
                    let states = desk.book.replicas.map {
                        "\(RedactedURL.text($0.url)): \($0.lastProblem ?? "has not loaded \(name)")"
                    }
                    throw .noReplica(
                        operation: "sampling", waited: started.duration(to: .now),
                        problems: Self.distinct(problems + states))
                }
                await desk.change(since: seen)
            }
        }
    }

    private func record(_ failure: FleetError, replica: Int, count: Int, _ name: String) {
        let text = failure.description
        // How long the request then waits depends on the other replicas.
        if case .busy = failure { gauge.refused(waiting: .zero) }
        desk.update { book in
            book.leave(replica, count: count, of: name)
            switch failure.consequence {
            case .replicaFault(let isDecisive): book.failed(replica, text, isDecisive: isDecisive, at: .now)
            case .reload: book.lost(name, on: replica, text)
            case .elsewhere, .final: break
            }
        }
        if case .reload = failure.consequence {
            notice("\(failure); it is loaded again")
            let (desk, loader) = (desk, loader)
            Task {
                for weights in desk.book.catchUp(replica, at: .now) { _ = await loader.load(weights, on: replica) }
            }
        }
    }

    /// Wakes waiters, and unloads the version where that was its last sequence.
    private func finished(_ name: String) {
        desk.announce()
        if !desk.book.versions.isLive(name) { unloadRetired() }
    }

    /// Each text once, in order.
    private static func distinct(_ texts: [String]) -> [String] {
        var known: Set<String> = []
        return texts.filter { known.insert($0).inserted }
    }
}
