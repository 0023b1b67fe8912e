import Primitives
import Testing

@testable import Training

@Suite struct CurriculumTests {
    @Test(arguments: [(7, 3, 0), (5, 5, 2), (4, 1, 1), (3, 8, 4)])
    func byDefaultTheQuestionsAreThoseOfTheSchedule(count: Int, perStep: Int, lag: Int) {
        let simulated = SimulatedCurriculum(count: count, perStep: perStep, lag: lag)
        let schedule = QuestionSchedule(questionCount: count, questionsPerStep: perStep, seed: simulated.seed)
        let trace = simulated.run(steps: 20)
        for (index, plan) in trace.plans.enumerated() {
            #expect(plan.questions == schedule.indices(step: index + 1))
            #expect(simulated.curriculum().cursor(afterStep: index) == schedule.cursor(afterStep: index))
        }
        #expect(trace.replays.allSatisfy { $0.isEmpty })
    }

    @Test(arguments: 0..<40) func whenPlansAreAskedForMakesNoDifference(number: Int) {
        let simulated = SimulatedCurriculum.drawn(number)
        let eager = simulated.run(steps: 30)
        #expect(simulated.run(steps: 30) { _ in 0 } == eager)
        #expect(simulated.run(steps: 30) { $0 % 3 } == eager)
    }

    /// At every step of a run the stored lines lead to a curriculum that goes on as the one that never stopped.
    @Test(arguments: 0..<12) func storedOutcomesLeadToWhereTheRunStood(number: Int) throws {
        let simulated = SimulatedCurriculum.drawn(number)
        let steps = 24
        let live = simulated.run(steps: steps)
        for stop in 0...steps {
            var restored = simulated.curriculum()
            var plans: [StepPlan] = []
            for line in try live.outcomes.prefix(stop).map({ try JSONValue.parse($0.json.text) }) {
                let outcome = try StepOutcome(json: line)
                while plans.count < outcome.step { plans.append(restored.plan(step: plans.count + 1)) }
                restored.record(outcome)
            }
            for step in stop..<steps {
                while plans.count < min(steps, step + 1 + simulated.lag) {
                    plans.append(restored.plan(step: plans.count + 1))
                }
                #expect(restored.replay(step: step + 1) == live.replays[step])
                restored.record(simulated.outcome(of: plans[step]))
            }
            #expect(plans == live.plans, "stopped after step \(stop)")
        }
    }

    @Test func anotherSeedAsksInAnotherOrder() {
        var simulated = SimulatedCurriculum.drawn(1)
        simulated.configuration.balance = .specialty
        let one = simulated.run(steps: 6).plans.map(\.questions)
        simulated.seed = 6
        #expect(simulated.run(steps: 6).plans.map(\.questions) != one)
    }

