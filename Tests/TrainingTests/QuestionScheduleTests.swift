import Testing

@testable import Training

@Suite struct QuestionScheduleTests {
    @Test(arguments: [(7, 3), (5, 5), (4, 1), (3, 8)]) func everyEpochAsksEachQuestionOnce(count: Int, perStep: Int) {
        let schedule = QuestionSchedule(questionCount: count, questionsPerStep: perStep, seed: 3)
        let row = (1...count * 3).flatMap { schedule.indices(step: $0) }
        for epoch in 0..<3 {
            #expect(row[epoch * count..<(epoch + 1) * count].sorted() == Array(0..<count))
        }
    }

    @Test func epochsAreShuffledDifferently() {
        let schedule = QuestionSchedule(questionCount: 20, questionsPerStep: 20, seed: 3)
        #expect(schedule.indices(step: 1) != schedule.indices(step: 2))
        #expect(schedule.indices(step: 1) != Array(0..<20))
    }

    @Test func theOrderDependsOnTheSeedOnly() {
        let (one, same, other) = (
            QuestionSchedule(questionCount: 20, questionsPerStep: 5, seed: 3),
            QuestionSchedule(questionCount: 20, questionsPerStep: 5, seed: 3),
            QuestionSchedule(questionCount: 20, questionsPerStep: 5, seed: 4)
        )
        #expect(one.indices(step: 2) == same.indices(step: 2))
        #expect(one.indices(step: 2) != other.indices(step: 2))
    }

    @Test func theCursorFollowsTheSteps() {
        let schedule = QuestionSchedule(questionCount: 7, questionsPerStep: 3, seed: 3)
        #expect(schedule.cursor(afterStep: 0) == DataCursor(consumed: 0, epoch: 0, next: 0))
        #expect(schedule.cursor(afterStep: 3) == DataCursor(consumed: 9, epoch: 1, next: 2))
    }
}
