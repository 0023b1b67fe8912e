import Primitives

/// The state behind the API: sessions, training models, sampling sessions and promises. Knows nothing of HTTP.
actor TinkerService {
    struct Session {
        var isFinished = false
        /// By `model_seq_id`: the answer to `create_model`.
        var models: [Int: (digest: Int, answer: JSONValue)] = [:]
        /// By `sampling_session_seq_id`: the id of the sampling session.
        var samplers: [Int: (digest: Int, id: String)] = [:]
    }

    struct SamplingSession: Sendable {
        var id: String
        var base: ModelCatalog.Entry
        var modelPath: String?
        var source: SamplerSource
    }

    let configuration: EmbeddedServerConfiguration
    let catalog: ModelCatalog
    let checkpoints: CheckpointStore
    let promises: PromiseStore
    let samplers: SamplerPool
    /// Distinguishes the ids of this server from those of an earlier one.
    let epoch: String

    var sessions: [String: Session] = [:]
    var models: [String: TrainingModel] = [:]
    var samplingSessions: [String: SamplingSession] = [:]
    private var idCount = 0

    init(
        configuration: EmbeddedServerConfiguration, catalog: ModelCatalog, checkpoints: CheckpointStore,
        loader: @escaping ModelLoader, epoch: String
    ) {
        self.configuration = configuration
        self.catalog = catalog
        self.checkpoints = checkpoints
        self.epoch = epoch
        promises = PromiseStore(epoch: epoch)
        samplers = SamplerPool(
            catalog: catalog, checkpoints: checkpoints, loader: loader, threads: configuration.threads,
            liveLimit: configuration.liveSamplerLimit, snapshotLimit: configuration.snapshotLimit)
    }

    func newID(_ kind: String) -> String {
        idCount += 1
        return "\(kind)_\(epoch)_\(idCount)"
    }

    /// Ends everything; promises that are not fulfilled stay so.
    func shutdown() async {
        promises.close()
        for model in models.values {
            await model.worker.close()
            checkpoints.releaseModelID(model.id)
        }
        models = [:]
        await samplers.shutdown()
    }

    // MARK: Service

    nonisolated var clientConfiguration: JSONValue {
        [
            "pjwt_auth_enabled": false, "credential_default_source": "api_key", "proto_write_fwdbwd": false,
            "proto_compress_fwdbwd": false, "fwd_via_fwdbwd": false, "parallel_fwdbwd_chunks": true,
            "sample_use_retrieve_futures": false,
        ]
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

    /// `retrieve_future`.
    nonisolated func retrieve(_ body: JSONValue) async throws(ServiceError) -> [UInt8] {
        let id = try ServiceError.reading { () throws(JSONError) in try body.string(at: "request_id") }
        switch await promises.result(of: id, waitingAtMost: configuration.longPollDuration) {
        case .result(let bytes): return bytes
        case .pending:
            let answer: JSONValue = ["type": "try_again", "request_id": .string(id), "queue_state": "active"]
            return answer.serialized()
        case .expired: throw .gone("the result of request \(id) was fetched and has been dropped since")
        case .unknown: throw .unknown("request \(id) is unknown to this server; was it restarted?")
        }
    }

    // MARK: Sessions

    func createSession() -> JSONValue {
        let id = newID("session")
        sessions[id] = Session()
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
        for sampler in session.samplers.values { samplingSessions[sampler.id] = nil }
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

    // MARK: Models

    /// `create_model`: answers with a promise; the trainer is made on the model's own thread.
    func createModel(_ body: JSONValue, digest: Int) throws(ServiceError) -> JSONValue {
        let sessionID = try openSession(body)
        let sequence = try ServiceError.reading { () throws(JSONError) in try body.integer(at: "model_seq_id") }
        if let earlier = sessions[sessionID]?.models[sequence] {
            guard earlier.digest == digest else {
                throw .invalid("model_seq_id \(sequence) was used for another request of this session")
            }
            return earlier.answer
        }
        let name = try ServiceError.reading { () throws(JSONError) in try body.string(at: "base_model") }
        let entry = try catalog.entry(named: name, member: "base_model")
        if let rank = body["lora_config"]?["rank"]?.doubleValue, rank > 0 {
            throw .invalid(
                """
                `lora_config.rank` is \(body["lora_config"]?["rank"]?.text ?? ""); this backend trains all parameters: \
                leave lora_config out (recipe: `model.lora_rank: 0`)
                """)
        }
        if let optimizer = body["optimizer_config"]?["type"]?.stringValue, optimizer != "adamw" {
            throw .invalid("`optimizer_config.type` is \(optimizer); this backend has adamw only")
        }
        let id: String
        do { id = try checkpoints.allocateModelID() } catch {
            throw ServiceError(error)
        }
        let worker = ModelWorker(
            modelID: id, baseModel: name, weights: entry.weights, threads: configuration.threads,
            checkpoints: checkpoints)
        let promise = promises.create()
        var model = TrainingModel(id: id, sessionID: sessionID, base: entry, worker: worker)
        model.queue.insert(.operation(.open, promise: promise, respond: .createdModel), at: 0)
        models[id] = model
        startDraining(id)
        let answer: JSONValue = [
            "request_id": .string(promise), "model_id": .string(id), "base_model": .string(name), "status": "created",
        ]
        sessions[sessionID]?.models[sequence] = (digest, answer)
        return answer
    }

    func modelInformation(_ body: JSONValue) throws(ServiceError) -> JSONValue {
        let model = try self.model(of: body)
        let name = JSONValue.string(model.base.name)
        return [
            "type": "get_info", "model_id": .string(model.id), "is_lora": false, "model_name": name,
            "model_data": ["arch": .string(model.base.architecture), "model_name": name, "tokenizer_id": name],
        ]
    }

    func unloadModel(_ body: JSONValue) async throws(ServiceError) -> JSONValue {
        let id = try model(of: body).id
        let promise = promises.create()
        await close(id)
        let result: JSONValue = ["type": "unload_model", "model_id": .string(id)]
        promises.fulfil(promise, with: result.serialized())
        return Self.future(promise, model: id)
    }

    func model(of body: JSONValue) throws(ServiceError) -> TrainingModel {
        let id = try ServiceError.reading { () throws(JSONError) in try body.string(at: "model_id") }
        guard let model = models[id] else { throw .unknown("model \(id) is unknown to this server") }
        return model
    }

    /// What the sequences of a request's model must respect.
    func limits(of body: JSONValue) throws(ServiceError) -> ModelLimits { try model(of: body).base.limits }

    static func future(_ promise: String, model: String? = nil) -> JSONValue {
        var object: JSONObject = ["request_id": .string(promise), "future_id": .string(promise), "status": "pending"]
        if let model { object["model_id"] = .string(model) }
        return .object(object)
    }

    /// Fails what waits, waits for the running operation, and frees the trainer.
    private func close(_ id: String) async {
        guard var model = models.removeValue(forKey: id) else { return }
        let error = ServiceError.gone("model \(id) was unloaded before this request ran")
        for case .operation(_, let promise, _) in model.queue.removeAll() {
            promises.fulfil(promise, with: error.promiseResult.serialized())
        }
        await model.worker.close()
        checkpoints.releaseModelID(id)
    }
}
