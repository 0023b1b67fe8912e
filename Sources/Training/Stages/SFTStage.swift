import Backends
import Evaluation

/// Supervised training on token sequences with weights: fine-tuning on trajectories, or pre-training of a base.
///
/// Invariant: everything that a step does is a function of the step, of the weights and of the rows that are recorded
/// before it. So a stage that was killed anywhere goes on to the same end, and a manifest is written only for steps whose
/// optimizer step is made: none is made twice, and none that is due is taken for made.
public struct SFTStage: Sendable {
    public let stage: StageName
    public let configuration: SFTConfiguration
    public let source: any SupervisedSource

    public init(
        stage: StageName = .supervised, configuration: SFTConfiguration, source: any SupervisedSource
    ) throws(TrainingError) {
        if let problem = configuration.problem(of: stage) { throw problem }
        self.stage = stage
        self.configuration = configuration
        self.source = source
    }

    /// Runs the steps that are not done yet. Throws ``TrainingError/interrupted(manifest:stage:step:)`` on a stop signal.
    public func run(in context: StageContext) async throws -> StageOutcome {
        let source = source
        let session = await StageSession(
            context: context, stage: stage, totalSteps: configuration.steps,
            evaluationPlan: configuration.evaluation, cursor: { source.cursor(afterStep: $0) })
        var outcome = StageOutcome(stage: stage, stepsMade: 0)
        guard var progress = try await session.begin() else { return outcome }
        var judge = try await earlyStopJudge(context.run)
        if progress.step == 0 {
            outcome.evaluation = try await measureInitialPolicy(session, progress, &judge)
        }

        while progress.step < configuration.steps {
            try await session.stopIfRequested(progress)
            let step = progress.step + 1
            var timer = StepTimer()
            let batch = try await timer.measure("data") { try await makeBatch(step: step) }
            var optimizer = configuration.optimizer
            optimizer.learningRate = configuration.schedule.rate(step: step)
            let result = try await timer.measure("train") {
                try await session.train(
                    passes: batch.passes, loss: .crossEntropy, optimizer: optimizer, progress: &progress)
            }
            progress.step = step

            var row = metrics(step: step, batch: batch, result: result)
            row["learning_rate"] = optimizer.learningRate
            let endsStage = try await measureHeldOutLoss(session, step: step, into: &row, &judge)
            if let report = try await measurePolicy(session, progress, isLast: endsStage, &timer, into: &row) {
                outcome.evaluation = report
            }
            for part in timer.parts { row["time/" + part.name] = part.seconds }
            row["time/step"] = timer.total
            row["throughput/trained_tokens_per_second"] = Double(batch.tokenCount) / max(timer["train"], 1e-9)
            try await session.finish(row, progress: progress, endsStage: endsStage)
            outcome.stepsMade += 1
            if endsStage {
                outcome.stoppedEarly = true
                break
            }
        }
        return outcome
    }

    // MARK: Training

    private func makeBatch(step: Int) async throws -> SupervisedBatch {
        SupervisedBatch(
            try await source.batch(step: step), packing: configuration.packing,
            microBatching: configuration.microBatching)
    }

    private func metrics(step: Int, batch: SupervisedBatch, result: TrainStepResult) -> StepMetrics {
        let cursor = source.cursor(afterStep: step)
        var row = StepMetrics(stage: stage, step: step)
        row["loss"] = batch.meanLoss(logprobs: result.logprobs)
        row["grad_norm"] = result.gradientNorm
        row["sequences"] = Double(batch.exampleCount)
        if configuration.packing != nil { row["sequences/packed"] = Double(batch.sequences.count) }
        if configuration.microBatching != .whole { row["micro_batches"] = Double(batch.passes.count) }
        row["tokens/total"] = Double(batch.tokenCount)
        row["tokens/trained"] = Double(batch.trainedTokenCount)
        row["tokens/padding_fraction"] = batch.paddingFraction
        row["progress/epoch"] = Double(cursor.epoch)
        row["progress/examples"] = Double(cursor.consumed)
        return row
    }

    // MARK: Measuring

    private func earlyStopJudge(_ run: RunDirectory) async throws -> EarlyStopJudge? {
        guard let rule = configuration.earlyStop else { return nil }
        return EarlyStopJudge(
            rule, losses: try await run.recordedRows(of: stage).compactMap { $0[HeldOutLoss.lossName] })
    }

    /// Writes the row of step 0, where there is anything to measure.
    private func measureInitialPolicy(
        _ session: StageSession, _ progress: StageProgress, _ judge: inout EarlyStopJudge?
    ) async throws -> EvaluationReport? {
        var row = StepMetrics(stage: stage, step: 0)
        if let heldOut = configuration.heldOutLoss {
            let loss = try await heldOut.measure(session.context.trainer, into: &row)
            judge?.record(loss)
        }
        let isEvaluated = configuration.evaluation?.includesInitialPolicy == true
        var report: EvaluationReport?
        if isEvaluated || configuration.samples != nil {
            let sampler = try await session.context.trainer.publishSampler(policyVersion: 0)
            if isEvaluated { report = try await session.evaluate(sampler, into: &row) }
            try await writeSamples(sampler, session.context.run, step: 0)
        }
        if !row.names.isEmpty { try await session.context.run.append(row) }
        return report
    }

    /// - Returns: whether the stage ends with this step because the loss has stopped improving.
    private func measureHeldOutLoss(
        _ session: StageSession, step: Int, into row: inout StepMetrics, _ judge: inout EarlyStopJudge?
    ) async throws -> Bool {
        guard let heldOut = configuration.heldOutLoss, step == configuration.steps || heldOut.isDue(step: step) else {
            return false
        }
        let loss = try await heldOut.measure(session.context.trainer, into: &row)
        judge?.record(loss)
        guard let judge, judge.endsStage, step < configuration.steps else { return false }
        let notice =
            "stage \(stage.rawValue) ends early, after step \(step) of \(configuration.steps): the evaluation loss has not "
            + "fallen by \(judge.rule.minimumImprovement) below \(judge.best ?? loss) in \(judge.rule.patience) evaluations"
        try await session.context.run.log(notice)
        session.context.reporter.noticed(notice)
        return true
    }

    /// Publishes a sampler and asks it, where an evaluation or samples are due.
    /// - Parameter isLast: whether the stage ends here though more steps were planned.
    private func measurePolicy(
        _ session: StageSession, _ progress: StageProgress, isLast: Bool, _ timer: inout StepTimer,
        into row: inout StepMetrics
    ) async throws -> EvaluationReport? {
        let ends = isLast || progress.step == configuration.steps
        let isEvaluated = configuration.evaluation != nil && (ends || session.isEvaluationDue(step: progress.step))
        let isSampled = configuration.samples.map { ends || $0.isDue(step: progress.step) } ?? false
        guard isEvaluated || isSampled else { return nil }
        let sampler = try await timer.measure("publish") {
            try await session.context.trainer.publishSampler(policyVersion: progress.policyVersion)
        }
        let report = isEvaluated ? try await session.evaluate(sampler, into: &row) : nil
        if isSampled {
            try await timer.measure("samples") {
                try await writeSamples(sampler, session.context.run, step: progress.step)
            }
        }
        return report
    }

    private func writeSamples(_ sampler: any PolicySampler, _ run: RunDirectory, step: Int) async throws {
        guard let samples = configuration.samples else { return }
        let rows = try await samples.rows(sampler, stage: stage, step: step)
        try await run.writeSamples(rows, stage: stage, step: step)
    }
}
