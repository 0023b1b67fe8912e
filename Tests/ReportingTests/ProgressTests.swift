import Evaluation
import Primitives
import Synchronization
import Testing
import Training

@testable import Reporting

@Suite struct ProgressLineTests {
    static let line: ProgressLine = {
        var line = ProgressLine(stage: .reinforcement, step: 12, total: 80, elapsed: 34, remaining: 190)
        line.reward = 0.734
        line.loss = 0.1
        line.accuracy = 0.61
        line.heldOutAccuracy = 0.553
        line.tokensPerSecond = 6120
        return line
    }()

    @Test func logLineHasEverything() {
        #expect(
            Self.line.logText
                == "GRPO 12/80  reward 0.734  held-out 0.553  accuracy 0.61  6.1k tok/s  0:34, 3:10 left")
    }

    @Test func supervisedLineShowsItsLoss() {
        var line = ProgressLine(stage: .supervised, step: 60, total: 60, elapsed: 30, remaining: 0)
        line.loss = 0.25
        #expect(line.logText == "SFT 60/60  loss 0.250  0:30")
    }

    @Test(arguments: [0, 5, 20, 40, 60, 80, 100, 200])
    func neverWiderThanTheTerminal(columns: Int) {
        for encoding in [TextEncoding.ascii, .unicode] {
            #expect(Self.line.terminalText(columns: columns, encoding: encoding).count <= columns)
        }
    }

    @Test func narrowLineKeepsWhatMattersMost() {
        #expect(
            Self.line.terminalText(columns: 61, encoding: .ascii)
                == "GRPO 12/80  reward 0.734  held-out 0.553  0:34, 3:10 left")
        #expect(Self.line.terminalText(columns: 110, encoding: .ascii).contains("  [###...................]  reward"))
    }
}

@Suite struct ProgressReporterTests {
    /// What was written, and a clock that the test sets.
    final class Recorder: Sendable {
        private let state = Mutex((text: "", seconds: 0.0))
        var text: String { state.withLock { $0.text } }
        var seconds: Double {
            get { state.withLock { $0.seconds } }
            set { state.withLock { $0.seconds = newValue } }
        }
        func write(_ text: String) { state.withLock { $0.text += text } }
    }

    let recorder = Recorder()

    private func reporter(_ style: ProgressReporter.Style) -> ProgressReporter {
        let recorder = recorder
        return ProgressReporter(style: style, write: { recorder.write($0) }, seconds: { recorder.seconds })
    }

    @Test func plainLogHasOneLinePerEvent() {
        let reporter = reporter(.plain)
        recorder.seconds = 100
        reporter.stageStarted(.reinforcement, after: 1, of: 5)
        recorder.seconds = 104
        reporter.stepFinished(SampleRun.reinforcementRows[2], of: 5)
        reporter.noticed("no signal in 3 groups")
        recorder.seconds = 108
        reporter.stepFinished(SampleRun.reinforcementRows[4], of: 5)
        reporter.stageFinished(.reinforcement)
        #expect(
            recorder.text == """
                GRPO: goes on after step 1 of 5
                GRPO 3/5  reward 0.800  accuracy 0.33  0:04, 0:04 left
                no signal in 3 groups
                GRPO 5/5  reward 1.000  held-out 0.860  accuracy 0.33  0:08

                """)
    }

    @Test func liveLineIsRedrawnBelowMessages() {
        let reporter = reporter(.live(columns: { 41 }, encoding: .ascii))
        reporter.stageStarted(.supervised, after: 0, of: 4)
        recorder.seconds = 2
        reporter.stepFinished(SampleRun.supervisedRows[1], of: 4)
        reporter.noticed("a notice")
        reporter.stageFinished(.supervised)
        let line = "\rSFT 1/4  loss 3.000  0:02, 0:06 left\u{1B}[K"
        #expect(
            recorder.text
                == "\rSFT 0/4  [......................]  0:00\u{1B}[K" + line + "\r\u{1B}[Ka notice\n" + line + "\n")
    }

    @Test func evaluationIsALineThatStays() throws {
        let accuracy: JSONValue = ["successes": 61, "count": 150]
        let report = try EvaluationReport(
            json: [
                "format": "medresearcher.evaluation/1", "policy_version": 4, "temperature": 0.0, "accuracy": accuracy,
                "format_valid": accuracy, "excluded": 0, "mean_turns": 3.0, "mean_tool_calls": 2.0,
                "mean_response_length": 20.0, "hops": [:], "specialties": [:],
            ])
        reporter(.plain).evaluationFinished(report, stage: .supervised, step: 4)
        #expect(
            recorder.text
                == "SFT step 4: held-out accuracy 0.407 (61 of 150, 95% interval 0.33 to 0.49)\n")
    }
}
