import Testing

@testable import Rewards

@Suite struct RewardFormulaTests {
    @Test(arguments: [(0, 0.0), (80, 0), (85, -0.25), (100, -1), (101, -1), (10_000, -1)])
    func `soft overlong punishment has a floor`(length: Int, value: Double) {
        #expect(SoftOverlong(maximumLength: 100, buffer: 20).value(length: length) == value)
    }

    @Test(arguments: [(80, 0.0), (90, -1), (100, -2), (120, -4)])
    func `linear overlong punishment has none`(length: Int, value: Double) {
        #expect(LinearOverlong(maximumLength: 100, buffer: 20, factor: 2).value(length: length) == value)
    }

    @Test(
        arguments: [
            ([1, 2], 3, 0.0), ([], 1, 0), ([1, 2, 3, 4], 2, 0), ([7, 7, 7, 7, 7], 1, -0.8),
            ([7, 7, 7, 7, 7], 3, -2.0 / 3),
            ([1, 2, 1, 2, 1], 2, -0.5), ([1, 2, 3, 4, 5, 1, 2, 3, 4, 5], 5, -1.0 / 6),
        ] as [([Int32], Int, Double)])
    func `repetition`(tokens: [Int32], size: Int, value: Double) {
        let penalty = RepetitionPenalty(ngramSize: size, maximumPenalty: -1).value(tokens)
        #expect(abs(penalty - value) < 1e-12)
    }

    @Test func `repetition agrees with counting the n-grams themselves`() {
        var random = SplitMix(state: 11)
        for _ in 0..<200 {
            let tokens = (0..<Int.random(in: 1...40, using: &random)).map { _ in Int32.random(in: 0...2, using: &random)
            }
            let size = Int.random(in: 1...9, using: &random)
            guard tokens.count >= size else { continue }
            let total = tokens.count - size + 1
            let different = Set((0..<total).map { Array(tokens[$0..<($0 + size)]) }).count
            let expected = (1 - Double(different) / Double(total)) * -1
            #expect(RepetitionPenalty(ngramSize: size, maximumPenalty: -1).value(tokens) == expected)
        }
    }

    @Test(arguments: [
        (0, true, 1.0), (50, true, 0.75), (100, true, 0.5), (300, true, 0.5), (0, false, -1), (50, false, -0.75),
        (100, false, -0.5), (300, false, -0.5), (25, true, 0.75 + 0.25 * 0.5.squareRoot()),
    ])
    func `cosine length`(length: Int, isCorrect: Bool, value: Double) {
        #expect(abs(CosineLength(maximumLength: 100).value(length: length, isCorrect: isCorrect) - value) < 1e-12)
    }

    @Test func `Kimi's length reward`() {
        #expect(
            KimiLength.values(lengths: [10, 20, 30, 10], isCorrect: [true, true, true, false]) == [0.5, 0, -0.5, 0])
        #expect(KimiLength.values(lengths: [10, 10], isCorrect: [true, false]) == [0, 0])
        #expect(KimiLength.values(lengths: [], isCorrect: []).isEmpty)
    }

    @Test func `a right answer without the format is above every wrong one`() {
        let table = SearchStructure()
        let right = table.value(isCorrect: true, isWellFormed: false, hasRetrieved: false, hasAnswer: true)
        let wrong = table.value(isCorrect: false, isWellFormed: true, hasRetrieved: true, hasAnswer: true)
        #expect(right > wrong)
        #expect(table.value(isCorrect: false, isWellFormed: false, hasRetrieved: true, hasAnswer: false) == 0)
    }

    @Test(arguments: [(0, 2, 1.0), (2, 2, 1), (3, 2, 0.5), (4, 2, 0), (9, 2, 0), (0, 0, 1), (1, 0, 0)])
    func `tool efficiency`(calls: Int, expected: Int, value: Double) {
        #expect(ToolEfficiency.value(calls: calls, expected: expected) == value)
    }

    @Test func `citations count when they were retrieved`() {
        #expect(EvidenceCitation(cited: ["a", "x"], retrieved: ["a", "b"]).value == 0.5)
        #expect(EvidenceCitation(cited: [], retrieved: ["a"]).value == 0)
        #expect(EvidenceCitation(cited: ["a"], retrieved: ["a"], evidence: ["a", "b"]).value == 0.5)
        #expect(EvidenceCitation(cited: ["b"], retrieved: ["a"], evidence: ["b"]).value == 0)
        #expect(EvidenceCitation(cited: ["a", "a"], retrieved: ["a"], evidence: ["a"]).value == 1)
    }

    @Test func `rubrics subtract faults`() {
        let rubric = RubricScore(points: [7, 5, 10, -6])
        #expect(rubric.value(met: [true, false, true, true]) == 0.5)
        #expect(rubric.value(met: [false, false, false, true]) == 0)
        #expect(rubric.unclipped(met: [false, false, false, true]) == -6.0 / 22)
        #expect(rubric.value(met: [true]) == nil)
        #expect(RubricScore(points: [-1]).value(met: [true]) == nil)
    }
}
