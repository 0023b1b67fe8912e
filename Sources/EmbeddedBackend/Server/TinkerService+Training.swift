import Primitives

/// Requests that a model runs in the order of their `seq_id`.
extension TinkerService {
    /// How far a `seq_id` may run ahead of the next one to be executed.
    private static let maximumLead = 4096

    /// A checked request, ready to be queued.
    struct Prepared {
        var operation: TrainingOperation
        var respond: TrainingModel.Responder
    }

    /// Queues a request and answers with its promise. A request that is not acceptable still consumes its `seq_id`, so
    /// that later ones do not wait for it for ever; a repeated one gets the answer of the first.
    ///
    /// - Parameters:
    ///   - kind: The endpoint's name.
    ///   - batch: For forward and forward-backward, what the body holds.
    func submit(
        _ kind: String, _ body: JSONValue, digest: Int, batch: Result<TrainingBatch, ServiceError>? = nil
    ) throws(ServiceError) -> JSONValue {
        let model = try self.model(of: body)
        let sequence = try ServiceError.reading { () throws(JSONError) in try body.integer(at: "seq_id") }
        if let earlier = model.submissions[sequence] {
            guard earlier.kind == kind, earlier.digest == digest else {
                throw .invalid("seq_id \(sequence) was used for another request (\(earlier.kind)) of model \(model.id)")
            }
            return Self.future(try earlier.outcome.get(), model: model.id)
        }
        guard sequence >= max(1, model.queue.next), sequence - model.queue.next <= Self.maximumLead else {
            throw .invalid(
                """
                seq_id \(sequence) is out of range: model \(model.id) waits for \(max(1, model.queue.next)) and takes \
                numbers up to \(Self.maximumLead) beyond it
                """)
        }
        let prepared: Prepared
        do {
            prepared = try prepare(kind, body, model: model, batch: batch)
        } catch {
            models[model.id]?.submissions[sequence] = .init(kind: kind, digest: digest, outcome: .failure(error))
            models[model.id]?.queue.insert(.refused(kind: kind, error), at: sequence)
            startDraining(model.id)
            throw error
        }
        let promise = promises.create()
        models[model.id]?.submissions[sequence] = .init(kind: kind, digest: digest, outcome: .success(promise))
        models[model.id]?.queue.insert(
            .operation(prepared.operation, promise: promise, respond: prepared.respond), at: sequence)
        if case .path(_, let reference) = prepared.respond {
            models[model.id]?.pendingCheckpoints.insert(reference)
        }
        startDraining(model.id)
        return Self.future(promise, model: model.id)
    }

    // MARK: Preparing

    private func prepare(
        _ kind: String, _ body: JSONValue, model: TrainingModel, batch: Result<TrainingBatch, ServiceError>?
    ) throws(ServiceError) -> Prepared {
        switch kind {
        case "forward", "forward_backward":
            guard let batch = try batch?.get() else { throw .failed("\(kind) without a batch") }
            let operation = kind == "forward" ? TrainingOperation.forward(batch) : .forwardBackward(batch)
            return Prepared(operation: operation, respond: .forward(batch))
        case "optim_step":
            return Prepared(operation: .optimizerStep(try OptimizerStep(body: body)), respond: .optimizerStep)
        case "save_weights":
            let reference = try newCheckpoint(.training, body, model: model)
            let overwrite = body["overwrite"]?.boolValue ?? false
            return Prepared(
                operation: .save(reference, overwrite: overwrite), respond: .path(type: kind, reference))
        case "load_weights": return try prepareLoading(body, model: model)
        case "save_weights_for_sampler": return try prepareSampler(body, model: model)
        default: throw .failed("\(kind) is no request of a model")
        }
    }

    private func prepareLoading(_ body: JSONValue, model: TrainingModel) throws(ServiceError) -> Prepared {
        let path = try ServiceError.reading { () throws(JSONError) in try body.string(at: "path") }
        let reference = try CheckpointReference(path: path)
        let optimizer = body["optimizer"]?.boolValue ?? false
        if optimizer, reference.kind == .sampler {
            throw .invalid("\(path) holds no optimizer state; send `optimizer: false` or a path of save_weights")
        }
        if !model.pendingCheckpoints.contains(reference) {
            let base = try checkpoints.baseModel(of: reference)
            guard base == model.base.name else {
                throw .invalid("\(path) was trained from `\(base)`, but model \(model.id) is `\(model.base.name)`")
            }
        }
        return Prepared(operation: .load(reference, optimizer: optimizer), respond: .loadedWeights(reference))
    }