    @Test(arguments: 0..<40) func aCurriculumHasNoQuestionTwiceInAStep(number: Int) {
        let simulated = SimulatedCurriculum.drawn(number)
        guard !simulated.configuration.asksInEpochs else { return }
        for plan in simulated.run(steps: 30).plans { #expect(Set(plan.questions).count == plan.questions.count) }
    }

    /// Whatever the outcomes: the smallest deck gets about 6 · 0.04 / 3 places a step and has at most a dozen questions, and a
    /// rest lasts three epochs at most.
    @Test(arguments: 0..<16) func noQuestionStarves(number: Int) {
        var simulated = SimulatedCurriculum.drawn(number)
        simulated.questionsPerStep = max(6, simulated.questionsPerStep)
        if number.isMultiple(of: 2) { simulated.ability = simulated.ability.map { $0 < 0.5 ? 0 : 1 } }
        let plans = simulated.run(steps: 800).plans
        for half in [plans.prefix(400), plans.suffix(400)] {
            let asked = Set(half.flatMap(\.questions))
            #expect(simulated.questions.map(\.index).filter { !asked.contains($0) } == [])
        }
    }

    // MARK: Balance

    /// An epoch of a specialty is a pass over its questions.
    @Test(arguments: [(30, 7), (12, 12), (9, 2)]) func aSpecialtyAsksEachOfItsQuestionsOncePerPass(
        count: Int, perStep: Int
    ) {
        let simulated = SimulatedCurriculum(
            CurriculumConfiguration(balance: .specialty), count: count, perStep: perStep,
            specialties: ["a", "b", "a", "a", nil])
        let row = simulated.run(steps: 40).plans.flatMap(\.questions)
        var worst = 0
        for specialty in ["a", "b", nil] {
            let members = simulated.questions.filter { $0.specialty == specialty }.map(\.index)
            let asked = row.filter { members.contains($0) }
            var counts = [Int: Int]()
            for question in asked {
                counts[question, default: 0] += 1
                let all = members.map { counts[$0] ?? 0 }
                worst = max(worst, (all.max() ?? 0) - (all.min() ?? 0))
            }
        }
        #expect(worst == 1)
    }

    @Test func specialtiesAreAskedEquallyOftenWhateverTheirSize() {
        let simulated = SimulatedCurriculum(
            CurriculumConfiguration(balance: .specialty), count: 50, perStep: 7,
            specialties: ["a", "a", "a", "a", "b", "a", "a", "c", "a", "a"])
        var counts = ["a": 0.0, "b": 0, "c": 0]
        for plan in simulated.run(steps: 60).plans {
            for question in plan.questions { counts[simulated.questions[question].specialty ?? "", default: 0] += 1 }
            for (specialty, count) in counts {
                #expect(abs(count - Double(plan.step * 7) / 3) < 1, "\(specialty) after step \(plan.step)")
            }
        }
    }

    // MARK: Pools

    @Test func poolsHaveTheirSharesWithinOneQuestion() {
        let pools = [
            DifficultyPool(name: "easy", share: 2, difficultyBelow: 3),
            DifficultyPool(name: "medium", share: 5, difficultyBelow: 7),
            DifficultyPool(name: "hard", share: 3),
        ]
        let simulated = SimulatedCurriculum(CurriculumConfiguration(pools: pools), count: 200, perStep: 7)
        var counts = [0, 0, 0]
        for plan in simulated.run(steps: 50).plans {
            #expect(plan.pools.map(\.name) == ["easy", "medium", "hard"])
            for question in plan.questions {
                let difficulty = simulated.questions[question].difficulty ?? 5
                counts[difficulty < 3 ? 0 : difficulty < 7 ? 1 : 2] += 1
            }
            for (count, share) in zip(counts, [0.2, 0.5, 0.3]) {
                #expect(abs(Double(count) - share * Double(plan.step * 7)) < 1)
            }
        }
        #expect(counts.reduce(0, +) == 350)
    }

    @Test func aPoolWithoutQuestionsLeavesItsShareToTheOthers() {
        let pools = [
            DifficultyPool(name: "easy", share: 1, difficultyBelow: -1),
            DifficultyPool(name: "medium", share: 1, difficultyBelow: 7),
            DifficultyPool(name: "hard", share: 1),
        ]
        let simulated = SimulatedCurriculum(CurriculumConfiguration(pools: pools), count: 100, perStep: 4)
        #expect(
            simulated.run(steps: 10).plans.allSatisfy { $0.pools.map(\.count) == [0, 2, 2] })
    }

    @Test func observedPassRatesReplaceDifficultyOnceThereAreEnoughAttempts() {
        // The easy pool gets all but every 1001st place.
        let pools = [
            DifficultyPool(name: "easy", share: 1000, difficultyBelow: 5, passRateAbove: 0.5),
            DifficultyPool(name: "hard", share: 1),
        ]
        let questions = [
            CurriculumQuestion(index: 0, id: "a", difficulty: 1), CurriculumQuestion(index: 1, id: "b", difficulty: 9),
        ]
        var curriculum = Curriculum(
            configuration: CurriculumConfiguration(
                pools: pools, evidence: PassRateEvidence(minimumAttempts: 8, memory: 8)),
            questions: questions, questionsPerStep: 1, seed: 1)
        func outcome(_ step: Int, attempts: Int) -> StepOutcome {
            // The one that was thought easy is never answered, the other always.
            StepOutcome(
                step: step,
                groups: [(0, 0), (1, attempts)].map { question, correct in
                    GroupOutcome(
                        sampledStep: step, place: question, question: question, attempts: attempts, correct: correct,
                        isInformative: false, wasShipped: false)
                })
        }
        #expect(curriculum.plan(step: 1).questions == [0])
        curriculum.record(outcome(1, attempts: 7))
        #expect(curriculum.plan(step: 2).questions == [0], "7 attempts are not enough")
        curriculum.record(outcome(2, attempts: 1))
        #expect(curriculum.plan(step: 3).questions == [1])
    }

    // MARK: The window

    private func resting(epochs: Int, lag: Int) -> SimulatedCurriculum {
        var simulated = SimulatedCurriculum(
            CurriculumConfiguration(
                evidence: PassRateEvidence(minimumAttempts: 1, memory: 4),
                window: HardnessWindow(lower: 0.1, upper: 0.9, outside: .rest(epochs: epochs))),
            count: 40, perStep: 5, lag: lag)
        // One question that nobody can answer.
        simulated.ability = (0..<40).map { $0 == 17 ? 0 : 0.5 }
        return simulated
    }

