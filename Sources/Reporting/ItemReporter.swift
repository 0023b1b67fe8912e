import Synchronization

/// Tells how far a task of many equal items is: one line that is redrawn on a terminal, a line per twentieth in a log.
public final class ItemReporter: Sendable {
    public enum Style: Sendable {
        /// Redraws one line, as wide as `columns` says at the time.
        case live(columns: @Sendable () -> Int, encoding: TextEncoding)
        case plain
    }

    private struct State {
        var start: (seconds: Double, finished: Int)?
        var drawnAt = -Double.infinity
        var isDrawn = false
        var loggedTwentieth = -1
    }

    private let title: String
    private let style: Style
    private let write: @Sendable (String) -> Void
    private let seconds: @Sendable () -> Double
    private let state = Mutex(State())

    /// Between two drawings of the line.
    private static let interval = 0.1

    /// `seconds` is a clock that only its differences matter of.
    public init(
        title: String, style: Style, write: @escaping @Sendable (String) -> Void,
        seconds: @escaping @Sendable () -> Double
    ) {
        self.title = title
        self.style = style
        self.write = write
        self.seconds = seconds
    }

    /// Writes to standard error, live where that is a terminal.
    public static func standardError(title: String) -> ItemReporter {
        let begin = ContinuousClock.now
        return ItemReporter(
            title: title,
            style: Terminal.showsStandardError
                ? .live(columns: { Terminal.columns }, encoding: .detect()) : .plain,
            write: Terminal.writeToStandardError, seconds: { (ContinuousClock.now - begin) / .seconds(1) })
    }

    /// - Parameters:
    ///   - finished: what was there at the first call counts as done before.
    ///   - measures: what else to show, in the order of its importance.
    public func update(finished: Int, of total: Int, measures: [String]) {
        state.withLock { state in
            let now = seconds()
            let start = state.start ?? (now, finished)
            state.start = start
            let made = finished - start.finished
            let elapsed = now - start.seconds
            let remaining = made > 0 ? elapsed / Double(made) * Double(max(0, total - finished)) : nil
            let times =
                finished >= total
                ? NumberText.clock(seconds: elapsed)
                : NumberText.clock(seconds: elapsed)
                    + (remaining.map { ", \(NumberText.clock(seconds: $0)) left" } ?? "")
            switch style {
            case .plain:
                let twentieth = total > 0 ? 20 * finished / total : 20
                guard twentieth > state.loggedTwentieth else { return }
                state.loggedTwentieth = twentieth
                write(Self.line(heading(finished, total), measures, times) + "\n")
            case .live(let columns, let encoding):
                guard finished >= total || now - state.drawnAt >= Self.interval else { return }
                state.drawnAt = now
                state.isDrawn = true
                // The last column stays free: writing there makes some terminals wrap.
                let share = total > 0 ? Double(finished) / Double(total) : 1
                let line = Self.fitted(
                    heading(finished, total), measures, times, share: share, columns: columns() - 1, encoding)
                write("\r" + line + "\u{1B}[K")
            }
        }
    }

    /// Ends the line.
    public func finish() {
        state.withLock { state in
            if state.isDrawn { write("\n") }
            state.isDrawn = false
        }
    }

    private func heading(_ finished: Int, _ total: Int) -> String {
        "\(title) \(NumberText.grouped(Double(finished)))/\(NumberText.grouped(Double(total)))"
    }

    private static func line(_ heading: String, _ measures: [String], _ times: String) -> String {
        ([heading] + measures + [times]).joined(separator: "  ")
    }

    /// With a bar where there is room, the least important measures left out where there is not.
    private static func fitted(
        _ heading: String, _ measures: [String], _ times: String, share: Double, columns: Int,
        _ encoding: TextEncoding
    ) -> String {
        var measures = measures
        while true {
            let text = line(heading, measures, times)
            let room = columns - text.count - 2
            if room >= 10 {
                let bar = ProgressBar.text(share, width: min(24, room), encoding: encoding)
                return line(heading + "  " + bar, measures, times)
            }
            if text.count <= columns { return text }
            if measures.isEmpty { return String(text.prefix(max(0, columns))) }
            measures.removeLast()
        }
    }
}
