import Primitives
import Storage

/// The state behind the API: sessions, training models, sampling sessions and promises. Knows nothing of HTTP.
actor TinkerService {
    struct Session {
        /// Why the session is over; `nil` while it is not.
        var ending: String?
        /// How long nothing has been heard of the client, as far as the server was running to hear it.
        var silence = Duration.zero
        /// Whether the client has been heard since the silence was last counted.
        var wasHeard = true
        /// Samples that are being drawn for it.
        var drawCount = 0
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
        /// The session that made it; `nil` of a target that lives for one request.
        var owner: String?
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
    /// The session of every model and sampling session that ended with it.
    var endedWith: [String: String] = [:]
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

    /// Learns the names that clients gave models of earlier servers, and begins to delete what expires and to end sessions
    /// whose clients are gone.
    func begin() async {
        let store = checkpoints
        for run in (try? await BlockingWork.run { try store.runs() }) ?? [] {
            if let alias = run.alias { modelAliases[alias] = run.modelID }
        }
        let interval = configuration.expiryInterval
        let clock = configuration.clock
        sweeper = Task { [weak self] in
            var counted = clock()
            while !Task.isCancelled {
                do { try await Task.sleep(for: interval) } catch { return }
                _ = try? await BlockingWork.run { try store.expire() }
                let now = clock()
                // A server that was stopped or asleep could not hear anyone: such time counts as one interval.
                await self?.endSilentSessions(after: min(now - counted, interval * 2))
                counted = now
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
            // Not of the Tinker API: `DELETE samplers/ID` and `until_closed`.
            "sampler_close_enabled": true,
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
}
