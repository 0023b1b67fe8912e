import Primitives

/// Checks requests of a model and turns them into operations.
extension TinkerService {
    func prepare(_ kind: String, _ content: Content, model: TrainingModel) throws(ServiceError) -> Prepared {
        switch content {
        case .batch(let result):
            let batch = try result.get()
            let operation = kind == "forward" ? TrainingOperation.forward(batch) : .forwardBackward(batch)
            return Prepared(operation: operation, respond: .forward(batch))
        case .body(let body): return try prepare(kind, body, model: model)
        }
    }

    private func prepare(_ kind: String, _ body: JSONValue, model: TrainingModel) throws(ServiceError) -> Prepared {
        try RequestFields.check(body, path: kind)
        switch kind {
        case "optim_step":
            return Prepared(operation: .optimizerStep(try OptimizerStep(body: body)), respond: .optimizerStep)
        case "save_weights":
            let checkpoint = try newCheckpoint(.training, body, model: model)
            return Prepared(operation: .save(checkpoint), respond: .path(type: kind, checkpoint.reference))
        case "load_weights": return try prepareLoading(body, model: model)
        case "save_weights_for_sampler": return try prepareSampler(body, model: model)
        default: throw .failed("\(kind) is no request of a model")
        }
    }

    /// What a `load_weights` request names.
    func loadedCheckpoint(_ body: JSONValue) throws(ServiceError) -> LoadedCheckpoint {
        let path = try ServiceError.reading { () throws(JSONError) in try body.string(at: "path") }
        if body["weights_access_token"] ?? .null != .null {
            throw .invalid("`weights_access_token` is not supported: this backend has one owner")
        }
        let reference = try reference(path: path)
        let optimizer = body["optimizer"]?.boolValue ?? false
        if optimizer, reference.kind == .sampler {
            throw .invalid("\(path) holds no optimizer state; send `optimizer: false` or a path of save_weights")
        }
        return LoadedCheckpoint(reference: reference, optimizer: optimizer)
    }

    private func prepareLoading(_ body: JSONValue, model: TrainingModel) throws(ServiceError) -> Prepared {
        let loaded = try loadedCheckpoint(body)
        if !model.pendingCheckpoints.contains(loaded.reference) {
            let found = try checkpoints.description(of: loaded.reference)
            guard found.baseModel == model.base.name else {
                throw .invalid(
                    "\(found.reference.path) was trained from `\(found.baseModel)`, but model \(model.id) is "
                        + "`\(model.base.name)`")
            }
            let adapter = model.run.adapter
            guard (found.adapter == nil) == (adapter == nil),
                found.adapter.flatMap({ found in adapter.map { found.hasShape(of: $0) } }) ?? true
            else {
                throw .invalid(
                    "\(found.reference.path) holds \(found.adapter.words), but model \(model.id) trains \(adapter.words)"
                )
            }
        }
        return Prepared(operation: .load(loaded), respond: .loadedWeights(loaded.reference))
    }

    private func prepareSampler(_ body: JSONValue, model: TrainingModel) throws(ServiceError) -> Prepared {
        let isNamed = body["path"] ?? .null != .null
        let isEphemeral = body["sampling_session_seq_id"] ?? .null != .null
        guard isNamed != isEphemeral else {
            throw .invalid("send exactly one of `path` (a name) and `sampling_session_seq_id` (an ephemeral sampler)")
        }
        if isNamed {
            if body["until_closed"] ?? .null != .null {
                throw .invalid("`until_closed` is for ephemeral samplers; named weights stay until they are deleted")
            }
            let checkpoint = try newCheckpoint(.sampler, body, model: model)
            return Prepared(
                operation: .saveForSampler(checkpoint),
                respond: .path(type: "save_weights_for_sampler", checkpoint.reference))
        }
        if let kind = body["kind"]?.stringValue, kind != "snapshot" {
            throw .invalid("`kind` is \(kind); this backend makes immutable snapshots only")
        }
        let sequence = try ServiceError.reading { () throws(JSONError) in
            try body.integer(at: "sampling_session_seq_id")
        }
        if sessions[model.sessionID]?.samplers[sequence] != nil {
            throw .invalid("sampling_session_seq_id \(sequence) was used before in this session")
        }
        let isHeld = body["until_closed"]?.boolValue ?? false
        return Prepared(operation: .publish, respond: .samplingSession(sequence: sequence, isHeld: isHeld))
    }

    /// A checkpoint whose name is free, or may be replaced.
    private func newCheckpoint(
        _ kind: CheckpointReference.Kind, _ body: JSONValue, model: TrainingModel
    ) throws(ServiceError) -> NewCheckpoint {
        let name = try ServiceError.reading { () throws(JSONError) in try body.string(at: "path") }
        let reference = try CheckpointReference(modelID: model.id, kind: kind, name: name)
        let isTaken = model.pendingCheckpoints.contains(reference) || checkpoints.exists(reference)
        let overwrites = body["overwrite"]?.boolValue ?? false
        if isTaken, !overwrites { throw CheckpointStore.conflict(reference) }
        return NewCheckpoint(
            reference: reference, baseModel: model.base.name, adapter: model.run.adapter, overwrites: overwrites,
            lifetime: try Self.lifetime(body["ttl_seconds"]), userMetadata: body["user_metadata"] ?? .null)
    }

    /// Reads `ttl_seconds`; `nil` for a checkpoint that never expires.
    static func lifetime(_ value: JSONValue?) throws(ServiceError) -> Int? {
        guard let value, value != .null else { return nil }
        guard let seconds = value.integerValue, 3600...315_360_000 ~= seconds else {
            throw .invalid("`ttl_seconds` is \(value.text); expected 3600 (an hour) to 315360000 (ten years), or null")
        }
        return seconds
    }
}
