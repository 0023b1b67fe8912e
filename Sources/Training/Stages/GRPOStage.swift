import Backends
import Evaluation

/// The settings of a reinforcement stage.
public struct GRPOConfiguration: Sendable {
    public var steps: Int
    public var questionsPerStep: Int
    /// Episodes per question.
    public var groupSize: Int
    public var temperature: Double
    /// Episodes in flight.
    public var maximumConcurrency: Int
    public var objective: PolicyObjective
    public var schedule: LearningRateSchedule
    /// The optimizer's settings; the learning rate is taken from `schedule`.
    public var optimizer: AdamParameters
    public var evaluation: EvaluationPlan?
    /// What becomes of episodes that could not be played to their end.
    public var failures: FailurePolicy
    public var seed: UInt64

    public init(
        steps: Int, questionsPerStep: Int, groupSize: Int, temperature: Double = 1, maximumConcurrency: Int = 64,
        objective: PolicyObjective = PolicyObjective(), schedule: LearningRateSchedule, optimizer: AdamParameters,
        evaluation: EvaluationPlan? = nil, failures: FailurePolicy = FailurePolicy(), seed: UInt64
    ) {
        self.steps = steps
        self.questionsPerStep = questionsPerStep
        self.groupSize = groupSize
        self.temperature = temperature
        self.maximumConcurrency = maximumConcurrency
        self.objective = objective
        self.schedule = schedule
        self.optimizer = optimizer
        self.evaluation = evaluation
        self.failures = failures
        self.seed = seed
    }

    func validate(questionCount: Int) throws(TrainingError) {
        for (name, value) in [
            ("number of steps", steps), ("number of questions per step", questionsPerStep),
            ("number of episodes in flight", maximumConcurrency), ("number of questions", questionCount),
        ] where value <= 0 {
            throw .invalidConfiguration("stage rl: the \(name) is \(value); it must be positive")
        }
        guard groupSize >= 2 else {
            throw .invalidConfiguration(
                "stage rl: the group size is \(groupSize); a group needs at least 2 episodes to compare")
        }
    }
}

/// Group relative policy optimisation against verifiable rewards.
public struct GRPOStage<Environment: RolloutEnvironment>: Sendable {
    public let configuration: GRPOConfiguration
    public let environment: Environment
    public let questions: [Environment.Question]
    private let schedule: QuestionSchedule

    public init(
        configuration: GRPOConfiguration, environment: Environment, questions: [Environment.Question]
    ) throws(TrainingError) {
        try configuration.validate(questionCount: questions.count)
        self.configuration = configuration
        self.environment = environment
        self.questions = questions
        schedule = QuestionSchedule(
            questionCount: questions.count, questionsPerStep: configuration.questionsPerStep, seed: configuration.seed)
    }

    /// Runs the steps that are not done yet. Throws ``TrainingError/interrupted(manifest:stage:step:)`` on a stop signal.
    public func run(in context: StageContext) async throws -> StageOutcome {
        let (schedule, trainer) = (schedule, context.trainer)
        let session = await StageSession(
            context: context, stage: .reinforcement, totalSteps: configuration.steps,
            evaluationPlan: configuration.evaluation, cursor: { schedule.cursor(afterStep: $0) })
        var outcome = StageOutcome(stage: .reinforcement, stepsMade: 0)
        guard var progress = try await session.begin() else { return outcome }
        let collector = collector(in: context)
        let objective = configuration.objective
        var sampler = try await trainer.publishSampler(policyVersion: progress.policyVersion)
        outcome.evaluation = try await session.evaluateInitialPolicy(progress) { sampler }

        while progress.step < configuration.steps {
            try await session.stopIfRequested(progress)
            let step = progress.step + 1
            var timer = StepTimer()
            let prompts = schedule.indices(step: step).map { questions[$0] }
            let collected = try await timer.measure("rollout") {
                try await collector.collect(
                    prompts, step: step, sampler: sampler, policyIdentity: progress.policyIdentity)
            }
            guard let collected else { try await session.interrupt(progress) }

            let groups = objective.judge(collected.groups)
            let sequences = groups.filter(\.isShipped).flatMap(\.sequences)
            var optimizer = configuration.optimizer
            optimizer.learningRate = configuration.schedule.rate(step: step)
            let samplingVersion = progress.policyVersion
            var trained: (update: PolicyUpdate, result: TrainStepResult)?
            if !sequences.isEmpty {
                trained = try await timer.measure("train") {
                    let needsLogprobs = objective.needsTrainerLogprobs || objective.needsProximalLogprobs
                    let logprobs = needsLogprobs ? try await trainer.forward(objective.bareDatums(sequences)) : nil
                    let update = objective.update(sequences, trainerLogprobs: logprobs)
                    let result = try await session.train(
                        update.datums, loss: update.loss, optimizer: optimizer, progress: &progress)
                    return (update, result)
                }
                sampler = try await timer.measure("publish") {
                    try await trainer.publishSampler(policyVersion: progress.policyVersion)
                }
            }
            progress.step = step

            var row = StepMetrics(stage: .reinforcement, step: step)
            RolloutMetrics(groups: groups, policyVersion: samplingVersion).record(in: &row)
            RolloutMetrics.record(
                trained.map { [($0.update, $0.result.logprobs)] } ?? [],
                gradientNorm: trained?.result.gradientNorm, in: &row)
            row["learning_rate"] = optimizer.learningRate
            row["progress/epoch"] = Double(schedule.cursor(afterStep: step).epoch)
            if session.isEvaluationDue(step: step) {
                outcome.evaluation = try await session.evaluate(sampler, into: &row)
            }
            recordTimings(timer, collected: collected, in: &row)
            try await context.run.writeRollouts(RolloutRow.rows(step: step, groups: groups), step: step)
            try await session.finish(row, progress: progress)
            outcome.stepsMade += 1
        }
        return outcome
    }

    private func collector(in context: StageContext) -> GroupCollector<Environment> {
        GroupCollector(
            environment: environment, run: context.run, stop: context.stop, stage: .reinforcement,
            groupSize: configuration.groupSize, temperature: configuration.temperature,
            maximumConcurrency: configuration.maximumConcurrency, seed: configuration.seed,
            failures: configuration.failures)
    }

    private func recordTimings(_ timer: StepTimer, collected: CollectedGroups, in row: inout StepMetrics) {
        let total = timer.total
        for name in ["rollout", "train", "publish"] { row["time/" + name] = timer[name] }
        row["time/reward"] = collected.rewardSeconds
        row["time/step"] = total
        row["throughput/sampled_tokens_per_second"] = Double(collected.sampledTokens) / max(timer["rollout"], 1e-9)
        row["trainer/idle_ratio"] = 1 - timer["train"] / max(total, 1e-9)
        row["sampler/idle_ratio"] = 1 - timer["rollout"] / max(total, 1e-9)
    }
}
