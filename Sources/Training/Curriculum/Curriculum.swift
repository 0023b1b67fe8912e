/// Which questions each step asks and which earlier groups it trains on again: a pure fold of the steps' outcomes.
///
/// Plans are made for the steps 1, 2, 3, … and outcomes recorded for the steps 1, 2, 3, …; how the two alternate makes no
/// difference, because the plan of step *n* knows the outcomes of the steps up to *n* − 1 − `lag` and no others, and the
/// replay of step *n* those up to *n* − 1. Everything else is a function of configuration, questions and seed, so that a
/// fold over the stored outcomes leads to where the run stood.
///
/// An epoch is as many asked questions as there are. By default each epoch asks every question once, as
/// ``QuestionSchedule`` does. With pools, balance or a window it is a measure only; there every deck (a specialty of a pool)
/// asks each of its questions once before it asks one again.
public struct Curriculum: Sendable {
    private let questionsPerStep: Int
    private let questionCount: Int
    private let seed: UInt64
    private let lag: Int
    private let schedule: QuestionSchedule
    private var rotation: QuestionRotation?
    private var buffer: ReplayBuffer?
    /// Recorded, but not yet known to any plan.
    private var waiting: [StepOutcome] = []
    private var lastPlanned = 0
    private var lastRecorded = 0

    /// - Parameter lag: for how many steps beyond the one in training questions are asked ahead of outcomes
    ///   (`rl.async.max_staleness`).
    /// - Precondition: `configuration.problems` is empty; there is a question, and a place for one in each step.
    public init(
        configuration: CurriculumConfiguration = CurriculumConfiguration(), questions: [CurriculumQuestion],
        questionsPerStep: Int, seed: UInt64, lag: Int = 0
    ) {
        precondition(configuration.problems.isEmpty, "a curriculum follows a configuration without problems")
        precondition(lag >= 0, "a plan cannot know outcomes of the future")
        self.questionsPerStep = questionsPerStep
        questionCount = questions.count
        self.seed = seed
        self.lag = lag
        schedule = QuestionSchedule(
            questionCount: questions.count, questionsPerStep: questionsPerStep, seed: seed)
        if !configuration.asksInEpochs {
            rotation = QuestionRotation(
                configuration: configuration, questions: questions, questionsPerStep: questionsPerStep, seed: seed)
        }
        buffer = configuration.replay.map { ReplayBuffer(policy: $0, seed: seed) }
    }

    /// The questions of a step. Asked for the steps 1, 2, 3, … once each; outcomes up to step − 1 − `lag` are recorded.
    public mutating func plan(step: Int) -> StepPlan {
        precondition(step == lastPlanned + 1, "steps are planned in order")
        lastPlanned = step
        guard rotation != nil else {
            return StepPlan(
                step: step, questions: schedule.indices(step: step), questionCount: questionCount, seed: seed)
        }
        let known = step - 1 - lag
        precondition(lastRecorded >= known, "the outcome of step \(known) decides about step \(step)")
        while let outcome = waiting.first, outcome.step <= known {
            rotation?.learn(outcome.groups, step: step)
            waiting.removeFirst()
        }
        let (questions, pools) = rotation?.draw(questionsPerStep, step: step) ?? ([], [])
        return StepPlan(
            step: step, questions: questions, pools: pools, resting: rotation?.resting ?? [],
            questionCount: questionCount, seed: seed)
    }

    /// Takes in what became of a step. Called for the steps 1, 2, 3, … in order.
    public mutating func record(_ outcome: StepOutcome) {
        precondition(outcome.step == lastRecorded + 1, "outcomes are recorded in order")
        lastRecorded = outcome.step
        buffer?.record(outcome)
        if rotation != nil { waiting.append(outcome) }
    }

    /// The groups that a step trains on besides its own. Asked just before the step is trained, when all before it are
    /// recorded.
    public func replay(step: Int) -> [ReplayChoice] {
        precondition(step == lastRecorded + 1, "a step's replay depends on all steps before it")
        return buffer?.choices(step: step) ?? []
    }

    /// Where the data stands once a step is done (0: nothing is done).
    public func cursor(afterStep step: Int) -> DataCursor { schedule.cursor(afterStep: step) }
}
