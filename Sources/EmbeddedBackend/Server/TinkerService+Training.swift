import Primitives

/// Requests that a model runs in the order of their `seq_id`.
extension TinkerService {
    /// How far a `seq_id` may run ahead of the next one to be executed.
    private static let maximumLead = 4096

    /// What a request holds, as far as it is read without the model's state.
    enum Content: Sendable {
        case body(JSONValue)
        case batch(Result<TrainingBatch, ServiceError>)
    }

    /// A checked request, ready to be queued.
    struct Prepared {
        var operation: TrainingOperation
        var respond: TrainingModel.Responder
    }

    /// Queues a request and answers with its promise. A request that is not acceptable still consumes its `seq_id`, so
    /// that later ones do not wait for it for ever; a repeated one gets the answer of the first.
    ///
    /// - Parameters:
    ///   - kind: The endpoint's name; `forward` also where its body is that of a `forward_backward` without a gradient.
    ///   - content: For forward and forward-backward, what the body holds.
    func submit(
        _ kind: String, model id: String, sequence: Int, digest: Int, content: Content
    ) throws(ServiceError) -> JSONValue {
        let model = try self.model(id: id)
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
        models[model.id]?.run.lastRequest = checkpoints.now()
        let prepared: Prepared
        do {
            prepared = try prepare(kind, content, model: model)
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
                switch result {
                case .success(let outcome):
                    promises.fulfil(promise, with: await answer(outcome, respond: respond, modelID: id))
                case .failure(let error):
                    promises.fulfil(promise, with: error.promiseResult)
                }
            }
        }
        models[id]?.isDraining = false
    }

    private func answer(
        _ outcome: TrainingOutcome, respond: TrainingModel.Responder, modelID: String
    ) async -> PromiseResult {
        if case .forward(let batch) = respond, case .logprobs(let logprobs, let lossSum) = outcome {
            return .forward(await Self.forwardResult(batch, logprobs: logprobs, lossSum: lossSum))
        }
        return .json(await object(outcome, respond: respond, modelID: modelID).serialized())
    }

    /// Outside of the actor: large batches take milliseconds.
    nonisolated private static func forwardResult(
        _ batch: TrainingBatch, logprobs: [[Float]], lossSum: Double
    ) async -> ForwardResult {
        ForwardResult(
            logprobs: logprobs, losses: batch.elementwiseLoss(logprobs), columns: batch.columns, lossSum: lossSum)
    }

    private func object(
        _ outcome: TrainingOutcome, respond: TrainingModel.Responder, modelID: String
    ) async -> JSONValue {
        switch (respond, outcome) {
        case (.createdModel, _):
            let run = models[modelID]?.run
            return [
                "type": "create_model", "model_id": .string(modelID), "base_model": .string(run?.baseModel ?? ""),
                "lora_config": run?.adapter?.json ?? .null,
            ]
        case (.optimizerStep, .gradientNorm(let norm)):
            return ["type": "optim_step", "metrics": ["grad_norm:mean": .number(norm)]]
        case (.path(let type, let reference), _):
            var result: JSONObject = ["path": .string(reference.path), "type": .string(type)]
            if reference.kind == .sampler { result["sampling_session_id"] = .null }
            return .object(result)
        case (.loadedWeights(let reference), _):
            return ["type": "load_weights", "path": .string(reference.path), "model_id": .string(modelID)]
        case (.samplingSession(let sequence, let isHeld), .weights(let weights)):
            guard let model = models[modelID] else {
                return ServiceError.gone("model \(modelID) was unloaded").promiseResult
            }
            let source = await samplers.addSnapshot(weights, isHeld: isHeld)
            let id = newID("sampling")
            samplingSessions[id] = SamplingSession(
                id: id, owner: model.sessionID, base: model.base, modelPath: nil, source: source)
            sessions[model.sessionID]?.samplers[sequence] = (0, id)
            return ["path": .null, "type": "save_weights_for_sampler", "sampling_session_id": .string(id)]
        default: return ServiceError.failed("the result does not fit the request").promiseResult
        }
    }
}
