import Transport

/// What a publication did.
public struct FleetPublication: Sendable, Equatable {
    public var weights: FleetWeights
    /// From the first request to the last replica's answer.
    public var duration: Duration
    /// The replicas that serve the weights.
    public var replicas: [String]
    /// One line for each replica that does not, and is not asked for them until it has caught up.
    public var problems: [String]
}

extension RolloutFleet {
    /// Loads weights on every healthy replica and waits for all of them.
    ///
    /// A replica that fails is left out of this version until it has caught up. Where none succeeds, the version is
    /// withdrawn and the error has one line for each replica.
    @discardableResult
    public func publish(_ weights: FleetWeights) async throws(FleetError) -> FleetPublication {
        if desk.isClosed { throw .closed }
        let started = ContinuousClock.now
        let serving = desk.update { book in
            book.publish(weights)
            return book.replicas.indices.filter { book.replicas[$0].health.isServing }
        }
        let loader = loader
        let results = await withTaskGroup(of: (Int, FleetError?).self) { group in
            for replica in serving { group.addTask { (replica, await loader.load(weights, on: replica)) } }
            return await group.reduce(into: [Int: FleetError?]()) { $0[$1.0] = $1.1 }
        }
        desk.announce()
        let book = desk.book
        var problems: [String] = []
        for replica in book.replicas.indices {
            switch results[replica] {
            case .some(.none): break
            case .some(.some(let failure)): problems.append(failure.description)
            case nil:
                problems.append(
                    book.replicas[replica].lastProblem ?? "\(RedactedURL.text(book.replicas[replica].url)) is down")
            }
        }
        let able = book.able(weights.name)
        guard !able.isEmpty else {
            desk.update { $0.retire(weights.name) }
            if Task.isCancelled { throw .cancelled(operation: "publishing weights") }
            throw .publicationFailed(weights: weights.name, directory: weights.directory, problems: problems)
        }
        // Whole models replace one another, so that nobody holds an earlier one any more.
        if endpoint.form == .full {
            desk.update { book in
                for earlier in book.versions.live.prefix(while: { $0 != weights }) { book.retire(earlier.name) }
            }
            desk.announce()
        }
        for problem in problems { notice("\(problem); this replica is left out until it has caught up") }
        return FleetPublication(
            weights: weights, duration: started.duration(to: .now),
            replicas: able.map { RedactedURL.text(book.replicas[$0].url) }, problems: problems)
    }

    /// No more sequences will be asked of these weights; what runs may finish, then they are unloaded.
    public func retire(_ name: String) {
        desk.update { $0.retire(name) }
        desk.announce()
        unloadRetired()
    }

    var loader: FleetLoader {
        FleetLoader(engines: engines, desk: desk, timing: endpoint.timing, loading: loading, form: endpoint.form)
    }

    func unloadRetired() {
        let loader = loader
        Task { await loader.unloadRetired() }
    }
}
