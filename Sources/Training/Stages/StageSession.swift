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

    /// One optimizer step, with the trainer's answer checked before anything is recorded.
    func train(
        _ datums: [Datum], loss: LossFunction, optimizer: AdamParameters, progress: inout StageProgress
    ) async throws -> TrainStepResult {
        let result = try await context.trainer.trainStep(datums, loss: loss, optimizer: optimizer)
        try accept(result, for: datums, progress: &progress)
        return result
    }

    /// Checks the trainer's answer and counts the update.
    func accept(_ result: TrainStepResult, for datums: [Datum], progress: inout StageProgress) throws {
        let step = progress.step + 1
        guard result.logprobs.map(\.count) == datums.map(\.count) else {
            throw TrainingError.unusableTrainerResult(
                stage: stage, step: step,
                problem: "logprobs for \(result.logprobs.count) datums of other lengths than the \(datums.count) sent")
        }
        for (quantity, isFinite) in [
            ("the loss", result.loss?.isFinite ?? true),
            ("the gradient norm", result.gradientNorm?.isFinite ?? true),
            ("a logprob", result.logprobs.allSatisfy { $0.allSatisfy(\.isFinite) }),
        ] where !isFinite {
            throw TrainingError.diverged(stage: stage, step: step, quantity: quantity)
        }
        progress.policyVersion += 1
        progress.policyIdentity = "\(stage.rawValue)-\(step)-a\(attempt)"
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
        let isLast = endsStage || progress.step == totalSteps
        try await run.append(row)
        context.reporter.stepFinished(row, of: totalSteps)
        if isLast || progress.step.isMultiple(of: context.checkpoints.every) {
            try await writeManifest(progress, completesStage: isLast)
        }
        if isLast { context.reporter.stageFinished(stage) }
    }

    /// Honours the stop signal between two steps.
    func stopIfRequested(_ progress: StageProgress) async throws {
        if context.stop.isRequested { try await interrupt(progress) }
    }

    /// Makes sure that a manifest covers the last complete step, and ends the stage.
    func interrupt(_ progress: StageProgress) async throws -> Never {
        if progress.step > 0 {
            let latest = await run.latest
            if latest?.stage != stage || latest?.step != progress.step { try await writeManifest(progress) }
        }
        let manifest = await run.latest
        throw TrainingError.interrupted(manifest: manifest?.fileName, stage: stage, step: progress.step)
    }

    private func writeManifest(_ progress: StageProgress, completesStage: Bool = false) async throws {
        let name = "\(stage.rawValue)-\(RunLayout.padded(progress.step))-a\(attempt)"
        let state = try await context.trainer.saveState(named: name)
        let draft = RunDirectory.Draft(
            stage: stage, step: progress.step, isStageComplete: completesStage || progress.step == totalSteps,
            policyVersion: progress.policyVersion, policyIdentity: progress.policyIdentity, trainerState: state,
            cursor: cursor(progress.step))
        let (manifest, obsoleteState) = try await run.commit(draft, keepLast: context.checkpoints.keepLast)
        try await run.log("manifest \(manifest.fileName) names trainer state \(state)")
        context.reporter.manifestWritten(manifest)
        guard let obsoleteState else { return }
        do { try await context.checkpoints.deleteState(obsoleteState) } catch {
            let notice = "the trainer state \(obsoleteState) is no longer needed but could not be deleted: \(error)"
            try await run.log(notice)
            context.reporter.noticed(notice)
        }
    }
}
