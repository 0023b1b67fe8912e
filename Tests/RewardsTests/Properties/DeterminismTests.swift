import Primitives
import Testing

@testable import Rewards

@Suite struct DeterminismTests {
    private static let cases: [(ScoreCase)] = Attack.all.flatMap { attack in
        [attack.answer, attack.twin].map {
            ScoreCase(typeName: attack.type, gold: .string(attack.gold), prediction: .string($0), policy: attack.policy)
        }
    }

    @Test func `reports do not depend on order or threads`() async throws {
        let inOrder = try Self.cases.map { try Scorer().score($0) }
        let reversed = try Self.cases.reversed().map { try Scorer().score($0) }
        #expect(inOrder == reversed.reversed())
        let concurrent = try await withThrowingTaskGroup(of: (Int, ScoreOutcome).self) { group in
            for (index, item) in Self.cases.enumerated() {
                group.addTask { (index, try Scorer().score(item)) }
            }
            return try await group.reduce(into: [Int: ScoreOutcome]()) { $0[$1.0] = $1.1 }
        }
        #expect(inOrder.indices.allSatisfy { concurrent[$0] == inOrder[$0] })
    }

    @Test func `reports survive storage`() throws {
        for item in Self.cases {
            let report = try Scorer().score(item).report
            #expect(try VerdictReport(json: .parse(report.json.text)) == report)
        }
    }
}
