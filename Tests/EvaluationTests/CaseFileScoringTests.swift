import Primitives
import Rewards
import Testing

@testable import Evaluation

@Suite struct CaseFileScoringTests {
    private func run(
        _ lines: [String], concurrency: Int = 2
    ) async throws -> (outcomes: [ScoreOutcome], summary: CaseFileScoring.Summary) {
        var outcomes: [ScoreOutcome] = []
        let summary = try await CaseFileScoring(maximumConcurrency: concurrency)
            .run(Array(lines.joined(separator: "\n").utf8)) { outcomes += $0 }
        return (outcomes, summary)
    }

    @Test func `bad lines are named and the rest is graded`() async throws {
        let (outcomes, summary) = try await run([
            #"{"id": 1, "gold": "5", "prediction": "5"}"#, "not json", "", #"{"gold": "5"}"#,
            #"{"id": 2, "type": "potion", "gold": "5", "prediction": "5"}"#,
            #"{"id": 3, "type": "quantity", "gold": "5 zorks", "prediction": "5"}"#,
            #"{"id": 4, "type": "number", "gold": "5", "prediction": "5", "policy": {"tolerence": 1}}"#,
            #"{"id": 5, "gold": "5", "prediction": "6"}"#,
        ])
        #expect(outcomes.map(\.id) == [1, 3, 5])
        #expect(outcomes.map(\.report.verdict) == [.correct, .goldError, .incorrect])
        #expect(summary.problems.map(\.line) == [2, 4, 5, 6, 7])
        #expect(summary.problems[1].text.contains("prediction"))
        #expect(summary.problems[2].text.contains("`potion`"))
        #expect(summary.graded == 3)
    }

    @Test func `outcomes keep the order of the file, whatever the concurrency`() async throws {
        let lines = (0..<3000).map { #"{"id": \#($0), "gold": "\#($0)", "prediction": "\#($0 % 3 == 0 ? $0 : 1)"}"# }
        let one = try await run(lines, concurrency: 1)
        let many = try await run(lines, concurrency: 7)
        #expect(one.outcomes.map(\.id) == (0..<3000).map { .integer($0) })
        #expect(one.outcomes == many.outcomes)
    }

    @Test func `cases that say what to expect are counted`() async throws {
        let (_, summary) = try await run([
            #"{"gold": "5", "prediction": "5", "expected": true}"#,
            #"{"gold": "5", "prediction": "6", "expected": true}"#,
            #"{"gold": "5", "prediction": "5"}"#,
        ])
        #expect(summary.expected == 2 && summary.met == 1)
    }
}
