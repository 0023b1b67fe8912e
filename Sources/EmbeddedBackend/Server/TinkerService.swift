import Primitives

/// The state behind the API: sessions, training models, sampling sessions and promises. Knows nothing of HTTP.
actor TinkerService {
    struct Session {
        var isFinished = false
        /// By `model_seq_id`: the answer to `create_model`, or to a `load_weights` that makes a model.
        var models: [Int: (digest: Int, answer: JSONValue)] = [:]
        /// By `sampling_session_seq_id`: the id of the sampling session.
        var samplers: [Int: (digest: Int, id: String)] = [:]
        /// Every model that the session made.
        var modelIDs: [String] = []
        var displayName: String?
        var userMetadata: JSONValue = .null
    }

    struct SamplingSession: Sendable {
        var id: String
        var base: ModelCatalog.Entry
        var modelPath: String?
        var source: SamplerSource
        /// By `seq_id`: the promise of a request.
        var submissions: [Int: (digest: Int, promise: String)] = [:]
        /// How many clients share the session, the one that made it included.
        var clientCount = 1
    }

    let configuration: EmbeddedServerConfiguration
    let catalog: ModelCatalog
    let checkpoints: CheckpointStore
    let promises: PromiseStore
    let completions: CompletionBoard
    let samplers: SamplerPool
    let cancellations = SampleCancellations()
    /// Distinguishes the ids of this server from those of an earlier one.
    let epoch: String

    var sessions: [String: Session] = [:]
    var models: [String: TrainingModel] = [:]
    /// From the names that clients gave models to their ids.
    var modelAliases: [String: String] = [:]
    var samplingSessions: [String: SamplingSession] = [:]
    private var idCount = 0
    private var sweeper: Task<Void, Never>?

    init(
        configuration: EmbeddedServerConfiguration, catalog: ModelCatalog, checkpoints: CheckpointStore,
        loader: @escaping ModelLoader, epoch: String
    ) {
        self.configuration = configuration
        self.catalog = catalog
        self.checkpoints = checkpoints
        self.epoch = epoch
        promises = PromiseStore(epoch: epoch)
        completions = CompletionBoard(epoch: epoch)
        samplers = SamplerPool(
            catalog: catalog, checkpoints: checkpoints, loader: loader, threads: configuration.threads,
            liveLimit: configuration.liveSamplerLimit, snapshotLimit: configuration.snapshotLimit)
    }

    /// Learns the names that clients gave models of earlier servers, and begins to delete what expires.
    func begin() async {
        let store = checkpoints
        for run in (try? await BlockingWork.run { try store.runs() }) ?? [] {
            if let alias = run.alias { modelAliases[alias] = run.modelID }
        }
        let interval = configuration.expiryInterval
        sweeper = Task {
            while !Task.isCancelled {
                do { try await Task.sleep(for: interval) } catch { return }
                _ = try? await BlockingWork.run { try store.expire() }
            }
        }
    }

    func newID(_ kind: String) -> String {
        idCount += 1
        return "\(kind)_\(epoch)_\(idCount)"
    }

    /// Wakes everyone who waits for a result.
    nonisolated func closePromises() {
        promises.close()
        completions.close()
        cancellations.cancelAll()
    }

    /// Ends everything; promises that are not fulfilled stay so.
    func shutdown() async {
        sweeper?.cancel()
        closePromises()
        for model in models.values {
            await model.worker.close()
            checkpoints.releaseModelID(model.id)
        }
        models = [:]
        await samplers.shutdown()
    }

    // MARK: Service

    /// The flags of `client/config`. The newest clients are told to ask for finished samples in bulk.
    nonisolated func clientConfiguration(_ body: JSONValue) -> JSONValue {
        let version = (body["sdk_version"]?.stringValue ?? "").split(separator: ".").prefix(2).compactMap { Int($0) }
        let asksInBulk = version.count == 2 && (version[0], version[1]) >= (0, 38)
        return [
            "pjwt_auth_enabled": false, "credential_default_source": "api_key", "proto_write_fwdbwd": false,
            "proto_compress_fwdbwd": false, "fwd_via_fwdbwd": false, "parallel_fwdbwd_chunks": true,
            "sample_use_retrieve_futures": .bool(asksInBulk), "sample_join_sampling_session": .bool(asksInBulk),
            "custom_loss_server_side": false,
        ]
    }

    nonisolated var dynamicConfiguration: JSONValue {
        ["refresh_interval_sec": 300, "sample_cancel_enabled": true, "sample_cancel_max_batch_size": 64]
    }

    nonisolated var capabilities: JSONValue {
        let models = catalog.entries.map { entry -> JSONValue in
            [
                "model_name": .string(entry.name), "max_context_length": .integer(entry.limits.maximumPositions),
                "trainable": true, "sampleable": true,
            ]
        }
        return ["supported_models": .array(models)]
    }

    // MARK: Sessions

    func createSession(_ body: JSONValue) -> JSONValue {
        let id = newID("session")
        var session = Session()
        session.displayName = body["display_name"]?.stringValue
        session.userMetadata = body["user_metadata"] ?? .null
        sessions[id] = session
        return [
            "type": "create_session", "session_id": .string(id), "info_message": .null, "warning_message": .null,
            "error_message": .null,
        ]
    }

    func heartbeat(_ body: JSONValue) throws(ServiceError) -> JSONValue {
        _ = try openSession(body)
        return ["type": "session_heartbeat"]
    }

    /// Ends a session and frees its models and sampling sessions.
    func finishSession(_ id: String) async throws(ServiceError) -> JSONValue {
        guard let session = sessions[id] else { throw .unknown("session \(id) is unknown to this server") }
        sessions[id]?.isFinished = true
        for model in models.values where model.sessionID == id { await close(model.id) }
        for sampler in session.samplers.values { closeSamplingSession(sampler.id) }
        sessions[id]?.models = [:]
        sessions[id]?.samplers = [:]
        return [:]
    }

    /// The id of the request's session, which must exist and not be finished.
    func openSession(_ body: JSONValue) throws(ServiceError) -> String {
        let id = try ServiceError.reading { () throws(JSONError) in try body.string(at: "session_id") }
        guard let session = sessions[id] else { throw .unknown("session \(id) is unknown to this server") }
        if session.isFinished { throw .gone("session \(id) is finished; create another one") }
        return id
    }

    func listSessions(_ page: Page) -> JSONValue {
        let ids = sessions.keys.sorted { ($0.count, $0) < ($1.count, $1) }
        return ["sessions": .array(page.cut(ids).map(JSONValue.string))]
    }

    func sessionInformation(_ id: String) throws(ServiceError) -> JSONValue {
        guard let session = sessions[id] else { throw .unknown("session \(id) is unknown to this server") }
        return [
            "training_run_ids": .array(session.modelIDs.map(JSONValue.string)),
            "sampler_ids": .array(session.samplers.sorted { $0.key < $1.key }.map { .string($0.value.id) }),
            "user_metadata": session.userMetadata, "display_name": session.displayName.map(JSONValue.string) ?? .null,
        ]
    }
}
