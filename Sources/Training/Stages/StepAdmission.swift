import Backends
import Evaluation

/// Admits steps to the engine: asks the curriculum for their questions and the write-ahead log for their finished groups.
///
/// Invariant: the curriculum plans step *n* knowing the outcomes of exactly the steps up to *n − 1 − k*, in a resumed run as
/// in one that was never interrupted.
struct StepAdmission<Environment: RolloutEnvironment> {
    private let engine: RolloutEngine<Environment>
    private let run: RunDirectory
    private let staleness: StalenessRule
    private let questionCount: Int
    private(set) var curriculum: Curriculum
    private var planned = 0
    /// The plans of the steps that are not recorded yet.
    private var plans: [Int: StepPlan] = [:]

    init(
        _ engine: RolloutEngine<Environment>, run: RunDirectory, staleness: StalenessRule, curriculum: Curriculum,
        questionCount: Int
    ) {
        self.questionCount = questionCount
        self.engine = engine
        self.run = run
        self.staleness = staleness
        self.curriculum = curriculum
    }

    /// Takes up a stage where it stands: folds the recorded outcomes and admits every step that is open.
    mutating func restore(_ progress: StageProgress, sampler: any PolicySampler, totalSteps: Int) async throws {
        await engine.publish(sampler, afterStep: progress.step)
        let pending = await run.pendingSteps(stage: .reinforcement)
        let recorded = progress.step == 0 ? [] : try await run.outcomes()
        var problem = StepOutcome.problem(in: recorded, questionCount: questionCount)
        if recorded.count != progress.step {
            problem = "it holds \(recorded.count) steps where \(progress.step) were made"
        }
        if let problem {
            throw TrainingError.unreadable(
                path: run.layout.outcomes, problem: problem + ", so that the questions of the next step cannot be known"
            )
        }
        for trained in 0...progress.step {
            if trained > 0 { curriculum.record(recorded[trained - 1]) }
            try await plan(
                through: staleness.lastAdmitted(afterStep: trained, of: totalSteps), identity: progress.policyIdentity
            ) { step in step > progress.step || pending.contains(step) }
        }
        plans = plans.filter { $0.key > progress.step }
        await engine.discard(trainedThrough: progress.step)
    }

    /// Goes on after a step: its policy is there, and what came of its questions is known.
    mutating func proceed(
        _ progress: StageProgress, sampler: any PolicySampler, outcome: StepOutcome, totalSteps: Int
    ) async throws {
        curriculum.record(outcome)
        await engine.publish(sampler, afterStep: progress.step)
        try await plan(
            through: staleness.lastAdmitted(afterStep: progress.step, of: totalSteps), identity: progress.policyIdentity
        )
    }

    /// What the curriculum made of a step, for its row.
    mutating func recordPlan(of step: Int, in row: inout StepMetrics) {
        guard let plan = plans.removeValue(forKey: step), !plan.pools.isEmpty || !plan.resting.isEmpty else { return }
        for pool in plan.pools { row["curriculum/pool/\(pool.name)"] = Double(pool.count) }
        row["curriculum/resting"] = Double(plan.resting.count)
    }

    private mutating func plan(
        through last: Int, identity: String, where isOpen: (Int) -> Bool = { _ in true }
    ) async throws {
        while planned < last {
            planned += 1
            let plan = curriculum.plan(step: planned)
            guard isOpen(planned) else { continue }
            plans[planned] = plan
            let stored = try await run.openGroups(
                stage: .reinforcement, step: planned, policyIdentity: identity)
            await engine.admit(planned, plan: plan, stored: stored)
        }
    }
}
