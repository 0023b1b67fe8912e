import Primitives

/// Training steps, whole or in parts.
extension TinkerTrainer {
    /// A cancelled task begins no step, but finishes one.
    func checkBeginning(of operation: String) throws(BackendError) {
        if state.withLock({ $0.waiting == nil }) { try checkCancellation(of: operation) }
    }

    /// Runs a part of a step. Where it fails while others wait for their optimizer step, nobody shall take that: it would
    /// use half of a gradient.
    func guardingGradient<Value>(
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
    func checkTotal(_ waiting: WaitingGradient) throws(BackendError) {
        guard profile.lossReduction == .meanOfDatumMeans, waiting.datums != waiting.total else { return }
        throw .invalidRequest(
            detail:
                "the parts of a step have \(waiting.datums) datums, but were said to have \(waiting.total), and the "
                + "server divides by their number")
    }

    func step(
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

    func part(
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

    func chunks(_ datums: [Datum], _ loss: LossFunction) throws(BackendError) -> [DatumEncoder.Chunk] {
        try DatumEncoder.chunks(
            datums, loss: loss, sendsWeights: profile.sendsWeightsWithPolicyLosses,
            limits: session.wire.settings.chunkLimits, dialect: session.dialect)
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
