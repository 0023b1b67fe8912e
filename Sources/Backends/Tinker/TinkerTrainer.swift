import Primitives
import Synchronization

/// A trainable model on a Tinker API server.
///
/// Invariants: requests carry consecutive `seq_id`s from 1 and are submitted one after the other in that order; a call that
/// has begun runs to its end even where the calling task is cancelled, because a step half sent would leave the model in a
/// state that nobody knows. A cancelled task begins no step, but may still save: that is how an interrupted run ends.
public final class TinkerTrainer: PolicyTrainer {
    /// The server's name for the model.
    public let modelIdentifier: String
    public var profile: BackendProfile { session.endpoint.profile }
    private let session: TinkerSession
    /// Held from the reservation of a `seq_id` until the server has accepted the request.
    private let order = AsyncSemaphore(permits: 1)
    private let state = Mutex(State())

    private struct State {
        var nextSequence = 1
        var unusableBecause: String?
        var isClosed = false
    }

    /// A request that still lacks its `seq_id`.
    private struct Draft: Sendable {
        let path: String
        let requestType: String
        let body: @Sendable (_ sequence: Int) -> [UInt8]
    }

    init(session: TinkerSession, modelIdentifier: String) {
        self.session = session
        self.modelIdentifier = modelIdentifier
    }

    // MARK: PolicyTrainer

    public func trainStep(
        _ datums: [Datum], loss: LossFunction, optimizer: AdamParameters
    ) async throws(BackendError) -> TrainStepResult {
        try checkCancellation(of: "a training step")
        return try await shielded { () async throws(BackendError) in
            try await self.step(datums, loss, optimizer)
        }
    }

    public func forward(_ datums: [Datum]) async throws(BackendError) -> [[Float]] {
        try checkCancellation(of: "a forward pass")
        return try await shielded { () async throws(BackendError) in
            let chunks = try self.chunks(datums, .crossEntropy)
            let promises = try await self.submit(
                chunks.map { self.draft("forward", "Forward", "forward_input", $0, .crossEntropy) })
            var logprobs: [[Float]] = []
            for (promise, chunk) in zip(promises, chunks) {
                let result = try await self.result(promise)
                logprobs += try result.logprobs(of: datums[chunk.range])
            }
            return logprobs
        }
    }

    public func saveState(named name: String) async throws(BackendError) -> String {
        try await shielded { () async throws(BackendError) in
            let result = try await self.perform(
                "save_weights", "SaveWeights", ["path": .string(name), "overwrite": false])
            return try result.string("path")
        }
    }

    public func loadState(from reference: String) async throws(BackendError) {
        try await shielded { () async throws(BackendError) in
            do throws(BackendError) {
                _ = try await self.perform(
                    "load_weights", "LoadWeights", ["path": .string(reference), "optimizer": true])
            } catch {
                if error.mayHaveRun { self.markUnusable("loading \(reference) failed: \(error)") }
                throw error
            }
        }
    }

    /// The ephemeral form of `save_weights_for_sampler`. No `kind` is sent: its absence means "snapshot" to every server,
    /// and older ones do not know the key.
    public func publishSampler(policyVersion: Int) async throws(BackendError) -> any PolicySampler {
        try await shielded { () async throws(BackendError) in
            let number = self.session.nextSamplingSession()
            let result = try await self.perform(
                "save_weights_for_sampler", "SaveWeightsForSampler", ["sampling_session_seq_id": .integer(number)])
            let sampling = try result.string("sampling_session_id")
            return TinkerSampler(session: self.session, samplingSession: sampling, policyVersion: policyVersion)
        }
    }

    /// Saves the weights for samplers under a name that must be new, and returns their `tinker://` reference.
    public func saveSampler(named name: String) async throws(BackendError) -> String {
        try await shielded { () async throws(BackendError) in
            let result = try await self.perform(
                "save_weights_for_sampler", "SaveWeightsForSampler", ["path": .string(name)])
            return try result.string("path")
        }
    }

    public func close() async {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard isFirst else { return }
        let request: JSONValue = ["model_id": .string(modelIdentifier), "type": "unload_model"]
        let call = TinkerCall(
            path: "unload_model", body: request.serialized(), requestType: "UnloadModel", isRepeatable: true)
        _ = try? await shielded { [wire = session.wire] () async throws(BackendError) in
            let policy = wire.endpoint.retryPolicy.hasty
            _ = try await wire.promise(call, policy: policy).result(policy: policy)
        }
        await session.close()
    }

    // MARK: Beyond the protocol

    /// What the server says about the model.
    public func information() async throws(BackendError) -> ModelInformation {
        let request: JSONValue = ["model_id": .string(modelIdentifier), "type": "get_info"]
        let call = TinkerCall(
            path: "get_info", body: request.serialized(), requestType: "GetInfo", isRepeatable: true)
        let answer = try await session.wire.send(call)
        let result = TinkerResult(value: answer, call: call, wire: session.wire)
        return ModelInformation(
            modelIdentifier: try result.string("model_id"),
            architecture: answer["model_data"]?["arch"]?.stringValue,
            baseModel: answer["model_name"]?.stringValue ?? answer["model_data"]?["model_name"]?.stringValue,
            tokenizer: answer["model_data"]?["tokenizer_id"]?.stringValue,
            isLoRA: answer["is_lora"]?.boolValue, loraRank: answer["lora_rank"]?.integerValue)
    }

