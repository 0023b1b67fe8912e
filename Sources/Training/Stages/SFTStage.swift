import Backends
import Evaluation

/// The settings of a supervised stage.
public struct SFTConfiguration: Sendable {
    public var steps: Int
    public var schedule: LearningRateSchedule
    /// The optimizer's settings; the learning rate is taken from `schedule`.
    public var optimizer: AdamParameters
    public var evaluation: EvaluationPlan?

    public init(
        steps: Int, schedule: LearningRateSchedule, optimizer: AdamParameters, evaluation: EvaluationPlan? = nil
    ) {
        self.steps = steps
        self.schedule = schedule
        self.optimizer = optimizer
        self.evaluation = evaluation
    }
}

/// Supervised training on token sequences with weights: fine-tuning on trajectories, or pre-training of a base.
public struct SFTStage: Sendable {
    public let stage: StageName
    public let configuration: SFTConfiguration
    public let source: any SupervisedSource

    public init(
        stage: StageName = .supervised, configuration: SFTConfiguration, source: any SupervisedSource
    ) throws(TrainingError) {
        guard configuration.steps > 0 else {
            throw .invalidConfiguration(
                "stage \(stage.rawValue): the number of steps is \(configuration.steps); it must be positive")
        }
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
        let assembler = DatumAssembler()
        outcome.evaluation = try await session.evaluateInitialPolicy(progress) {
            try await context.trainer.publishSampler(policyVersion: 0)
        }

        while progress.step < configuration.steps {
            try await session.stopIfRequested(progress)
            let step = progress.step + 1
            var timer = StepTimer()
            let batch = try await timer.measure("data") { try await source.batch(step: step) }
            let datums = assembler.supervisedDatums(batch)
            var optimizer = configuration.optimizer
            optimizer.learningRate = configuration.schedule.rate(step: step)
            let result = try await timer.measure("train") {
                try await session.train(datums, loss: .crossEntropy, optimizer: optimizer, progress: &progress)
            }
            progress.step = step

            var row = metrics(step: step, batch: batch, datums: datums, result: result)
            row["learning_rate"] = optimizer.learningRate
            if session.isEvaluationDue(step: step) {
                let sampler = try await timer.measure("publish") {
                    try await context.trainer.publishSampler(policyVersion: progress.policyVersion)
                }
                outcome.evaluation = try await session.evaluate(sampler, into: &row)
            }
            for part in timer.parts { row["time/" + part.name] = part.seconds }
            row["time/step"] = timer.total
            row["throughput/trained_tokens_per_second"] =
                Double(datums.reduce(0) { $0 + $1.count }) / max(timer["train"], 1e-9)
            try await session.finish(row, progress: progress)
            outcome.stepsMade += 1
        }
        return outcome
    }

    private func metrics(
        step: Int, batch: [SupervisedSequence], datums: [Datum], result: TrainStepResult
    ) -> StepMetrics {
        let cursor = source.cursor(afterStep: step)
        var row = StepMetrics(stage: stage, step: step)
        row["loss"] = Self.meanLoss(batch, logprobs: result.logprobs)
        row["grad_norm"] = result.gradientNorm
        row["sequences"] = Double(batch.count)
        row["tokens/total"] = Double(datums.reduce(0) { $0 + $1.count })
        row["tokens/trained"] = Double(datums.reduce(0) { $0 + $1.weights.count { $0 != 0 } })
        row["progress/epoch"] = Double(cursor.epoch)
        row["progress/examples"] = Double(cursor.consumed)
        return row
    }

    /// `−Σ w·logp / Σ w` over the batch, in nats per weighted token; `nil` where nothing has weight.
    static func meanLoss(_ batch: [SupervisedSequence], logprobs: [[Float]]) -> Double? {
        var (loss, total) = (0.0, 0.0)
        for (sequence, logprobs) in zip(batch, logprobs) {
            for (weight, logprob) in zip(sequence.weights.dropFirst(), logprobs) {
                loss -= Double(weight) * Double(logprob)
                total += Double(weight)
            }
        }
        return total > 0 ? loss / total : nil
    }
}
