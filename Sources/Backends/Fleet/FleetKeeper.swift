/// Looks after a fleet's replicas on its own task: checks their health, readmits those that answer again, lets those catch
/// up that missed weights, and unloads what is no longer sampled.
struct FleetKeeper: Sendable {
    let engines: [any TokenEngine]
    let desk: FleetDesk
    let timing: FleetTiming
    let loading: [AsyncSemaphore]
    let form: FleetWeights.Form
    let notice: @Sendable (String) -> Void

    private var loader: FleetLoader {
        FleetLoader(engines: engines, desk: desk, timing: timing, loading: loading, form: form)
    }

    /// Runs until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            for replica in engines.indices {
                group.addTask {
                    while !Task.isCancelled {
                        do { try await Task.sleep(for: pause(replica)) } catch { return }
                        await look(at: replica)
                        // Waiting requests look at their deadlines whenever the fleet is looked at.
                        desk.announce()
                    }
                }
            }
        }
    }

    /// The time until a replica is looked at: sooner where a probe is due sooner.
    private func pause(_ replica: Int) -> Duration {
        guard let due = desk.book.replicas[replica].health.ejectedUntil else { return timing.healthInterval }
        return min(timing.healthInterval, max(.milliseconds(1), ContinuousClock.now.duration(to: due)))
    }

    private func look(at replica: Int) async {
        let state = desk.book.replicas[replica]
        let health = state.health
        if health.isServing {
            // An engine that is busy with its weights may answer late.
            if !state.isUpdating { await check(replica) }
        } else if health.isProbeDue(at: .now) {
            await probe(replica)
        }
        for weights in desk.book.catchUp(replica, at: .now) {
            if await loader.load(weights, on: replica) == nil {
                notice("the rollout replica \(engines[replica].url) has caught up with \(weights.name)")
            }
        }
        await loader.unloadRetired()
    }

    private func check(_ replica: Int) async {
        do throws(FleetError) {
            try await engines[replica].checkHealth()
        } catch {
            guard !Task.isCancelled else { return }
            let isEjected = desk.update { book in
                book.failed(replica, error.description, isDecisive: error.isDecisive, at: .now)
                return !book.replicas[replica].health.isServing
            }
            if isEjected { notice("\(error); it is left out until it answers again") }
        }
    }

    private func probe(_ replica: Int) async {
        do throws(FleetError) {
            try await engines[replica].prepare()
            let versions = desk.book.versions
            // Retired weights that it still holds are to be unloaded, so they must not be forgotten.
            let known = versions.held(on: replica).union(versions.live.map(\.name))
            let held = try await engines[replica].held(among: known.sorted())
            desk.update { $0.readmit(replica, holding: held, at: .now) }
            notice("the rollout replica \(engines[replica].url) answers again")
        } catch {
            guard !Task.isCancelled else { return }
            desk.update { $0.probeFailed(replica, error.description, at: .now) }
        }
    }
}

extension FleetError {
    fileprivate var isDecisive: Bool {
        if case .replicaFault(let isDecisive) = consequence { isDecisive } else { false }
    }
}