    // MARK: Steps

    private func step(
        _ datums: [Datum], _ loss: LossFunction, _ optimizer: AdamParameters
    ) async throws(BackendError) -> TrainStepResult {
        var (sent, sentLoss) = (datums, loss)
        if loss != .crossEntropy {
            sent = LossCompensation.policyDatums(datums, profile: profile)
        } else if profile.lossReduction == .meanOfDatumMeans {
            sent = LossCompensation.crossEntropyAsImportanceSampling(datums, logprobs: try await forward(datums))
            sentLoss = .importanceSampling
        }
        let chunks = try chunks(sent, sentLoss)
        var drafts = chunks.map {
            draft("forward_backward", "ForwardBackward", "forward_backward_input", $0, sentLoss)
        }
        drafts.append(draft("optim_step", "OptimStep", ["adam_params": optimizer.json]))
        let promises = try await submit(drafts)
        do throws(BackendError) {
            var step = TrainStepResult(logprobs: [], loss: 0, gradientNorm: nil)
            for (promise, chunk) in zip(promises, chunks) {
                let result = try await result(promise)
                step.logprobs += try result.logprobs(of: sent[chunk.range])
                step.loss = step.loss.flatMap { sum in result.metrics["loss:sum"].map { sum + $0 } }
            }
            step.gradientNorm = try await result(promises[chunks.count]).metric("grad_norm")
            return step
        } catch {
            markUnusable("a training step failed: \(error)")
            throw error
        }
    }

    private func chunks(_ datums: [Datum], _ loss: LossFunction) throws(BackendError) -> [DatumEncoder.Chunk] {
        try DatumEncoder.chunks(
            datums, loss: loss, sendsWeights: profile.sendsWeightsWithPolicyLosses, limits: session.chunkLimits)
    }

    private func draft(
        _ path: String, _ requestType: String, _ input: StaticString, _ chunk: DatumEncoder.Chunk, _ loss: LossFunction
    ) -> Draft {
        Draft(path: path, requestType: requestType) { [modelIdentifier] sequence in
            DatumEncoder.body(
                input: input, chunk: chunk, loss: loss, modelIdentifier: modelIdentifier, sequence: sequence)
        }
    }

    private func draft(_ path: String, _ requestType: String, _ members: JSONObject) -> Draft {
        Draft(path: path, requestType: requestType) { [modelIdentifier] sequence in
            var request = members
            request["model_id"] = .string(modelIdentifier)
            request["seq_id"] = .integer(sequence)
            request["type"] = .string(path)
            return JSONValue.object(request).serialized()
        }
    }

    // MARK: Submission

    private func perform(
        _ path: String, _ requestType: String, _ members: JSONObject
    ) async throws(BackendError) -> TinkerResult {
        let promises = try await submit([draft(path, requestType, members)])
        return try await result(promises[0])
    }

    private func result(_ promise: TinkerPromise) async throws(BackendError) -> TinkerResult {
        do throws(BackendError) {
            return TinkerResult(value: try await promise.result(), call: promise.call, wire: session.wire)
        } catch {
            if case .fateUnknown = error { markUnusable("\(error)") }
            throw error
        }
    }

    /// Submits requests one after the other, without those of another call between them, and awaits no result.
    ///
    /// A refusal of the first gives its `seq_id` back. Any other failure leaves a gap in the order or a step half sent, after
    /// which the trainer refuses further work.
    private func submit(_ drafts: [Draft]) async throws(BackendError) -> [TinkerPromise] {
        guard await order.acquire() else { throw .cancelled(operation: drafts[0].path) }
        defer { order.release() }
        var promises: [TinkerPromise] = []
        for draft in drafts {
            let (sequence, reason, isClosed) = state.withLock { ($0.nextSequence, $0.unusableBecause, $0.isClosed) }
            if let reason { throw .trainerUnusable(reason: reason) }
            if isClosed { throw .sessionEnded(detail: "the trainer was closed") }
            let call = TinkerCall(
                path: draft.path, body: draft.body(sequence), requestType: draft.requestType,
                isRepeatable: profile.isIdempotent)
            do throws(BackendError) {
                promises.append(try await session.wire.promise(call))
                state.withLock { $0.nextSequence += 1 }
            } catch {
                if !promises.isEmpty || error.mayHaveRun { markUnusable("submitting \(draft.path) failed: \(error)") }
                throw error
            }
        }
        return promises
    }

    private func markUnusable(_ reason: String) {
        state.withLock { $0.unusableBecause = $0.unusableBecause ?? reason }
    }
}

extension AdamParameters {
    /// The value of `adam_params` on the wire.
    fileprivate var json: JSONValue {
        [
            "learning_rate": .number(learningRate), "beta1": .number(beta1), "beta2": .number(beta2),
            "eps": .number(epsilon), "weight_decay": .number(weightDecay), "grad_clip_norm": .number(gradientClipNorm),
        ]
    }
}
