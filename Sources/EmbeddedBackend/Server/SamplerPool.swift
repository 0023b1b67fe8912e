import Primitives
import Storage

/// Which weights a sampling session draws from.
enum SamplerSource: Hashable, Sendable {
    case base(String)
    /// A checkpoint that a session holds.
    case checkpoint(HeldCheckpoint)
    /// The number of an ephemeral snapshot.
    case snapshot(Int)
}

/// The samplers of a server. A sampler holds threads and caches, so only a few live at once; the others are made again
/// from their weights when they are asked. Ephemeral weights stay in memory until they are released where a client holds
/// them, else while they are among the newest.
actor SamplerPool {
    private struct Live {
        var sampler: Task<any SequenceSampler, any Error>
        var inFlight = 0
        var lastUse = 0
    }

    private let catalog: ModelCatalog
    private let checkpoints: CheckpointStore
    private let loader: ModelLoader
    private let threads: Int
    private let liveLimit: Int
    private let snapshotLimit: Int

    private var live: [SamplerSource: Live] = [:]
    private var snapshots: [Int: any ModelWeights] = [:]
    /// Those that no client will release, oldest first.
    private var unheld: [Int] = []
    private var snapshotCount = 0
    private var useCount = 0

    init(
        catalog: ModelCatalog, checkpoints: CheckpointStore, loader: @escaping ModelLoader, threads: Int,
        liveLimit: Int, snapshotLimit: Int
    ) {
        self.catalog = catalog
        self.checkpoints = checkpoints
        self.loader = loader
        self.threads = threads
        self.liveLimit = max(1, liveLimit)
        self.snapshotLimit = max(1, snapshotLimit)
    }

    /// The sources that have a sampler now.
    var liveSources: Set<SamplerSource> { Set(live.keys) }

    /// The number of snapshots whose weights are in memory.
    var keptSnapshots: Int { snapshots.count }

    /// Keeps weights for sampling: held ones until they are released; of the others the oldest beyond the limit can no
    /// longer be sampled.
    func addSnapshot(_ weights: any ModelWeights, isHeld: Bool) -> SamplerSource {
        snapshotCount += 1
        snapshots[snapshotCount] = weights
        if !isHeld {
            unheld.append(snapshotCount)
            if unheld.count > snapshotLimit { snapshots[unheld.removeFirst()] = nil }
        }
        retireIdle()
        return .snapshot(snapshotCount)
    }

    /// Frees weights that nobody will ask any more; sequences that are being drawn from them are drawn to their end.
    func release(_ source: SamplerSource) {
        guard case .snapshot(let number) = source else { return }
        snapshots[number] = nil
        unheld.removeAll { $0 == number }
        retireIdle()
    }

    /// Runs `body` with the sampler of a source, which stays alive until `body` ends.
    func withSampler<Value: Sendable>(
        of source: SamplerSource, _ body: @Sendable (any SequenceSampler) async throws -> Value
    ) async throws -> Value {
        if live[source] == nil { live[source] = Live(sampler: try makeSampler(of: source)) }
        useCount += 1
        live[source]?.inFlight += 1
        live[source]?.lastUse = useCount
        retireIdle()
        defer {
            live[source]?.inFlight -= 1
            retireIdle()
        }
        guard let task = live[source]?.sampler else { throw ServiceError.failed("the sampler was shut down") }
        let sampler: any SequenceSampler
        do {
            sampler = try await task.value
        } catch {
            if live[source]?.sampler == task { live[source] = nil }
            throw error
        }
        return try await body(sampler)
    }

    /// Refuses a source that can no longer be sampled.
    func check(_ source: SamplerSource) throws(ServiceError) {
        if case .snapshot(let number) = source, snapshots[number] == nil, live[source] == nil {
            throw .gone(
                "these ephemeral weights were dropped: the newest \(snapshotLimit) are kept, and others until their sampler is closed where it was made with `until_closed`; save named weights to keep them"
            )
        }
    }

    /// Ends every sampler.
    func shutdown() async {
        let samplers = live.values.map(\.sampler)
        live = [:]
        snapshots = [:]
        for sampler in samplers { await Self.end(sampler) }
    }

    private func makeSampler(of source: SamplerSource) throws(ServiceError) -> Task<any SequenceSampler, any Error> {
        try check(source)
        let threads = threads
        let load: @Sendable () throws -> any ModelWeights
        switch source {
        case .base(let name):
            let weights = try catalog.entry(named: name, member: "base_model").weights
            load = { weights }
        case .checkpoint(let held):
            let (checkpoints, loader, catalog) = (checkpoints, loader, catalog)
            load = { try Self.weights(of: held, in: checkpoints, catalog: catalog, loader: loader) }
        case .snapshot(let number):
            let weights = snapshots[number]
            load = {
                guard let weights else { throw ServiceError.gone("these ephemeral weights were dropped") }
                return weights
            }
        }
        return Task { try await BlockingWork.run { try load().makeSampler(threads: threads) } }
    }

    /// Reads a checkpoint: a whole model, or an adapter on its base model. Blocking.
    private static func weights(
        of held: HeldCheckpoint, in checkpoints: CheckpointStore, catalog: ModelCatalog, loader: ModelLoader
    ) throws -> any ModelWeights {
        func read() throws -> any ModelWeights {
            let directory = try checkpoints.directory(of: held)
            let description = try checkpoints.description(of: held)
            guard description.adapter != nil else { return try loader(directory) }
            return try catalog.entry(named: description.baseModel, member: "base_model").weights
                .adapted(by: directory)
        }
        // The checkpoint may have been moved aside while it was read.
        do { return try read() } catch { return try read() }
    }

    /// Ends samplers of dropped snapshots, then the least recently used ones beyond the limit; never one in use, nor
    /// that of the newest snapshot while it is kept.
    private func retireIdle() {
        var idle = live.filter { source, sampler in
            sampler.inFlight == 0 && (source != .snapshot(snapshotCount) || snapshots[snapshotCount] == nil)
        }
        for source in idle.keys {
            guard case .snapshot(let number) = source, snapshots[number] == nil else { continue }
            retire(source)
            idle[source] = nil
        }
        for (source, _) in idle.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
            if live.count <= liveLimit { return }
            retire(source)
        }
    }

    private func retire(_ source: SamplerSource) {
        guard let sampler = live.removeValue(forKey: source)?.sampler else { return }
        Task { await Self.end(sampler) }
    }

    private static func end(_ sampler: Task<any SequenceSampler, any Error>) async {
        guard let sampler = try? await sampler.value else { return }
        _ = try? await BlockingWork.run { sampler.shutdown() }
    }
}