    private func prepareSampler(_ body: JSONValue, model: TrainingModel) throws(ServiceError) -> Prepared {
        let isNamed = body["path"] ?? .null != .null
        let isEphemeral = body["sampling_session_seq_id"] ?? .null != .null
        guard isNamed != isEphemeral else {
            throw .invalid("send exactly one of `path` (a name) and `sampling_session_seq_id` (an ephemeral sampler)")
        }
        if isNamed {
            let reference = try newCheckpoint(.sampler, body, model: model)
            let overwrite = body["overwrite"]?.boolValue ?? false
            return Prepared(
                operation: .saveForSampler(reference, overwrite: overwrite),
                respond: .path(type: "save_weights_for_sampler", reference))
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
        return Prepared(operation: .publish, respond: .samplingSession(sequence: sequence))
    }

    /// A checkpoint whose name is free, or may be replaced.
    private func newCheckpoint(
        _ kind: CheckpointReference.Kind, _ body: JSONValue, model: TrainingModel
    ) throws(ServiceError) -> CheckpointReference {
        let name = try ServiceError.reading { () throws(JSONError) in try body.string(at: "path") }
        let reference = try CheckpointReference(modelID: model.id, kind: kind, name: name)
        let isTaken = model.pendingCheckpoints.contains(reference) || checkpoints.exists(reference)
        if isTaken, body["overwrite"]?.boolValue != true { throw CheckpointStore.conflict(reference) }
        return reference
    }

    // MARK: Executing

    func startDraining(_ id: String) {
        guard models[id]?.isDraining == false else { return }
        models[id]?.isDraining = true
        Task { await drain(id) }
    }

    private func drain(_ id: String) async {
        while let entry = models[id]?.queue.popReady(), let worker = models[id]?.worker {
            switch entry {
            case .refused(let kind, let error):
                if kind == "forward_backward" { await worker.noteLostGradient(error) }
            case .operation(let operation, let promise, let respond):
                let result = await worker.perform(operation)
                if case .path(_, let reference) = respond { models[id]?.pendingCheckpoints.remove(reference) }
                let answer: JSONValue
                switch result {
                case .success(let outcome): answer = await self.answer(outcome, respond: respond, modelID: id)
                case .failure(let error): answer = error.promiseResult
                }
                await fulfil(promise, with: answer)
            }
        }
        models[id]?.isDraining = false
    }

    /// Writes a result outside of the actor: those of large batches take milliseconds.
    nonisolated private func fulfil(_ promise: String, with answer: JSONValue) async {
        promises.fulfil(promise, with: answer.serialized())
    }

    private func answer(
        _ outcome: TrainingOutcome, respond: TrainingModel.Responder, modelID: String
    ) async -> JSONValue {
        switch (respond, outcome) {
        case (.createdModel, _):
            let name = models[modelID]?.base.name ?? ""
            return ["type": "create_model", "model_id": .string(modelID), "base_model": .string(name)]
        case (.forward(let batch), .logprobs(let logprobs, let lossSum)):
            return await Self.forwardAnswer(batch, logprobs: logprobs, lossSum: lossSum)
        case (.optimizerStep, .gradientNorm(let norm)):
            return ["type": "optim_step", "metrics": ["grad_norm:mean": .number(norm)]]
        case (.path(let type, let reference), _):
            var result: JSONObject = ["path": .string(reference.path), "type": .string(type)]
            if reference.kind == .sampler { result["sampling_session_id"] = .null }
            return .object(result)
        case (.loadedWeights(let reference), _):
            return ["type": "load_weights", "path": .string(reference.path), "model_id": .string(modelID)]
        case (.samplingSession(let sequence), .weights(let weights)):
            guard let model = models[modelID] else {
                return ServiceError.gone("model \(modelID) was unloaded").promiseResult
            }
            let source = await samplers.addSnapshot(weights)
            let id = newID("sampling")
            samplingSessions[id] = SamplingSession(id: id, base: model.base, modelPath: nil, source: source)
            sessions[model.sessionID]?.samplers[sequence] = (0, id)
            return ["path": .null, "type": "save_weights_for_sampler", "sampling_session_id": .string(id)]
        default: return ServiceError.failed("the result does not fit the request").promiseResult
        }
    }

    nonisolated private static func forwardAnswer(
        _ batch: TrainingBatch, logprobs: [[Float]], lossSum: Double
    ) async -> JSONValue {
        func tensor(_ values: [Float]) -> JSONValue {
            ["data": .floats(values), "dtype": "float32", "shape": [.integer(values.count)]]
        }
        let outputs = zip(batch.elementwiseLoss(logprobs), logprobs).map { loss, logprobs -> JSONValue in
            ["elementwise_loss": tensor(loss), "logprobs": tensor(logprobs)]
        }
        return [
            "loss_fn_output_type": "scalar", "loss_fn_outputs": .array(outputs),
            "metrics": ["loss:sum": .number(lossSum)],
        ]
    }
}
