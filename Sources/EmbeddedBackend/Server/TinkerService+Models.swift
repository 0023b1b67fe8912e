import Primitives

/// Training models: making, describing, ending.
extension TinkerService {
    /// `create_model`: answers with a promise; the trainer is made on the model's own thread.
    func createModel(_ body: JSONValue, digest: Int) throws(ServiceError) -> JSONValue {
        let name = try ServiceError.reading { () throws(JSONError) in try body.string(at: "base_model") }
        return try makeModel(body, digest: digest) { () throws(ServiceError) in
            let entry = try catalog.entry(named: name, member: "base_model")
            return (entry, try AdapterConfiguration(request: body["lora_config"]), nil)
        }
    }

    /// `load_weights` with a session instead of a model: makes a model of what the checkpoint holds. Clients name it
    /// `SESSION:train:NUMBER`.
    func createModelByLoading(_ body: JSONValue, digest: Int) throws(ServiceError) -> JSONValue {
        try makeModel(body, digest: digest) { () throws(ServiceError) in
            let loaded = try loadedCheckpoint(body)
            let description = try checkpoints.description(of: loaded.reference)
            if let name = body["base_model"]?.stringValue, name != description.baseModel {
                throw .invalid("\(loaded.reference.path) was trained from `\(description.baseModel)`, not `\(name)`")
            }
            let entry = try catalog.entry(named: description.baseModel, member: "base_model")
            return (entry, description.adapter, loaded)
        }
    }

    private func makeModel(
        _ body: JSONValue, digest: Int,
        _ read: () throws(ServiceError) -> (ModelCatalog.Entry, AdapterConfiguration?, LoadedCheckpoint?)
    ) throws(ServiceError) -> JSONValue {
        let sessionID = try openSession(body)
        let sequence = try ServiceError.reading { () throws(JSONError) in try body.integer(at: "model_seq_id") }
        if let earlier = sessions[sessionID]?.models[sequence] {
            guard earlier.digest == digest else {
                throw .invalid("model_seq_id \(sequence) was used for another request of this session")
            }
            return earlier.answer
        }
        let (entry, adapter, loaded) = try read()
        if let optimizer = body["optimizer_config"]?["type"]?.stringValue, optimizer != "adamw" {
            throw .invalid("`optimizer_config.type` is \(optimizer); this backend has adamw only")
        }
        let id: String
        do { id = try checkpoints.allocateModelID() } catch { throw ServiceError(error) }
        let worker = ModelWorker(
            modelID: id, weights: entry.weights, adapter: adapter, threads: configuration.threads,
            checkpoints: checkpoints)
        let alias = "\(sessionID):train:\(sequence)"
        let run = RunDescription(
            modelID: id, alias: alias, baseModel: entry.name, adapter: adapter, lastRequest: checkpoints.now(),
            userMetadata: body["user_metadata"] ?? .null)
        let promise = promises.create()
        var model = TrainingModel(sessionID: sessionID, base: entry, worker: worker, run: run)
        let respond = loaded.map { TrainingModel.Responder.loadedWeights($0.reference) } ?? .createdModel
        model.queue.insert(.operation(.open(run, from: loaded), promise: promise, respond: respond), at: 0)
        models[id] = model
        modelAliases[alias] = id
        sessions[sessionID]?.modelIDs.append(id)
        startDraining(id)
        var answer: JSONObject = [
            "request_id": .string(promise), "model_id": .string(id), "base_model": .string(entry.name),
            "status": "created",
        ]
        if let adapter { answer["lora_config"] = adapter.json }
        sessions[sessionID]?.models[sequence] = (digest, .object(answer))
        return .object(answer)
    }

    func modelInformation(_ body: JSONValue) throws(ServiceError) -> JSONValue {
        let model = try self.model(of: body)
        let name = JSONValue.string(model.base.name)
        return [
            "type": "get_info", "model_id": .string(model.id), "is_lora": .bool(model.run.adapter != nil),
            "lora_rank": model.run.adapter.map { .integer($0.rank) } ?? .null, "model_name": name,
            "model_data": ["arch": .string(model.base.architecture), "model_name": name, "tokenizer_id": name],
            "optimizer_config": ["type": "adamw"],
        ]
    }

    func unloadModel(_ body: JSONValue) async throws(ServiceError) -> JSONValue {
        let id = try model(of: body).id
        let promise = promises.create()
        await close(id)
        let result: JSONValue = ["type": "unload_model", "model_id": .string(id)]
        promises.fulfil(promise, with: result)
        return Self.future(promise, model: id)
    }

    func model(of body: JSONValue) throws(ServiceError) -> TrainingModel {
        try model(id: try ServiceError.reading { () throws(JSONError) in try body.string(at: "model_id") })
    }

    func model(id: String) throws(ServiceError) -> TrainingModel {
        guard let model = models[canonical(id)] else { throw missing(canonical(id), "model \(id)") }
        noteLife(of: model.sessionID)
        return model
    }

    /// The id of a model that a client calls by an id or by the name that it gave.
    func canonical(_ id: String) -> String { modelAliases[id] ?? id }

    /// What a `tinker://` path names, whichever way it names the model.
    func reference(path: String) throws(ServiceError) -> CheckpointReference {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, let id = modelAliases[parts[2]] else { return try CheckpointReference(path: path) }
        return try CheckpointReference(path: path.replacing(parts[2], with: id, maxReplacements: 1))
    }

    /// What the sequences of a request's model must respect.
    func limits(ofModel id: String) throws(ServiceError) -> ModelLimits { try model(id: id).base.limits }

    static func future(_ promise: String, model: String? = nil) -> JSONValue {
        var object: JSONObject = ["request_id": .string(promise), "future_id": .string(promise), "status": "pending"]
        if let model { object["model_id"] = .string(model) }
        return .object(object)
    }

    /// Fails what waits, waits for the running operation, and frees the trainer.
    func close(_ id: String) async {
        guard var model = models.removeValue(forKey: id) else { return }
        let error = ServiceError.gone("model \(id) was unloaded before this request ran")
        for case .operation(_, let promise, _) in model.queue.removeAll() {
            promises.fulfil(promise, with: error.promiseResult)
        }
        await model.worker.close()
        checkpoints.releaseModelID(id)
    }
}
