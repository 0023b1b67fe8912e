import Primitives

@testable import Training

/// A stage without a model: what a group comes to is drawn from a name that only it has.
struct SimulatedCurriculum {
    var configuration = CurriculumConfiguration()
    var questions: [CurriculumQuestion]
    var questionsPerStep: Int
    var seed: UInt64 = 5
    var lag = 0
    /// The chance that an answer is right, by question.
    var ability: [Double]
    /// Further candidates that each step tries.
    var extras = 0

    init(
        _ configuration: CurriculumConfiguration = CurriculumConfiguration(), count: Int, perStep: Int, lag: Int = 0,
        specialties: [String?] = [nil]
    ) {
        self.configuration = configuration
        questions = (0..<count).map { number in
            CurriculumQuestion(
                index: number, id: "q\(number)", specialty: specialties[number % specialties.count],
                difficulty: number.isMultiple(of: 5) ? nil : Double((number * 7) % 10))
        }
        questionsPerStep = perStep
        self.lag = lag
        ability = (0..<count).map { Double($0 % 9) / 8 }
    }

    func curriculum() -> Curriculum {
        Curriculum(
            configuration: configuration, questions: questions, questionsPerStep: questionsPerStep, seed: seed,
            lag: lag)
    }

    func outcome(of plan: StepPlan) -> StepOutcome {
        let asked = plan.questions + (0..<extras).compactMap { plan.extra($0) }
        return StepOutcome(
            step: plan.step,
            groups: asked.enumerated().map { place, question in
                var random = CounterRandom(seed: 99, stage: .evaluation, step: plan.step, group: place)
                let attempts = random.integer(below: 9)
                let correct = (0..<attempts).count { _ in random.uniform() < ability[question] }
                let isInformative = correct > 0 && correct < attempts
                return GroupOutcome(
                    sampledStep: plan.step, place: place, question: question, attempts: attempts, correct: correct,
                    isInformative: isInformative, wasShipped: isInformative && random.uniform() < 0.9)
            })
    }

    struct Trace: Equatable {
        var plans: [StepPlan] = []
        var replays: [[ReplayChoice]] = []
        var outcomes: [StepOutcome] = []
    }

    /// Plans as far ahead as the lag allows, or less: `ahead` says how far beyond the next step, by step.
    func run(steps: Int, ahead: (Int) -> Int = { _ in .max }) -> Trace {
        var trace = Trace()
        var curriculum = curriculum()
        for step in 1...steps {
            let last = min(steps, step + min(lag, max(0, ahead(step))))
            while trace.plans.count < last { trace.plans.append(curriculum.plan(step: trace.plans.count + 1)) }
            trace.replays.append(curriculum.replay(step: step))
            trace.outcomes.append(outcome(of: trace.plans[step - 1]))
            curriculum.record(trace.outcomes[step - 1])
        }
        return trace
    }

    /// Configurations that use everything in turn, drawn by number.
    static func drawn(_ number: Int) -> SimulatedCurriculum {
        var random = CounterRandom(seed: 3, stage: .synthesis, step: number)
        var configuration = CurriculumConfiguration()
        if random.integer(below: 4) > 0 {
            let usesDifficulty = random.integer(below: 3) > 0
            let usesRates = !usesDifficulty || random.integer(below: 2) > 0
            configuration.pools = (0..<3).map { pool in
                DifficultyPool(
                    name: "pool\(pool)", share: 0.1 + random.uniform(),
                    difficultyBelow: usesDifficulty && pool < 2 ? [3, 7][pool] : nil,
                    passRateAbove: usesRates && pool < 2 ? [0.7, 0.3][pool] : nil)
            }
        }
        configuration.evidence = PassRateEvidence(minimumAttempts: 1 + random.integer(below: 12), memory: 12)
        switch random.integer(below: 3) {
        case 0:
            configuration.window = HardnessWindow(
                lower: 0.1, upper: 0.9, outside: .rest(epochs: 1 + random.integer(below: 3)))
        case 1: configuration.window = HardnessWindow(lower: 0.1, upper: 0.9, outside: .share(0.15))
        default: break
        }
        configuration.balance = random.integer(below: 2) == 0 ? .specialty : .none
        if random.integer(below: 2) == 0 {
            configuration.replay = ReplayPolicy(
                groupsPerStep: 1 + random.integer(below: 4), maximumStaleness: 1 + random.integer(below: 5),
                informativeOnly: random.integer(below: 2) == 0, maximumUses: 1 + random.integer(below: 3))
        }
        let perStep = 1 + random.integer(below: 9)
        var simulated = SimulatedCurriculum(
            configuration, count: perStep + random.integer(below: 40), perStep: perStep,
            lag: random.integer(below: 5), specialties: ["cardiology", "neurology", nil, "cardiology"])
        simulated.extras = random.integer(below: 6)
        return simulated
    }
}
