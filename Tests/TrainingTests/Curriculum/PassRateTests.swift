import Primitives
import Testing

@testable import Training

@Suite struct PassRateTests {
    @Test(arguments: 0..<20) func theRateIsThatOfTheNewestGroups(number: Int) {
        var random = CounterRandom(seed: 29, stage: .synthesis, step: number)
        let memory = 1 + random.integer(below: 30)
        var rate = PassRate()
        var groups: [(attempts: Int, correct: Int)] = []
        for _ in 0..<60 {
            let attempts = random.integer(below: 10)
            let correct = random.integer(below: attempts + 1)
            groups.append((attempts, correct))
            rate.record(attempts: attempts, correct: correct, memory: memory)
            // The shortest suffix that holds the memory, or everything.
            var (total, right) = (0, 0)
            for group in groups.reversed() {
                if total >= memory { break }
                total += group.attempts
                right += group.correct
            }
            #expect((rate.attempts, rate.correct) == (total, right))
            #expect(rate.rate(minimumAttempts: 5) == (total >= 5 ? Double(right) / Double(total) : nil))
        }
    }

    @Test func anUntriedQuestionHasNoRate() {
        #expect(PassRate().rate(minimumAttempts: 0) == nil)
    }
}
