import Backends
import Evaluation

/// Where a stage stands between two steps.
struct StageProgress: Sendable, Equatable {
    /// The last complete step.
    var step: Int
    /// Optimizer steps of the stage so far; steps that trained nothing do not count.
    var policyVersion: Int
    /// See ``CheckpointManifest/policyIdentity``.
    var policyIdentity: String
}

/// What all stages do around their steps: find out where to start, evaluate, record, write manifests, stop.
struct StageSession: Sendable {
    /// The name of the weights that a run starts from.
    static let initialPolicyIdentity = "initial"

    let context: StageContext
    let stage: StageName
    let totalSteps: Int
    let evaluationPlan: EvaluationPlan?
    let cursor: @Sendable (_ afterStep: Int) -> DataCursor
    let attempt: Int

    private var run: RunDirectory { context.run }

    init(
        context: StageContext, stage: StageName, totalSteps: Int, evaluationPlan: EvaluationPlan?,
        cursor: @escaping @Sendable (Int) -> DataCursor
    ) async {
        self.context = context
        self.stage = stage
        self.totalSteps = totalSteps
        self.evaluationPlan = evaluationPlan
        self.cursor = cursor
        attempt = await context.run.attempt
    }

    /// Finds out where the stage stands and restores the trainer if this launch continues an earlier one.
    ///
    /// - Returns: `nil` where the stage is complete.
    func begin() async throws -> StageProgress? {
        let latest = await run.latest
        if let latest {
            if latest.stage > stage || (latest.stage == stage && latest.isStageComplete) { return nil }
            guard latest.stage == stage || latest.isStageComplete else {
                throw TrainingError.stageOrder(stage: stage, manifest: latest.fileName)
            }
        }
        if let manifest = await run.takeUnrestored() {
            do { try await context.trainer.loadState(from: manifest.trainerState) } catch {
                throw TrainingError.stateNotRestored(
                    reference: manifest.trainerState, manifest: manifest.fileName, cause: "\(error)")
            }
        }
        let identity = latest?.policyIdentity ?? Self.initialPolicyIdentity
        var progress = StageProgress(step: 0, policyVersion: 0, policyIdentity: identity)
        if let latest, latest.stage == stage {
            let computed = cursor(latest.step)
            guard latest.cursor == computed else {
                throw TrainingError.cursorMismatch(
                    manifest: latest.fileName, stored: latest.cursor, computed: computed)
            }
            progress.step = latest.step
            progress.policyVersion = latest.policyVersion
        }
        try await run.log("stage \(stage.rawValue) goes on after step \(progress.step) of \(totalSteps)")
        context.reporter.stageStarted(stage, after: progress.step, of: totalSteps)
        return progress
    }

    // MARK: Training

    /// One optimizer step on one batch, with the trainer's answer checked before anything is recorded.
    func train(
        _ datums: [Datum], loss: LossFunction, optimizer: AdamParameters, progress: inout StageProgress
    ) async throws -> TrainStepResult {
        let result = try await context.trainer.trainStep(datums, loss: loss, optimizer: optimizer)
        let pass = GradientPass(logprobs: result.logprobs, loss: result.loss)
        try check(pass, of: datums, progress)
        try finishUpdate(gradientNorm: result.gradientNorm, &progress)
        return result
    }

    /// Adds the gradients of a part of a batch, checked likewise.
    /// - Parameter total: the number of datums up to the next optimizer step.
    func accumulate(
        _ datums: [Datum], loss: LossFunction, ofTotal total: Int, progress: StageProgress
    ) async throws -> GradientPass {
        let pass = try await context.trainer.forwardBackward(datums, loss: loss, ofTotal: total)
        try check(pass, of: datums, progress)
        return pass
    }

    /// The optimizer step that ends an accumulation.
    func optimizerStep(_ optimizer: AdamParameters, progress: inout StageProgress) async throws -> OptimizerStep {
        let step = try await context.trainer.optimizerStep(optimizer)
        try finishUpdate(gradientNorm: step.gradientNorm, &progress)
        return step
    }

    private func check(_ pass: GradientPass, of datums: [Datum], _ progress: StageProgress) throws(TrainingError) {
        guard pass.logprobs.map(\.count) == datums.map(\.count) else {
            throw .unusableTrainerResult(
                stage: stage, step: progress.step + 1,
                problem: "logprobs for \(pass.logprobs.count) datums of other lengths than the \(datums.count) sent")
        }
        let areFinite = pass.logprobs.allSatisfy { $0.allSatisfy(\.isFinite) }
        try require(pass.loss?.isFinite ?? true, "the loss", progress)
        try require(areFinite, "a logprob", progress)
    }

    private func finishUpdate(gradientNorm: Double?, _ progress: inout StageProgress) throws(TrainingError) {
        try require(gradientNorm?.isFinite ?? true, "the gradient norm", progress)
        progress.policyVersion += 1
        progress.policyIdentity = "\(stage.rawValue)-\(progress.step + 1)-a\(attempt)"
    }

    private func require(_ isFinite: Bool, _ quantity: String, _ progress: StageProgress) throws(TrainingError) {
        if !isFinite { throw .diverged(stage: stage, step: progress.step + 1, quantity: quantity) }
    }

    // MARK: Evaluation

