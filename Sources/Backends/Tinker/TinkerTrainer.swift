import Primitives
import Synchronization
import TinkerProtocol

/// A trainable model on a Tinker API server.
///
/// Invariants: requests carry consecutive `seq_id`s from 1; they are submitted in that order, except that chunks of one batch
/// may overtake each other where the server says that it holds them back; a call that has begun runs to its end even where
/// the calling task is cancelled, because a step half sent would leave the model in a state that nobody knows. A cancelled
/// task begins no step, but finishes one of which parts were sent, and may still save: that is how an interrupted run ends.
///
/// After a failure that leaves the model's state unknown, or the gradient of a step incomplete, every call fails with
/// ``BackendError/trainerUnusable(reason:)``, until ``loadState(from:)`` puts a new model in its place.
public final class TinkerTrainer: PolicyTrainer {
    /// The server's name for the model. Loading a state may change it.
    public var modelIdentifier: String { state.withLock { $0.model } }
    /// With the dialect that is spoken, whatever was assumed.
    public var profile: BackendProfile {
        var profile = session.endpoint.profile
        profile.dialect = session.dialect
        return profile
    }
    let session: TinkerSession
    let origin: TinkerSession.ModelOrigin
    /// Held from the reservation of a `seq_id` until the server has accepted the request.
    let order = AsyncSemaphore(permits: 1)
    let state: Mutex<State>

    struct State {
        var model: String
        var nextSequence = 1
        var unusableBecause: String?
        /// What was added to the gradient since the last optimizer step; `nil`: nothing.
        var waiting: WaitingGradient?
        var isClosed = false
    }

    /// The parts of a step that the server has accepted.
    struct WaitingGradient: Equatable {
        var datums: Int
        /// What the parts said the step will hold in all.
        var total: Int
    }

    init(session: TinkerSession, model: String, origin: TinkerSession.ModelOrigin) {
        self.session = session
        self.origin = origin
        state = Mutex(State(model: model))
    }

    // MARK: PolicyTrainer

    public func trainStep(
        _ datums: [Datum], loss: LossFunction, optimizer: AdamParameters
    ) async throws(BackendError) -> TrainStepResult {
        try checkBeginning(of: "a training step")
        return try await shielded { () async throws(BackendError) in
            try await self.guardingGradient { () async throws(BackendError) in
                try await self.step(datums, loss, optimizer)
            }
        }
    }

    public func forwardBackward(
        _ datums: [Datum], loss: LossFunction, ofTotal total: Int
    ) async throws(BackendError) -> GradientPass {
        try checkBeginning(of: "a forward-backward pass")
        return try await shielded { () async throws(BackendError) in
            try await self.guardingGradient { () async throws(BackendError) in
                try await self.part(datums, loss, total: total)
            }
        }
    }

    public func optimizerStep(_ optimizer: AdamParameters) async throws(BackendError) -> OptimizerStep {
        try checkBeginning(of: "an optimizer step")
        return try await shielded { () async throws(BackendError) in
            try await self.guardingGradient { () async throws(BackendError) in
                let waiting = self.state.withLock { $0.waiting }
                guard let waiting else {
                    throw BackendError.invalidRequest(
                        detail: "an optimizer step is asked for, but no gradient waits for it")
                }
                try self.checkTotal(waiting)
                return try await self.uncompensatedOptimizerStep(optimizer)
            }
        }
    }

