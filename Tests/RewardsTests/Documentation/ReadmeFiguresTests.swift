import Testing

@testable import Rewards

/// Compares documented figures and words with those of the code.
@Suite struct ReadmeFiguresTests {
    private func rows(_ header: String) -> [Readme.Row] {
        Readme.tables.first { $0.header.first == header }?.rows ?? []
    }

    @Test func `the budgets are those of a verdict`() {
        let limits = WorkLimits()
        let figures = rows("budget (`Answers/Work.swift`)").compactMap { Int($0.cells[1].filter(\.isNumber)) }
        #expect(figures == [limits.bytes, limits.operations, limits.digits, limits.depth])
    }

    @Test func `the verdicts are listed with what they train`() {
        let verdicts = rows("verdict")
        #expect(verdicts.map { Readme.code($0.cells[0]) }.sorted() == Verdict.allCases.map(\.rawValue).sorted())
        for row in verdicts {
            let verdict = Verdict(rawValue: Readme.code(row.cells[0]))
            #expect(row.cells[3] == (verdict?.trains == true ? "yes" : "no"), "\(row)")
        }
    }

    @Test func `the weights are the defaults`() {
        let weights = RewardWeights()
        let expected = [
            "task": weights.task, "expert": weights.expert, "format": weights.format,
            "efficiency": weights.efficiency,
        ]
        let listed = rows("recipe key (`rl.reward`)")
        for (key, weight) in expected {
            let row = listed.first { Readme.code($0.cells[0]) == key }
            #expect(row.flatMap { Double($0.cells[2]) } == weight, "\(key)")
        }
        let shaping = Set(listed.map { Readme.code($0.cells[0]) }).subtracting(expected.keys)
        let parts = RewardPart.Name.allCases.map(\.rawValue).filter { expected[$0] == nil }
        #expect(shaping == Set(parts + ["only_when_correct"]))
    }
}
