import Primitives
import Storage

/// Listing, describing, keeping and deleting checkpoints and training runs.
///
/// Files are read and deleted off the actor and off the cooperative pool.
extension TinkerService {
    // MARK: Checkpoints

    func weightsInformation(_ body: JSONValue) throws(ServiceError) -> JSONValue {
        let path = try ServiceError.reading { () throws(JSONError) in try body.string(at: "tinker_path") }
        let description = try checkpoints.description(of: try reference(path: path))
        let adapter = description.adapter
        return [
            "base_model": .string(description.baseModel), "is_lora": .bool(adapter != nil),
            // Clients up to 0.25 make a model of this rank, and rank 0 trains all parameters.
            "lora_rank": .integer(adapter?.rank ?? 0),
            "train_unembed": adapter.map { .bool($0.trainsUnembedding) } ?? .null,
            "train_mlp": adapter.map { .bool($0.trainsFeedForward) } ?? .null,
            "train_attn": adapter.map { .bool($0.trainsAttention) } ?? .null, "optimizer_config": ["type": "adamw"],
        ]
    }

    /// `GET training_runs/ID/checkpoints`: those of one run, newest first.
    func listCheckpoints(run: String) async throws(ServiceError) -> JSONValue {
        let id = try await existingRun(run).modelID
        let list = try await blocking { store in try store.list(model: id) }
        return ["checkpoints": .array(list.reversed().map(\.listing))]
    }

    /// `GET checkpoints`: those of all runs, newest first.
    func listCheckpoints(_ page: Page) async throws(ServiceError) -> JSONValue {
        let list = try await blocking { store in try store.list() }
        return [
            "checkpoints": .array(page.cut(Array(list.reversed())).map(\.listing)), "cursor": page.cursor(of: list),
        ]
    }

    func deleteCheckpoint(run: String, kind: String, name: String) async throws(ServiceError) -> JSONValue {
        let reference = try checkpoint(run: run, kind: kind, name: name)
        _ = try await blocking { store in try store.delete(reference) }
        return [:]
    }

    func publishCheckpoint(
        run: String, kind: String, name: String, isPublic: Bool
    ) async throws(ServiceError) -> JSONValue {
        let reference = try checkpoint(run: run, kind: kind, name: name)
        _ = try await blocking { store in try store.update(reference) { $0.isPublic = isPublic } }
        return [:]
    }

    /// `PUT …/ttl`: a number of seconds from now, or null for a checkpoint that never expires.
    func setLifetime(
        _ body: JSONValue, run: String, kind: String, name: String
    ) async throws(ServiceError) -> JSONValue {
        let reference = try checkpoint(run: run, kind: kind, name: name)
        guard body["ttl_seconds"] != nil else { throw .invalid("`ttl_seconds` is missing; send seconds or null") }
        try body.refuseUnknownMembers(["ttl_seconds"], path: "")
        let expires = try Self.lifetime(body["ttl_seconds"]).map { checkpoints.now() + Double($0) }
        _ = try await blocking { store in try store.update(reference) { $0.expires = expires } }
        return [:]
    }

    private func checkpoint(
        run: String, kind: String, name: String
    ) throws(ServiceError) -> CheckpointReference {
        try CheckpointReference(path: "tinker://\(canonical(run))/\(kind)/\(name)")
    }

    // MARK: Runs

    func listRuns(_ page: Page) async throws(ServiceError) -> JSONValue {
        let runs = try await allRuns()
        var entries: [JSONValue] = []
        for run in page.cut(runs) { entries.append(try await listing(of: run)) }
        return ["training_runs": .array(entries), "cursor": page.cursor(of: runs)]
    }

    func runInformation(_ id: String) async throws(ServiceError) -> JSONValue {
        try await listing(of: try await existingRun(id))
    }

    private func existingRun(_ id: String) async throws(ServiceError) -> RunDescription {
        let canonical = canonical(id)
        guard let run = try await allRuns().first(where: { $0.modelID == canonical }) else {
            throw .unknown("training run \(id) is unknown: it is not loaded, and nothing was saved from it")
        }
        return run
    }

    /// Those that are loaded and those that left something, newest first.
    private func allRuns() async throws(ServiceError) -> [RunDescription] {
        let saved = try await blocking { store in try store.runs() }
        var runs = Dictionary(saved.map { ($0.modelID, $0) }) { $1 }
        for model in models.values { runs[model.id] = model.run }
        return runs.values.sorted { ($0.modelID.count, $0.modelID) > ($1.modelID.count, $1.modelID) }
    }

    private func listing(of run: RunDescription) async throws(ServiceError) -> JSONValue {
        let list = try await blocking { store in try store.list(model: run.modelID) }
        func last(_ kind: CheckpointReference.Kind) -> JSONValue {
            list.last { $0.reference.kind == kind }?.listing ?? .null
        }
        return [
            "training_run_id": .string(run.modelID), "base_model": .string(run.baseModel), "model_owner": "local",
            "is_lora": .bool(run.adapter != nil), "lora_rank": run.adapter.map { .integer($0.rank) } ?? .null,
            "corrupted": false,
            // A run that is not loaded any more was last asked for its newest checkpoint, as far as is known.
            "last_request_time": .string(CheckpointDescription.text(max(run.lastRequest, list.last?.created ?? 0))),
            "last_checkpoint": last(.training), "last_sampler_checkpoint": last(.sampler),
            "user_metadata": run.userMetadata,
        ]
    }

    private func blocking<Value: Sendable>(
        _ work: @escaping @Sendable (CheckpointStore) throws -> Value
    ) async throws(ServiceError) -> Value {
        let store = checkpoints
        do { return try await BlockingWork.run { try work(store) } } catch { throw ServiceError(error) }
    }
}
