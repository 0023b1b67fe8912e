import Testing

@testable import Reporting

@Suite struct StageTableTests {
    @Test func saysWhatEachStageReached() {
        #expect(
            StageTable(encoding: .ascii).text(SampleRun.rows) == """
                stage  steps  held-out  95% interval  reward  time  sampled tok/s  trained tok/s
                -----  -----  --------  ------------  ------  ----  -------------  -------------
                start      -     0.020  0.01 to 0.06       -     -              -              -
                SFT        4     0.400  0.32 to 0.48       -  0:02              -         30,000
                GRPO       5     0.860  0.80 to 0.91   0.800  0:18          3,200          6,000
                held-out: share of 150 questions answered exactly, never trained on

                """)
    }

    @Test func stageWithoutEvaluationHasNone() {
        let summaries = StageSummary.summaries(of: Array(SampleRun.reinforcementRows.prefix(2)))
        #expect(summaries.count == 1)
        #expect(summaries[0].heldOut == nil)
        #expect(summaries[0].steps == 2)
        #expect(StageTable(encoding: .unicode).text(summaries: summaries).contains("–"))
        #expect(StageTable().text([]).isEmpty)
    }
}

@Suite struct NumberTextTests {
    static let thousands: [(Double, String)] = [
        (0.0, "0"), (999, "999"), (1000, "1,000"), (1_234_567.8, "1,234,568"), (-1234, "-1,234"),
    ]

    @Test(arguments: thousands)
    func groupsThousands(value: Double, expected: String) {
        #expect(NumberText.grouped(value) == expected)
    }

    static let shortened: [(Double, String)] = [
        (0.0, "0"), (999.4, "999"), (999.6, "1.0k"), (6120, "6.1k"), (41_300, "41k"), (1_530_000, "1.5M"), (2e7, "20M"),
    ]

    @Test(arguments: shortened)
    func shortens(value: Double, expected: String) {
        #expect(NumberText.short(value) == expected)
    }

    static let clocks: [(Double, String)] = [
        (0.0, "0:00"), (59.6, "1:00"), (190, "3:10"), (3905, "1:05:05"), (-1, "0:00"), (.infinity, "277777:46:40"),
    ]

    @Test(arguments: clocks)
    func tellsTime(seconds: Double, expected: String) {
        #expect(NumberText.clock(seconds: seconds) == expected)
    }

    @Test func negativeZeroIsZero() {
        #expect(NumberText.fixed(-0.001, 2) == "0.00")
        #expect(NumberText.fixed(-0.01, 2) == "-0.01")
    }
}
