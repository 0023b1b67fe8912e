import Primitives
import Testing

@testable import Training

@Suite struct StepPlanTests {
    @Test(arguments: [(1, 1), (2, 1), (7, 3), (64, 5), (65, 64), (300, 16), (3, 8)])
    func theExtrasAreTheOtherQuestionsEachOnce(count: Int, perStep: Int) {
        for plan in SimulatedCurriculum(count: count, perStep: perStep).run(steps: 5).plans {
            let extras = (0..<plan.extraCount).compactMap { plan.extra($0) }
            #expect((extras + Set(plan.questions)).sorted() == Array(0..<count))
            #expect(plan.extra(plan.extraCount) == nil)
            #expect(plan.extra(-1) == nil)
        }
    }

    @Test func whatRestsComesLast() {
        for number in 0..<20 {
            let resting = (0..<30).filter { $0 % 4 == number % 4 }
            let plan = StepPlan(
                step: number + 1, questions: [1, 4, 9, 10], resting: resting, questionCount: 30, seed: 2)
            let extras = (0..<plan.extraCount).compactMap { plan.extra($0) }
            #expect((extras + plan.questions).sorted() == Array(0..<30))
            let asleep = extras.map { resting.contains($0) }
            #expect(asleep == asleep.sorted { !$0 && $1 })
        }
    }

    @Test func eachOtherQuestionIsTheFirstExtraAboutEquallyOften() {
        var counts = [Int](repeating: 0, count: 10)
        for step in 1...2000 {
            let plan = StepPlan(step: step, questions: [3, 7], questionCount: 10, seed: 4)
            if let first = plan.extra(0) { counts[first] += 1 }
        }
        #expect(counts[3] == 0 && counts[7] == 0)
        // Eight cells of 250 expected; 26.1 is the 99.95th percentile of χ² with 7 degrees of freedom.
        let statistic = counts.enumerated().filter { $0.offset != 3 && $0.offset != 7 }.reduce(0.0) {
            $0 + (Double($1.element) - 250) * (Double($1.element) - 250) / 250
        }
        #expect(statistic < 26.1, "\(counts)")
    }

    @Test(arguments: [1, 2, 3, 4, 5, 16, 17, 63, 64, 65, 1000]) func aKeyedPermutationHitsEveryElement(count: Int) {
        for step in 0..<4 {
            let permutation = KeyedPermutation(count: count, seed: 8, step: step, turn: .extras)
            #expect((0..<count).map { permutation[$0] }.sorted() == Array(0..<count))
        }
    }

    @Test func aKeyedPermutationDependsOnItsName() {
        func row(_ seed: UInt64, _ step: Int, _ turn: CurriculumTurn) -> [Int] {
            let permutation = KeyedPermutation(count: 40, seed: seed, step: step, turn: turn)
            return (0..<40).map { permutation[$0] }
        }
        let rows = [row(1, 1, .extras), row(2, 1, .extras), row(1, 2, .extras), row(1, 1, .lastResort)]
        #expect(Set(rows).count == 4)
        #expect(row(1, 1, .extras) == rows[0])
    }
}
