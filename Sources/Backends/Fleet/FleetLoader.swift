/// Changes what replicas hold.
struct FleetLoader: Sendable {
    let engines: [any TokenEngine]
    let desk: FleetDesk
    let timing: FleetTiming
    /// One for each replica: its weights are changed by one task at a time.
    let loading: [AsyncSemaphore]
    let form: FleetWeights.Form

    /// How often loading is tried before the replica is left behind.
    private static let attempts = 2

    /// Loads weights on a replica, once its running sequences have finished where the weights replace others.
    func load(_ weights: FleetWeights, on replica: Int) async -> FleetError? {
        guard await loading[replica].acquire() else { return .cancelled(operation: "loading weights") }
        defer { loading[replica].release() }
        let versions = desk.book.versions
        if versions.holds(weights.name, on: replica) { return nil }
        // While this waited, newer weights may have taken their place.
        guard versions.missing(on: replica).contains(weights) else { return .retired(weights: weights.name) }
        if form == .full {
            desk.update { $0.setUpdating(true, replica) }
            if let failure = await drain(replica) {
                finish(replica, failure)
                return failure
            }
        }
        var failure: FleetError?
        for attempt in 1...Self.attempts {
            do throws(FleetError) {
                try await engines[replica].load(weights)
                desk.update { $0.loaded(weights.name, on: replica) }
                failure = nil
            } catch {
                failure = error
            }
            guard let problem = failure, attempt < Self.attempts, problem.isWorthRepeating else { break }
            do { try await Task.sleep(for: timing.retryDelay) } catch { break }
            // Weights that were withdrawn meanwhile are not loaded behind their publisher's back.
            guard desk.book.versions.isLive(weights.name) else { break }
        }
        finish(replica, failure)
        return failure
    }

    private func finish(_ replica: Int, _ failure: FleetError?) {
        desk.update { book in
            book.setUpdating(false, replica)
            guard let failure else { return }
            // A whole model that failed to load may be half there.
            if form == .full { book.forgetAll(on: replica) }
            book.loadFailed(replica, failure.description, backOff: timing.backOff, at: .now)
            if case .replicaFault(let isDecisive) = failure.consequence {
                book.failed(replica, failure.description, isDecisive: isDecisive, at: .now)
            }
        }
        desk.announce()
    }

    /// Waits until nothing is in flight on a replica to which nothing more is sent.
    private func drain(_ replica: Int) async -> FleetError? {
        let started = ContinuousClock.now
        while true {
            let seen = desk.changes
            let running = desk.book.versions.inFlight(on: replica)
            if running == 0 { return nil }
            if Task.isCancelled { return .cancelled(operation: "loading weights") }
            if desk.isClosed { return .closed }
            guard started.duration(to: .now) < timing.drainTimeout else {
                return .timedOut(
                    url: desk.book.replicas[replica].url,
                    operation: "its \(running) running sequences, which must end before its weights are replaced",
                    after: timing.drainTimeout)
            }
            await desk.change(since: seen)
        }
    }

    /// Frees adapters that nobody samples any more. What fails is tried again with the next health check.
    func unloadRetired() async {
        await withDiscardingTaskGroup { group in
            for replica in engines.indices where !desk.book.versions.removable(on: replica).isEmpty {
                group.addTask { await unloadRetired(on: replica) }
            }
        }
    }

    private func unloadRetired(on replica: Int) async {
        guard await loading[replica].acquire() else { return }
        defer { loading[replica].release() }
        let (isServing, names) = desk.update { book in
            (book.replicas[replica].health.isServing, book.versions.removable(on: replica))
        }
        guard isServing else { return }
        for name in names {
            do throws(FleetError) {
                try await engines[replica].unload(name)
                desk.update { $0.removed(name, on: replica) }
            } catch {
                desk.update { $0.noted(error.description, on: replica) }
            }
        }
    }
}

extension FleetError {
    /// Whether the same replica may do better at once.
    fileprivate var isWorthRepeating: Bool {
        switch consequence {
        case .replicaFault(let isDecisive): !isDecisive
        case .elsewhere, .reload: true
        case .final: false
        }
    }
}
