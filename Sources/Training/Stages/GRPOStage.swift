import Backends
import Evaluation

/// Group relative policy optimisation against verifiable rewards.
///
/// ``train(_:_:from:)`` is the algorithm. Rollouts run beside it (``RolloutEngine``): episodes of the steps to come are
/// sampled while a step is trained, as far as the staleness allows.
public struct GRPOStage<Environment: RolloutEnvironment>: Sendable {
    public let configuration: GRPOConfiguration
    public let environment: Environment
    public let questions: [Environment.Question]
    /// The questions' places by their ids.
    private let places: [String: Int]

    public init(
        configuration: GRPOConfiguration, environment: Environment, questions: [Environment.Question]
    ) throws(TrainingError) {
        try configuration.validate(questionCount: questions.count)
        self.configuration = configuration
        self.environment = environment
        self.questions = questions
        places = Dictionary(questions.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Runs the steps that are not done yet. Throws ``TrainingError/interrupted(manifest:stage:step:)`` on a stop signal.
    public func run(in context: StageContext) async throws -> StageOutcome {
        if let problem = configuration.overlap.problem(withSamplers: context.trainer.maximumLiveSamplers) {
            throw TrainingError.invalidConfiguration(problem)
        }
        let curriculum = curriculum
        let session = await StageSession(
            context: context, stage: .reinforcement, totalSteps: configuration.steps,
            evaluationPlan: configuration.evaluation, cursor: { curriculum.cursor(afterStep: $0) })
        guard let progress = try await session.begin() else {
            return StageOutcome(stage: .reinforcement, stepsMade: 0)
        }
        let engine = engine(in: context)
        return try await withThrowingTaskGroup(of: Void.self) { players in
            players.addTask { await engine.run() }
            let outcome: Result<StageOutcome, any Error>
            do { outcome = .success(try await train(session, engine, from: progress)) } catch {
                outcome = .failure(error)
            }
            await engine.finish()
            players.cancelAll()
            try await players.waitForAll()
            return try outcome.get()
        }
    }

    private func train(
        _ session: StageSession, _ engine: RolloutEngine<Environment>, from start: StageProgress
    ) async throws -> StageOutcome {
        let (run, trainer) = (session.context.run, session.context.trainer)
        var progress = start
        var outcome = StageOutcome(stage: .reinforcement, stepsMade: 0)
        var admission = StepAdmission(
            engine, run: run, staleness: staleness, curriculum: curriculum, questionCount: questions.count)
        var manifests = ManifestQueue(session, settling: engine, carries: configuration.overlap.tokensPerVersion != nil)
        var replay = ReplayMemory(
            run: run, maximumStaleness: configuration.curriculum.replay?.maximumStaleness)
        let update = PolicyUpdater(
            configuration: configuration, session: session, engine: engine, reference: try await reference(session))

        var sampler = try await trainer.publishSampler(policyVersion: progress.policyVersion)
        outcome.evaluation = try await session.evaluateInitialPolicy(progress) { sampler }
        try await admission.restore(progress, sampler: sampler, totalSteps: configuration.steps)

        while progress.step < configuration.steps {
            if session.context.stop.isRequested { try await manifests.interrupt(progress) }
            let step = progress.step + 1
            var timer = StepTimer()
            let replayed = try await replay.groups(admission.curriculum.replay(step: step), step: step)
            let samplingVersion = progress.policyVersion
            guard let trained = try await update(replaying: replayed, progress: &progress, timer: &timer) else {
                try await manifests.interrupt(progress)
            }
            if trained.hasUpdated {
                sampler = try await timer.measure("publish") {
                    try await trainer.publishSampler(policyVersion: progress.policyVersion)
                }
            }
            progress.step = step
            let record = outcomeRecord(step: step, groups: trained.arrived)
            try await admission.proceed(progress, sampler: sampler, outcome: record, totalSteps: configuration.steps)
            replay.keep(trained.arrived.map(\.group), step: step)

            var row = StepMetrics(stage: .reinforcement, step: step)
            RolloutMetrics(groups: trained.arrived, policyVersion: samplingVersion).record(in: &row)
            trained.record(in: &row)
            row["learning_rate"] = configuration.schedule.rate(step: step)
            row["progress/epoch"] = Double(admission.curriculum.cursor(afterStep: step).epoch)
            admission.recordPlan(of: step, in: &row)
            if session.isEvaluationDue(step: step) {
                outcome.evaluation = try await session.evaluate(sampler, into: &row)
            }
            await recordTimings(timer, engine.takeActivity(), in: &row)
            try await run.writeRollouts(RolloutRow.rows(step: step, groups: trained.arrived), step: step)
            try await run.append(record)
            try await session.record(row)
            outcome.stepsMade += 1
            try await manifests.proceed(progress)
        }
        session.context.reporter.stageFinished(.reinforcement)
        return outcome
    }

    // MARK: The parts

    private var staleness: StalenessRule { StalenessRule(maximum: configuration.overlap.maximumStaleness) }

    private var curriculum: Curriculum {
        Curriculum(
            configuration: configuration.curriculum,
            questions: questions.enumerated().map { index, question in
                CurriculumQuestion(
                    index: index, id: question.id, specialty: question.specialty, difficulty: Double(question.hops))
            }, questionsPerStep: configuration.questionsPerStep, seed: configuration.seed,
            lag: configuration.overlap.maximumStaleness)
    }

    private func reference(_ session: StageSession) async throws -> (any ReferencePolicy)? {
        guard configuration.objective.needsReference else { return nil }
        guard let open = session.context.openReference else {
            throw TrainingError.invalidConfiguration(
                "stage rl: the objective compares with a reference, but there is none")
        }
        return try await open(session.context.run.trainerState(before: .reinforcement))
    }

    private func engine(in context: StageContext) -> RolloutEngine<Environment> {
        let objective = configuration.objective
        return RolloutEngine(
            settings: RolloutEngine.Settings(
                totalSteps: configuration.steps, temperature: configuration.temperature, seed: configuration.seed,
                failures: configuration.failures, staleness: staleness,
                tokensPerVersion: configuration.overlap.tokensPerVersion),
            shape: RolloutSchedule.Shape(
                groupsPerStep: configuration.questionsPerStep, groupSize: configuration.groupSize,
                maximumCandidates: configuration.maximumCandidates),
            limit: configuration.inFlight, environment: environment, questions: questions, run: context.run,
            stop: context.stop, isInformative: { objective.isInformative($0) })
    }

    private func outcomeRecord(step: Int, groups: [JudgedGroup]) -> StepOutcome {
        StepOutcome(
            step: step,
            groups: groups.compactMap { judged in
                guard let question = places[judged.group.questionID] else { return nil }
                let played = judged.group.episodes.filter { $0.episode.failure == nil }
                return GroupOutcome(
                    sampledStep: judged.group.step, place: judged.group.index,
                    question: question, attempts: played.count,
                    correct: played.count(where: \.isCorrect),
                    isInformative: configuration.objective.isInformative(judged.group), wasShipped: judged.isShipped)
            })
    }

    private func recordTimings(
        _ timer: StepTimer, _ activity: RolloutEngine<Environment>.Activity, in row: inout StepMetrics
    ) {
        let total = max(timer.total, 1e-9)
        for name in ["rollout", "reference", "train", "publish"] { row["time/" + name] = timer[name] }
        row["time/reward"] = activity.rewardSeconds
        row["time/step"] = total
        row["throughput/sampled_tokens_per_second"] = Double(activity.sampledTokens) / total
        row["trainer/idle_ratio"] = 1 - timer["train"] / total
        row["sampler/idle_ratio"] = max(0, 1 - activity.busySeconds / total)
        row["in_flight/mean"] = activity.episodeSeconds / total
        row["in_flight/limit"] = Double(activity.limit)
    }
}