    public func forward(_ datums: [Datum]) async throws(BackendError) -> [[Float]] {
        try checkCancellation(of: "a forward pass")
        return try await shielded { () async throws(BackendError) in
            let chunks = try self.chunks(datums, .crossEntropy)
            let promises = try await self.submit(
                chunks.map { self.draft($0, forwardOnly: true, .crossEntropy) })
            var logprobs: [[Float]] = []
            for (promise, chunk) in zip(promises, chunks) {
                logprobs += try await self.result(promise).pass(over: datums[chunk.range]).logprobs
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

    /// Restores weights and optimizer state, in a new model where this one may not load any more or is unusable.
    public func loadState(from reference: String) async throws(BackendError) {
        try await shielded { () async throws(BackendError) in
            var isReplacing = false
            do throws(BackendError) {
                if self.mayLoadInPlace {
                    do throws(BackendError) { return try await self.loadInPlace(reference) } catch {
                        // Servers of the latest dialect need not know this form.
                        guard case .rejected = error, self.session.dialect == .protobufWithSequences else {
                            throw error
                        }
                    }
                }
                isReplacing = true
                try await self.replaceModel(loading: reference)
            } catch {
                if isReplacing || error.mayHaveRun { self.markUnusable("loading \(reference) failed: \(error)") }
                throw error
            }
        }
    }

    /// The ephemeral form of `save_weights_for_sampler`. No `kind` is sent: its absence means "snapshot" to every server,
    /// and older ones do not know the key.
    public func publishSampler(policyVersion: Int) async throws(BackendError) -> any PolicySampler {
        try await shielded { () async throws(BackendError) in
            let number = self.session.nextSamplingSession()
            var request: JSONObject = ["sampling_session_seq_id": .integer(number)]
            if self.session.wire.settings.closesSamplers { request["until_closed"] = true }
            let result = try await self.perform("save_weights_for_sampler", "SaveWeightsForSampler", request)
            let sampling = try result.string("sampling_session_id")
            return TinkerSampler(session: self.session, samplingSession: sampling, policyVersion: policyVersion)
        }
    }

    public var maximumLiveSamplers: Int? { profile.samplerVersions }

    public func close() async {
        if await unload() { await session.close() }
    }

    // MARK: Beyond the protocol

    /// Frees the model; the session goes on with its others. Safe to call twice.
    /// - Returns: whether this was the first time.
    @discardableResult
    public func unload() async -> Bool {
        let model = state.withLock { state -> String? in
            defer { state.isClosed = true }
            return state.isClosed ? nil : state.model
        }
        guard let model else { return false }
        await session.unload(model)
        return true
    }

    /// Saves the current weights for sampling under a name that must be new.
    /// - Parameter lifetime: after which the server may delete them, in whole seconds from an hour on; `nil` keeps them.
    /// - Returns: the path, for example `tinker://RUN/sampler_weights/NAME`, for
    ///   ``TinkerSession/createSampler(modelPath:policyVersion:)``, ``TinkerCheckpoints`` and fleets that load adapters.
    public func saveSampler(named name: String, lifetime: Duration? = nil) async throws(BackendError) -> String {
        try await shielded { () async throws(BackendError) in
            var request: JSONObject = ["path": .string(name)]
            if let lifetime { request["ttl_seconds"] = .integer(lifetime.components.seconds) }
            let result = try await self.perform("save_weights_for_sampler", "SaveWeightsForSampler", request)
            return try result.string("path")
        }
    }

    /// What the server knows of the model.
    public func information() async throws(BackendError) -> ModelInformation {
        let request: JSONValue = ["model_id": .string(modelIdentifier), "type": "get_info"]
        let call = TinkerCall(path: "get_info", body: request.serialized(), requestType: "GetInfo")
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

    /// A cancelled task begins no step, but finishes one.
    private func checkBeginning(of operation: String) throws(BackendError) {
        if state.withLock({ $0.waiting == nil }) { try checkCancellation(of: operation) }
    }

    /// Runs a part of a step. Where it fails while others wait for their optimizer step, nobody shall take that: it would
    /// use half of a gradient.
    private func guardingGradient<Value>(
        _ work: () async throws(BackendError) -> Value
    ) async throws(BackendError) -> Value {
        if let reason = state.withLock({ $0.unusableBecause }) { throw .trainerUnusable(reason: reason) }
        do throws(BackendError) { return try await work() } catch {
            if state.withLock({ $0.waiting != nil }) { markUnusable("a part of a training step failed: \(error)") }
            throw error
        }
    }

    /// Refuses a part that expects another step than the parts before it where the server divides by the step's datums.
    private func checkTotal(_ total: Int, of count: Int) throws(BackendError) {
        guard profile.lossReduction == .meanOfDatumMeans else { return }
        let waiting = state.withLock { $0.waiting }
        guard waiting?.total ?? total == total, (waiting?.datums ?? 0) + count <= total else {
            throw .invalidRequest(
                detail: "a part of \(count) datums is said to belong to a step of \(total), but "
                    + (waiting.map { "\($0.datums) datums of a step of \($0.total) were sent before it" }
                        ?? "that is fewer"))
        }
    }

    /// Refuses a step of fewer datums than were announced where the server divides by their number.
    private func checkTotal(_ waiting: WaitingGradient) throws(BackendError) {
        guard profile.lossReduction == .meanOfDatumMeans, waiting.datums != waiting.total else { return }
        throw .invalidRequest(
            detail:
                "the parts of a step have \(waiting.datums) datums, but were said to have \(waiting.total), and the "
                + "server divides by their number")
    }

    private func step(
        _ datums: [Datum], _ loss: LossFunction, _ optimizer: AdamParameters
    ) async throws(BackendError) -> TrainStepResult {
        let waiting = state.withLock { $0.waiting }
        let total = waiting?.total ?? datums.count
        try checkTotal(WaitingGradient(datums: (waiting?.datums ?? 0) + datums.count, total: total))
        let sent = try await compensated(datums, loss, total: total)
        let result = try await uncompensatedStep(
            [sent.datums], loss: sent.loss, sendsWeights: profile.sendsWeightsWithPolicyLosses, optimizer: optimizer)
        var stated = result
        if sent.replacesLoss, result.loss != nil { stated.loss = loss.loss(of: datums, logprobs: result.logprobs) }
        return stated
    }

    private func part(
        _ datums: [Datum], _ loss: LossFunction, total: Int
    ) async throws(BackendError) -> GradientPass {
        guard !datums.isEmpty else { return GradientPass(logprobs: [], loss: nil) }
        try checkTotal(total, of: datums.count)
        let sent = try await compensated(datums, loss, total: total)
        let passes = try passes(
            [sent.datums], loss: sent.loss, sendsWeights: profile.sendsWeightsWithPolicyLosses)
        let promises = try await submit(passes.map { draft($0.chunk, forwardOnly: false, sent.loss) })
        state.withLock { state in
            state.waiting = WaitingGradient(datums: (state.waiting?.datums ?? 0) + datums.count, total: total)
        }
        var pass = try await combined(promises, passes)
        if sent.replacesLoss, pass.loss != nil { pass.loss = loss.loss(of: datums, logprobs: pass.logprobs) }
        return pass
    }

    /// What is sent in place of a batch, and whether the loss that the server states for it is another than the batch's.
    private func compensated(
        _ datums: [Datum], _ loss: LossFunction, total: Int
    ) async throws(BackendError) -> (datums: [Datum], loss: LossFunction, replacesLoss: Bool) {
        let compensation = LossCompensation(datums: datums, loss: loss, profile: profile, total: total)
        let isLinearised = compensation.route == .linearised
        let sent = try compensation.sent(logprobs: isLinearised ? try await forward(datums) : [])
        return (sent.datums, sent.loss, isLinearised || profile.lossReduction != .tokenSum)
    }

    /// One forward-backward request, or more where the limits ask for it, for each batch, and one optimizer step; what is sent
    /// is what was given.
    func uncompensatedStep(
        _ batches: [[Datum]], loss: LossFunction, sendsWeights: Bool, optimizer: AdamParameters
    ) async throws(BackendError) -> TrainStepResult {
        let passes = try passes(batches, loss: loss, sendsWeights: sendsWeights)
        let promises = try await submit(
            passes.map { draft($0.chunk, forwardOnly: false, loss) }
                + [draft("optim_step", "OptimStep", optimizer.members)])
        let pass = try await combined(Array(promises.dropLast()), passes)
        let step = try await optimizerStep(promises[passes.count])
        state.withLock { $0.waiting = nil }
        return TrainStepResult(
            logprobs: pass.logprobs, loss: pass.loss, gradientNorm: step.gradientNorm,
            metrics: pass.metrics.merging(step.metrics) { $1 })
    }

    /// An optimizer step with whatever gradient the server has.
    func uncompensatedOptimizerStep(_ optimizer: AdamParameters) async throws(BackendError) -> OptimizerStep {
        let promise = try await submit([draft("optim_step", "OptimStep", optimizer.members)])[0]
        let step = try await optimizerStep(promise)
        state.withLock { $0.waiting = nil }
        return step
    }

    private typealias Pass = (chunk: DatumEncoder.Chunk, datums: ArraySlice<Datum>)

    private func passes(
        _ batches: [[Datum]], loss: LossFunction, sendsWeights: Bool
    ) throws(BackendError) -> [Pass] {
        var passes: [Pass] = []
        for batch in batches {
            let chunks = try DatumEncoder.chunks(
                batch, loss: loss, sendsWeights: sendsWeights, limits: session.wire.settings.chunkLimits,
                dialect: session.dialect)
            passes += chunks.map { ($0, batch[$0.range]) }
        }
        return passes
    }

    /// The results of the forward-backward requests of one batch. Where one fails the model's gradient is unknown.
    private func combined(_ promises: [TinkerPromise], _ passes: [Pass]) async throws(BackendError) -> GradientPass {
        do throws(BackendError) {
            var logprobs: [[Float]] = []
            var parts: [(metrics: [String: Double], datums: Int)] = []
            for (promise, sent) in zip(promises, passes) {
                let pass = try await result(promise).pass(over: sent.datums)
                logprobs += pass.logprobs
                parts.append((pass.metrics, sent.datums.count))
            }
            let metrics = MetricReduction.combine(parts)
            return GradientPass(logprobs: logprobs, loss: metrics["loss:sum"], metrics: metrics)
        } catch {
            markUnusable("a training step failed: \(error)")
            throw error
        }
    }

    private func optimizerStep(_ promise: TinkerPromise) async throws(BackendError) -> OptimizerStep {
        do throws(BackendError) {
            let metrics = try await result(promise).metrics()
            return OptimizerStep(gradientNorm: TinkerResult.metric("grad_norm", in: metrics), metrics: metrics)
        } catch {
            markUnusable("an optimizer step failed: \(error)")
            throw error
        }
    }

    /// Submits one forward-backward request twice, with one `seq_id`, and returns the names of both promises: a server that
    /// executes a `seq_id` once gives the same promise again. Afterwards the model's gradient is unknown.
    func repeatedSubmission(_ datums: [Datum]) async throws(BackendError) -> (first: String, second: String) {
        guard let chunk = try chunks(datums, .crossEntropy).first else { return ("", "") }
        let promises = try await submit([draft(chunk, forwardOnly: false, .crossEntropy)])
        markUnusable("a request was submitted twice on purpose")
        return (promises[0].identifier, try await session.wire.submission(promises[0].call).identifier)
    }

    private func chunks(_ datums: [Datum], _ loss: LossFunction) throws(BackendError) -> [DatumEncoder.Chunk] {
        try DatumEncoder.chunks(
            datums, loss: loss, sendsWeights: profile.sendsWeightsWithPolicyLosses,
            limits: session.wire.settings.chunkLimits, dialect: session.dialect)
    }

    // MARK: Loading

    /// Hosted Tinker and later servers load only as a model's first request; the others at any time, but without a word on
    /// what becomes of a gradient that waits.
    private var mayLoadInPlace: Bool {
        state.withLock { state in
            state.unusableBecause == nil && state.waiting == nil
                && (state.nextSequence == 1 || session.dialect == .json)
        }
    }

    private func loadInPlace(_ reference: String) async throws(BackendError) {
        _ = try await perform("load_weights", "LoadWeights", ["path": .string(reference), "optimizer": true])
    }

    /// Puts a new model with the state of `reference` in the place of the old one.
    private func replaceModel(loading reference: String) async throws(BackendError) {
        let loadsWhenMade =
            session.dialect == .protobufWithSequences || session.wire.settings.createsModelsByLoading
        try await replaceModel { [session, origin] () async throws(BackendError) in
            loadsWhenMade
                ? try await session.createModel(origin, loading: reference) : try await session.createModel(origin)
        }
        if !loadsWhenMade { try await loadInPlace(reference) }
    }

    private func replaceModel(by create: () async throws(BackendError) -> String) async throws(BackendError) {
        guard await order.acquire() else { throw .cancelled(operation: "load_weights") }
        defer { order.release() }
        let (old, isClosed) = state.withLock { ($0.model, $0.isClosed) }
        if isClosed { throw .sessionEnded(detail: "the trainer was closed") }
        // The old model goes first: servers have few places for models.
        await session.unload(old)
        try await session.clearLeftoverGradient(origin)
        let model = try await create()
        state.withLock { state in
            (state.model, state.nextSequence, state.unusableBecause, state.waiting) = (model, 1, nil, nil)
        }
    }
}

extension AdamParameters {
    /// What an optimizer step says on the wire.
    fileprivate var members: JSONObject {
        [
            "adam_params": [
                "learning_rate": .number(learningRate), "beta1": .number(beta1), "beta2": .number(beta2),
                "eps": .number(epsilon), "weight_decay": .number(weightDecay),
                "grad_clip_norm": .number(gradientClipNorm),
            ]
        ]
    }
}