    /// Measures the policy that the stage starts from, where the plan says so.
    func evaluateInitialPolicy(
        _ progress: StageProgress, sampler: () async throws -> any PolicySampler
    ) async throws -> EvaluationReport? {
        guard progress.step == 0, evaluationPlan?.includesInitialPolicy == true else { return nil }
        var row = StepMetrics(stage: stage, step: 0)
        let report = try await evaluate(sampler(), into: &row)
        try await run.append(row)
        return report
    }

    func isEvaluationDue(step: Int) -> Bool { evaluationPlan?.isDue(step: step, of: totalSteps) ?? false }

    /// Evaluates and writes the report, its episodes and the row's `eval/` metrics.
    func evaluate(_ sampler: any PolicySampler, into row: inout StepMetrics) async throws -> EvaluationReport? {
        guard let evaluationPlan else { return nil }
        var timer = StepTimer()
        let result = try await timer.measure("evaluation") { try await evaluationPlan.evaluation.evaluate(sampler) }
        let report = result.report
        row["eval/questions"] = Double(report.accuracy.count)
        row["eval/accuracy"] = report.accuracy.value
        row["eval/accuracy_low"] = report.accuracy.interval.lowerBound
        row["eval/accuracy_high"] = report.accuracy.interval.upperBound
        row["eval/format_valid_fraction"] = report.formatValid.value
        row["eval/turns/mean"] = report.meanTurns
        row["eval/tool_calls/mean"] = report.meanToolCalls
        row["eval/response_length/mean"] = report.meanResponseLength
        for slice in report.hops { row["eval/accuracy/hops_\(slice.name)"] = slice.accuracy.value }
        row["time/evaluation"] = timer["evaluation"]
        try await run.writeEvaluation(
            report.json, episodes: result.episodes.map(\.json), stage: stage, step: row.step)
        context.reporter.evaluationFinished(report, stage: stage, step: row.step)
        return report
    }

    // MARK: Recording and stopping

    /// Records a complete step and writes a manifest where one is due.
    /// - Parameter endsStage: whether the stage is complete with this step, though more were planned.
    func finish(_ row: StepMetrics, progress: StageProgress, endsStage: Bool = false) async throws {
        try await record(row)
        if endsStage || isManifestDue(progress) { try await commit(try await seal(progress, endsStage: endsStage)) }
        if endsStage || progress.step == totalSteps { context.reporter.stageFinished(stage) }
    }

    func record(_ row: StepMetrics) async throws {
        try await run.append(row)
        context.reporter.stepFinished(row, of: totalSteps)
    }

    func isManifestDue(_ progress: StageProgress) -> Bool {
        progress.step == totalSteps || progress.step.isMultiple(of: context.checkpoints.every)
    }

    /// Honours the stop signal between two steps.
    func stopIfRequested(_ progress: StageProgress) async throws {
        if context.stop.isRequested { try await interrupt(progress) }
    }

    /// Makes sure that a manifest covers the last complete step, and ends the stage.
    func interrupt(_ progress: StageProgress) async throws -> Never {
        if progress.step > 0, !(await isCovered(progress)) { try await commit(try await seal(progress)) }
        try await leave(progress)
    }

    /// Ends the stage because of the stop signal; what no manifest covers will be done again.
    func leave(_ progress: StageProgress) async throws -> Never {
        let manifest = await run.latest
        throw TrainingError.interrupted(manifest: manifest?.fileName, stage: stage, step: progress.step)
    }

    /// Whether the newest manifest is of the last complete step.
    func isCovered(_ progress: StageProgress) async -> Bool {
        let latest = await run.latest
        return latest?.stage == stage && latest?.step == progress.step
    }

    // MARK: Manifests

    /// Saves the trainer's state and takes down where the run's files stand.
    /// - Parameter endsStage: see ``finish(_:progress:endsStage:)``.
    func seal(_ progress: StageProgress, endsStage: Bool = false) async throws -> RunDirectory.SealedDraft {
        let name = "\(stage.rawValue)-\(RunLayout.padded(progress.step))-a\(attempt)"
        let state = try await context.trainer.saveState(named: name)
        return try await run.seal(
            RunDirectory.Draft(
                stage: stage, step: progress.step, isStageComplete: endsStage || progress.step == totalSteps,
                policyVersion: progress.policyVersion, policyIdentity: progress.policyIdentity, trainerState: state,
                cursor: cursor(progress.step)))
    }

    /// Writes a manifest and lets go of the trainer state that is too old.
    /// - Parameter pending: see ``RunDirectory/commit(_:pending:keepLast:)``.
    func commit(_ sealed: RunDirectory.SealedDraft, pending: [Int] = []) async throws {
        let (manifest, obsoleteState) = try await run.commit(
            sealed, pending: pending, keepLast: context.checkpoints.keepLast)
        try await run.log("manifest \(manifest.fileName) names trainer state \(manifest.trainerState)")
        context.reporter.manifestWritten(manifest)
        guard let obsoleteState else { return }
        do { try await context.checkpoints.deleteState(obsoleteState) } catch {
            let notice = "the trainer state \(obsoleteState) is no longer needed but could not be deleted: \(error)"
            try await run.log(notice)
            context.reporter.noticed(notice)
        }
    }
}
