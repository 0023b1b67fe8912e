import Foundation
import Testing
import Training

@testable import Reporting

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct RewardCurveSVGTests {
    let text = RewardCurveSVG(title: "quickstart").text(SampleRun.rows)

    static let runs: [[StepMetrics]] = [
        SampleRun.rows, SampleRun.supervisedRows, SampleRun.reinforcementRows, [], [SampleRun.rows[0]],
        [SampleRun.rows[6]], [StepMetrics(stage: .reinforcement, step: 3)],
    ]

    @Test(arguments: runs.indices)
    func isAWellFormedDocument(index: Int) {
        let text = RewardCurveSVG(title: "<a> & \"b\" \u{1}").text(Self.runs[index])
        #expect(XMLParser(data: Data(text.utf8)).parse())
        #expect(!text.contains("nan") && !text.contains("inf"))
    }

    @Test func standsAlone() {
        let withoutNamespace = text.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
        #expect(!withoutNamespace.contains("http"))
        #expect(!text.contains("<script") && !text.contains("<style") && !text.contains("href"))
    }

    @Test func saysWhatItShows() {
        #expect(text.contains(">held-out accuracy 0.02 at the start → 0.40 after SFT → 0.86 after GRPO<"))
        for label in ["SFT", "GRPO", "4 steps", "5 steps", "reward, mean ± std", "training accuracy", "0.86"] {
            #expect(text.contains(">\(label)<"), "\(label)")
        }
    }

    @Test func heldOutPointsAreDots() {
        // Three evaluations and the one of the legend.
        #expect(text.components(separatedBy: "<circle").count - 1 == 4)
    }

    @Test func titleIsEscaped() {
        #expect(RewardCurveSVG(title: "a<b & c").text([]).contains(">a&lt;b &amp; c<"))
    }

    @Test func dependsOnTheMetricsOnly() {
        #expect(RewardCurveSVG(title: "quickstart").text(SampleRun.rows.shuffledByStep) == text)
    }
}

extension [StepMetrics] {
    /// The same rows, those of even steps first.
    fileprivate var shuffledByStep: [StepMetrics] {
        filter { $0.step.isMultiple(of: 2) } + filter { !$0.step.isMultiple(of: 2) }
    }
}

@Suite struct AxisTicksTests {
    static let coverings: [(range: ClosedRange<Double>, count: Int, first: Double, last: Double, ticks: Int)] = [
        (0...1, 7, 0, 1, 6), (0...1.3, 7, 0, 1.4, 8), (-0.1...1.3, 7, -0.2, 1.4, 9), (0...0, 5, 0, 1, 2),
        (0...4000, 4, 0, 4000, 5),
    ]

    @Test(arguments: coverings.indices)
    func coversWithRoundNumbers(index: Int) {
        let (range, count, first, last, number) = Self.coverings[index]
        let ticks = AxisTicks.covering(range, count: count)
        #expect(ticks.count == number)
        #expect(abs(ticks[0] - first) < 1e-9 && abs(ticks[ticks.count - 1] - last) < 1e-9)
    }

    @Test(arguments: [
        (0...60, 4, [0, 20, 40, 60]), (1...80, 5, [1, 20, 40, 60, 80]), (3...3, 5, [3]), (1...2, 5, [1, 2]),
        (0...101, 5, [0, 20, 40, 60, 80, 101]),
    ])
    func marksWholeSteps(range: ClosedRange<Int>, count: Int, expected: [Int]) {
        #expect(AxisTicks.within(range, count: count) == expected)
    }
}
