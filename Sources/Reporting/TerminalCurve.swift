import Training

/// The reward curve as lines of text: the mean reward as a line, held-out accuracy as marks, one stage beside the other.
public struct TerminalCurve: Sendable {
    public var columns: Int
    public var lines: Int
    public var encoding: TextEncoding

    /// At least 40 columns and 8 lines are used.
    public init(columns: Int = 80, lines: Int = 16, encoding: TextEncoding = .detect()) {
        self.columns = max(40, columns)
        self.lines = max(8, lines)
        self.encoding = encoding
    }

    private static let marginWidth = 6

    /// The drawing with its line feeds, at most `lines` lines of at most `columns` characters.
    public func text(_ rows: [StepMetrics]) -> String {
        let panels = CurvePanel.panels(of: rows)
        if panels.isEmpty { return "no steps recorded yet\n" }
        let symbols = Symbols(encoding)

        var (low, high) = (0.0, 1.0)
        for value in panels.flatMap({ $0.points("reward/mean") }).map(\.value) {
            (low, high) = (min(low, value), max(high, value))
        }
        var canvas = DotCanvas(columns: columns - Self.marginWidth, rows: lines - 3, encoding: encoding)
        func y(_ value: Double) -> Int {
            Int(((high - value) / (high - low) * Double(canvas.height - 1)).rounded())
        }

        let spans = columnSpans(of: panels, columns: canvas.columns)
        var rewardIsShown = false
        var heldOutIsShown = false
        for (panel, span) in zip(panels, spans) {
            let (first, last) = (panel.steps.lowerBound, panel.steps.upperBound)
            func x(_ step: Int) -> Int {
                let room = span.count * canvas.resolution.x - 1
                let share = last > first ? Double(step - first) / Double(last - first) : 0.5
                return span.lowerBound * canvas.resolution.x + Int((Double(room) * share).rounded())
            }
            let reward = panel.points("reward/mean").map { (x: x($0.step), y: y($0.value)) }
            for (start, end) in zip(reward, reward.dropFirst()) { canvas.line(from: start, to: end) }
            if let only = reward.first { canvas.set(x: only.x, y: only.y) }
            rewardIsShown = rewardIsShown || !reward.isEmpty
            for point in panel.points("eval/accuracy") {
                canvas.mark(symbols.heldOut, x: x(point.step), y: y(point.value))
                heldOutIsShown = true
            }
        }
        for span in spans.dropFirst() {
            for row in 0..<canvas.rows where canvas.isEmpty(column: span.lowerBound - 1, row: row) {
                canvas.mark(
                    symbols.divider, x: (span.lowerBound - 1) * canvas.resolution.x, y: row * canvas.resolution.y)
            }
        }

        var legend: [String] = []
        if rewardIsShown { legend.append("\(symbols.reward) reward") }
        if heldOutIsShown { legend.append("\(symbols.heldOut) held-out accuracy") }
        var output = [pad("", Self.marginWidth) + legend.joined(separator: "   ")]
        let labels = axisLabels(rows: canvas.rows, low: low, high: high)
        for row in 0..<canvas.rows {
            let label = labels[row].map { NumberText.fixed($0, 2) } ?? ""
            output.append(padLeft(label, Self.marginWidth - 2) + " " + symbols.axis(label != "") + canvas.line(row))
        }
        output.append(pad("", Self.marginWidth - 1) + symbols.baseline(canvas.columns))
        var captions = pad("", Self.marginWidth)
        for (panel, span) in zip(panels, spans) {
            captions = pad(captions, Self.marginWidth + span.lowerBound)
            captions += caption(of: panel, width: span.count)
        }
        output.append(captions)
        return output.map { $0.trimmingTrailingSpaces() + "\n" }.joined()
    }

    private struct Symbols {
        let heldOut: Character
        let divider: Character
        let reward: String
        private let encoding: TextEncoding

        init(_ encoding: TextEncoding) {
            self.encoding = encoding
            (heldOut, divider, reward) = encoding == .unicode ? ("●", "┊", "⠤⠒") : ("o", ":", "*")
        }

        func axis(_ isLabelled: Bool) -> String {
            encoding == .unicode ? isLabelled ? "┤" : "│" : isLabelled ? "+" : "|"
        }

        func baseline(_ length: Int) -> String {
            encoding == .unicode
                ? "└" + String(repeating: "─", count: length) : "+" + String(repeating: "-", count: length)
        }
    }

    /// The columns of each panel, one column apart.
    private func columnSpans(of panels: [CurvePanel], columns: Int) -> [Range<Int>] {
        let room = Double(columns - (panels.count - 1))
        let weights = panels.reduce(0) { $0 + $1.weight }
        var spans: [Range<Int>] = []
        var (start, used) = (0, 0.0)
        for (index, panel) in panels.enumerated() {
            used += panel.weight
            let end = Int((room * used / weights).rounded()) + index
            spans.append(start..<end)
            start = end + 1
        }
        return spans
    }

    /// About five values along the axis, each in the row that it lies in.
    private func axisLabels(rows: Int, low: Double, high: Double) -> [Double?] {
        var labels = [Double?](repeating: nil, count: rows)
        let spacing = max(2, (rows - 1) / 4)
        for row in stride(from: 0, to: rows, by: spacing) {
            labels[row] = high - (high - low) * Double(row) / Double(rows - 1)
        }
        let lastLabelled = (rows - 1) / spacing * spacing
        if lastLabelled != rows - 1 {
            if rows - 1 - lastLabelled < spacing / 2 + 1 { labels[lastLabelled] = nil }
            labels[rows - 1] = low
        }
        return labels
    }

    private func caption(of panel: CurvePanel, width: Int) -> String {
        let title = CurvePanel.title(panel.stage)
        let full = "\(title), steps \(panel.steps.lowerBound)-\(panel.steps.upperBound)"
        return full.count <= width ? full : String(title.prefix(width))
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private func padLeft(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

extension String {
    fileprivate func trimmingTrailingSpaces() -> String {
        var text = self
        while text.hasSuffix(" ") { text.removeLast() }
        return text
    }
}
