import Evaluation
import Synchronization
import Training

/// Tells how a run goes: one line that is redrawn on a terminal, one line per step in a log.
public final class ProgressReporter: StageReporter {
    public enum Style: Sendable {
        /// Redraws one line, as wide as `columns` says at the time.
        case live(columns: @Sendable () -> Int, encoding: TextEncoding)
        case plain
    }

    private struct State {
        var line: ProgressLine?
        /// When the stage began in this launch, and after which step.
        var start: (seconds: Double, step: Int) = (0, 0)
        var isDrawn = false
    }

    private let style: Style
    private let write: @Sendable (String) -> Void
    private let seconds: @Sendable () -> Double
    private let state = Mutex(State())

    /// `seconds` is a clock that only its differences matter of.
    public init(
        style: Style, write: @escaping @Sendable (String) -> Void, seconds: @escaping @Sendable () -> Double
    ) {
        self.style = style
        self.write = write
        self.seconds = seconds
    }

    /// Writes to standard error, live where that is a terminal.
    public static func standardError() -> ProgressReporter {
        let begin = ContinuousClock.now
        return ProgressReporter(
            style: Terminal.showsStandardError
                ? .live(columns: { Terminal.columns }, encoding: .detect()) : .plain,
            write: Terminal.writeToStandardError,
            seconds: { (ContinuousClock.now - begin) / .seconds(1) })
    }

    public func stageStarted(_ stage: StageName, after done: Int, of total: Int) {
        state.withLock { state in
            state.start = (seconds(), done)
            state.line = ProgressLine(stage: stage, step: done, total: total)
            let title = CurvePanel.title(stage)
            if case .plain = style {
                write(done == 0 ? "\(title): \(total) steps\n" : "\(title): goes on after step \(done) of \(total)\n")
            }
            redraw(&state)
        }
    }

    public func stepFinished(_ metrics: StepMetrics, of total: Int) {
        state.withLock { state in
            let elapsed = seconds() - state.start.seconds
            let made = metrics.step - state.start.step
            var line = ProgressLine(
                stage: metrics.stage, step: metrics.step, total: total, elapsed: elapsed,
                remaining: made > 0 ? elapsed / Double(made) * Double(max(0, total - metrics.step)) : nil)
            line.reward = metrics["reward/mean"]
            line.loss = metrics["loss"]
            line.accuracy = metrics["accuracy"]
            line.failedFraction = metrics["episodes/failed_fraction"]
            line.heldOutAccuracy = metrics["eval/accuracy"] ?? state.line?.heldOutAccuracy
            line.tokensPerSecond =
                metrics["throughput/sampled_tokens_per_second"] ?? metrics["throughput/trained_tokens_per_second"]
            state.line = line
            if case .plain = style { write(line.logText + "\n") }
            redraw(&state)
        }
    }

    public func evaluationFinished(_ report: EvaluationReport, stage: StageName, step: Int) {
        let accuracy = report.accuracy
        let interval = accuracy.interval
        let failed = report.failedCount > 0 ? ", \(report.failedCount) episodes failed" : ""
        state.withLock { state in
            state.line?.heldOutAccuracy = accuracy.value
            print(
                "\(CurvePanel.title(stage)) step \(step): held-out accuracy \(NumberText.fixed(accuracy.value, 3)) "
                    + "(\(accuracy.successes) of \(accuracy.count), 95% interval "
                    + "\(NumberText.fixed(interval.lowerBound, 2)) to \(NumberText.fixed(interval.upperBound, 2))\(failed))",
                &state)
        }
    }

    public func noticed(_ notice: String) { state.withLock { print(notice, &$0) } }

    public func stageFinished(_ stage: StageName) {
        state.withLock { state in
            if state.isDrawn { write("\n") }
            state.isDrawn = false
            state.line = nil
        }
    }

    /// Writes a line that stays, above the one that is redrawn.
    private func print(_ text: String, _ state: inout State) {
        write((state.isDrawn ? "\r\u{1B}[K" : "") + text + "\n")
        state.isDrawn = false
        redraw(&state)
    }

    private func redraw(_ state: inout State) {
        guard case .live(let columns, let encoding) = style, let line = state.line else { return }
        // The last column stays free: writing there makes some terminals wrap.
        write("\r" + line.terminalText(columns: columns() - 1, encoding: encoding) + "\u{1B}[K")
        state.isDrawn = true
    }
}