    @Test(arguments: [(1, 0), (2, 0), (2, 3)]) func aQuestionOutsideRestsAndComesBack(epochs: Int, lag: Int) {
        let simulated = resting(epochs: epochs, lag: lag)
        let trace = simulated.run(steps: 400)
        let asked = zip(trace.plans, trace.outcomes).filter { plan, outcome in
            outcome.groups.contains { $0.question == 17 && $0.attempts > 0 }
        }.map(\.0.step)
        #expect(asked.count > 10)
        for (one, next) in zip(asked, asked.dropFirst()) where next > one + lag {
            #expect(next - one > epochs * 8, "it rests for \(epochs) epochs of 8 steps")
        }
        for plan in trace.plans where plan.resting.contains(17) { #expect(!plan.questions.contains(17)) }
        #expect(trace.plans.contains { $0.resting == [17] })
    }

    @Test func thoseThatRestLongestAreWokenWhereTooFewAreAwake() {
        var simulated = resting(epochs: 100, lag: 0)
        simulated.ability = simulated.ability.map { _ in 0 }
        let plans = simulated.run(steps: 60).plans
        #expect(plans.allSatisfy { Set($0.questions).count == 5 })
        var counts = [Int](repeating: 0, count: 40)
        for question in plans.flatMap(\.questions) { counts[question] += 1 }
        #expect((counts.min() ?? 0) >= 6, "60 steps of 5 ask 40 questions 7.5 times each")
    }

    @Test func whatIsOutsideHasASmallShare() {
        var simulated = resting(epochs: 1, lag: 0)
        simulated.configuration.window = HardnessWindow(lower: 0.1, upper: 1, outside: .share(0.1))
        simulated.configuration.evidence = PassRateEvidence(minimumAttempts: 8, memory: 16)
        simulated.ability = (0..<40).map { $0 < 20 ? 0 : 0.5 }
        let plans = simulated.run(steps: 400).plans
        let late = plans.suffix(200)
        #expect(late.allSatisfy { $0.resting.isEmpty })
        let outside = late.flatMap(\.questions).count { $0 < 20 }
        #expect(abs(Double(outside) - 0.1 * 200 * 5) < 2)
        #expect(late.flatMap(\.questions).allSatisfy { $0 < 40 })
        #expect(late[late.startIndex].pools.map(\.name) == ["all", "outside"])
    }

    // MARK: What is no curriculum

    @Test(arguments: [
        (CurriculumConfiguration(pools: [DifficultyPool(name: "a", share: 0)]), "pools[0].share"),
        (
            CurriculumConfiguration(pools: [
                DifficultyPool(name: "a", share: 1, difficultyBelow: 1), DifficultyPool(name: "a", share: 1),
            ]), "pools[1].name"
        ),
        (
            CurriculumConfiguration(pools: [
                DifficultyPool(name: "a", share: 1, difficultyBelow: 1),
                DifficultyPool(name: "b", share: 1, difficultyBelow: 2),
            ]), "the last pool"
        ),
        (
            CurriculumConfiguration(pools: [
                DifficultyPool(name: "a", share: 1, difficultyBelow: 1, passRateAbove: 0.5),
                DifficultyPool(name: "b", share: 1, difficultyBelow: 2), DifficultyPool(name: "c", share: 1),
            ]), "pools[1].pass_rate_above is missing"
        ),
        (
            CurriculumConfiguration(pools: [
                DifficultyPool(name: "a", share: 1, passRateAbove: 0.2),
                DifficultyPool(name: "b", share: 1, passRateAbove: 0.5), DifficultyPool(name: "c", share: 1),
            ]), "must fall"
        ),
        (
            CurriculumConfiguration(pools: [
                DifficultyPool(name: "a", share: 1), DifficultyPool(name: "b", share: 1),
            ]), "difficulty_below or pass_rate_above"
        ),
        (CurriculumConfiguration(evidence: PassRateEvidence(minimumAttempts: 9, memory: 8)), "memory"),
        (CurriculumConfiguration(window: HardnessWindow(lower: 0.8, upper: 0.2)), "window.lower"),
        (CurriculumConfiguration(window: HardnessWindow(lower: 0, upper: 1, outside: .share(1))), "outside_share"),
        (CurriculumConfiguration(window: HardnessWindow(lower: 0, upper: 1, outside: .rest(epochs: 0))), "rest_epochs"),
        (CurriculumConfiguration(replay: ReplayPolicy(groupsPerStep: 1, maximumUses: 0)), "replay.uses"),
    ])
    func impossibleConfigurationsNameTheKey(configuration: CurriculumConfiguration, part: String) {
        #expect(configuration.problems.count == 1, "\(configuration.problems)")
        #expect(configuration.problems.first?.contains(part) == true, "\(configuration.problems)")
    }
}
