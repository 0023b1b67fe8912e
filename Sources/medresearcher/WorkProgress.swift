import Reporting
import Synchronization

/// How far a long reading is: a line on a terminal that is written over, or now and then a line in a log.
final class WorkProgress: Sendable {
    private struct State {
        var last: ContinuousClock.Instant?
        var isLineOpen = false
    }

    private let isTerminal = Terminal.showsStandardError
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    /// Shows a line, unless the one before is too new for anybody to have read it. Short works leave no line in a log.
    func show(_ text: String) {
        let now = ContinuousClock.now
        state.withLock { state in
            guard now - (state.last ?? start) >= (isTerminal ? .milliseconds(100) : .seconds(15)) else { return }
            state.last = now
            state.isLineOpen = isTerminal
            Terminal.writeToStandardError(isTerminal ? "\r\(text)\u{1B}[K" : text + "\n")
        }
    }

    /// Ends the line on a terminal.
    func finish() {
        state.withLock { state in
            if state.isLineOpen { Terminal.writeToStandardError("\r\u{1B}[K") }
            state.isLineOpen = false
        }
    }
}
