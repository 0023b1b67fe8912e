import Training

/// Lays out and draws one reward curve.
struct RewardCurveDrawing {
    private enum Colour {
        static let ink = "#1f2937"
        static let quiet = "#6b7280"
        static let grid = "#e5e7eb"
        static let panel = "#f9fafb"
        static let reward = "#0b6fb8"
        static let accuracy = "#e08a00"
        static let heldOut = "#0a7d57"
        static let loss = "#9ca3af"
    }

    private struct Frame {
        let panel: CurvePanel
        let left: Double
        let width: Double

        func x(_ step: Int) -> Double {
            let (first, last) = (panel.steps.lowerBound, panel.steps.upperBound)
            let inset = 14.0
            guard last > first else { return left + width / 2 }
            return left + inset + (width - 2 * inset) * Double(step - first) / Double(last - first)
        }
    }

    private let size: (width: Double, height: Double)
    private let top = 112.0
    private let bottom: Double
    private let frames: [Frame]
    private let ticks: [Double]
    private var document: SVGDocument

    init(size: (width: Double, height: Double), panels: [CurvePanel]) {
        self.size = size
        bottom = size.height - 52
        document = SVGDocument(width: size.width, height: size.height)

        let (left, right, gap) = (58.0, size.width - 28, 10.0)
        let room = right - left - gap * Double(max(0, panels.count - 1))
        let weights = panels.reduce(0) { $0 + $1.weight }
        var position = left
        frames = panels.map { panel in
            let frame = Frame(panel: panel, left: position, width: room * panel.weight / weights)
            position += frame.width + gap
            return frame
        }
        var (low, high) = (0.0, 1.0)
        for panel in panels {
            for band in Self.band(panel) {
                low = min(low, band.low)
                high = max(high, band.high)
            }
        }
        ticks = AxisTicks.covering(low...high, count: 7)
    }

    /// Reward mean ± one standard deviation, never beyond the smallest and largest reward of the step.
    private static func band(_ panel: CurvePanel) -> [(step: Int, low: Double, high: Double)] {
        panel.rows.compactMap { row in
            guard let mean = row["reward/mean"] else { return nil }
            let spread = row["reward/std"] ?? 0
            return (
                row.step, max(mean - spread, min(mean, row["reward/min"] ?? mean - spread)),
                min(mean + spread, max(mean, row["reward/max"] ?? mean + spread))
            )
        }
    }

    private func y(_ value: Double) -> Double {
        let (low, high) = (ticks[0], ticks[ticks.count - 1])
        return bottom - (bottom - top) * (value - low) / (high - low)
    }

    mutating func draw(title: String, summary: String) -> SVGDocument {
        document.rectangle(
            x: 0.5, y: 0.5, width: size.width - 1, height: size.height - 1, fill: "#ffffff", radius: 10,
            attributes: "stroke=\"\(Colour.grid)\"")
        document.text(title, at: (28, 38), size: 20, fill: Colour.ink, attributes: "font-weight=\"600\"")
        document.text(summary, at: (28, 60), size: 13.5, fill: Colour.quiet)
        drawAxes()
        for frame in frames {
            drawLoss(frame)
            drawReward(frame)
            let accuracy = frame.panel.points("accuracy").map { (frame.x($0.step), y($0.value)) }
            document.polyline(accuracy, stroke: Colour.accuracy, width: 1.8)
        }
        drawHeldOut()
        drawLegend()
        return document
    }

    // MARK: Axes

    private mutating func drawAxes() {
        for frame in frames {
            document.rectangle(
                x: frame.left, y: top, width: frame.width, height: bottom - top, fill: Colour.panel, radius: 4)
        }
        for tick in ticks {
            for frame in frames {
                document.line(
                    from: (frame.left, y(tick)), to: (frame.left + frame.width, y(tick)), stroke: Colour.grid,
                    width: tick == 0 ? 1.5 : 1)
            }
            document.text(
                NumberText.fixed(tick, 1), at: (50, y(tick) + 4), size: 12, fill: Colour.quiet, anchor: "end")
        }
        for frame in frames {
            let centre = frame.left + frame.width / 2
            let count = frame.panel.trainedSteps
            document.text(
                CurvePanel.title(frame.panel.stage), at: (frame.left + 10, top + 19), size: 13, fill: Colour.ink,
                attributes: "font-weight=\"600\"")
            document.text(
                count == 1 ? "1 step" : "\(count) steps", at: (centre, bottom + 38), size: 12, fill: Colour.quiet,
                anchor: "middle")
            for tick in AxisTicks.within(frame.panel.steps, count: max(2, Int(frame.width / 75))) {
                document.line(
                    from: (frame.x(tick), bottom), to: (frame.x(tick), bottom + 5), stroke: Colour.quiet)
                document.text(
                    String(tick), at: (frame.x(tick), bottom + 20), size: 12, fill: Colour.quiet, anchor: "middle")
            }
        }
    }

    // MARK: Series

    private mutating func drawReward(_ frame: Frame) {
        let band = Self.band(frame.panel)
        guard band.count > 1 else {
            if let only = frame.panel.points("reward/mean").first {
                document.circle((frame.x(only.step), y(only.value)), radius: 3, fill: Colour.reward)
            }
            return
        }
        let upper = band.map { (x: frame.x($0.step), y: y($0.high)) }
        let lower = band.reversed().map { (x: frame.x($0.step), y: y($0.low)) }
        document.polygon(upper + lower, fill: Colour.reward, opacity: 0.13)
        document.polyline(
            frame.panel.points("reward/mean").map { (frame.x($0.step), y($0.value)) }, stroke: Colour.reward, width: 2.4
        )
    }

    /// The loss of a supervised stage on a scale of its own, from 0 to its largest value; its ends say their values.
    private mutating func drawLoss(_ frame: Frame) {
        let loss = frame.panel.points("loss")
        guard Self.showsLoss(frame.panel), let highest = loss.map(\.value).max(), highest > 0 else { return }
        let scale = (bottom - top - 44) / highest
        let points = loss.map { (x: frame.x($0.step), y: bottom - max(0, $0.value) * scale) }
        document.polyline(points, stroke: Colour.loss, width: 1.6)
        for (index, anchor) in [(0, "start"), (points.count - 1, "end")] {
            document.text(
                NumberText.fixed(loss[index].value, 2), at: (points[index].x, points[index].y - 7), size: 11,
                fill: Colour.quiet, anchor: anchor)
        }
    }

    private static func showsLoss(_ panel: CurvePanel) -> Bool {
        panel.stage != .reinforcement && panel.points("loss").count > 1
    }

    private mutating func drawHeldOut() {
        struct Mark {
            let x: Double
            let y: Double
            let value: Double
            let interval: (low: Double, high: Double)?
            let priority: Int
        }
        var marks: [Mark] = []
        for frame in frames {
            let rows = frame.panel.rows.filter { $0["eval/accuracy"] != nil }
            for (index, row) in rows.enumerated() {
                guard let value = row["eval/accuracy"] else { continue }
                var interval: (low: Double, high: Double)?
                if let low = row["eval/accuracy_low"], let high = row["eval/accuracy_high"] { interval = (low, high) }
                marks.append(
                    Mark(
                        x: frame.x(row.step), y: y(value), value: value, interval: interval,
                        priority: index == rows.count - 1 ? 0 : marks.isEmpty ? 1 : 2))
            }
        }
        document.polyline(
            marks.map { ($0.x, $0.y) }, stroke: Colour.heldOut, width: 1.6, attributes: "stroke-dasharray=\"2 5\"")
        for mark in marks {
            if let interval = mark.interval {
                document.line(
                    from: (mark.x, y(interval.low)), to: (mark.x, y(interval.high)), stroke: Colour.heldOut, width: 1.4,
                    attributes: "stroke-opacity=\"0.55\"")
            }
            document.circle(
                (mark.x, mark.y), radius: 4.6, fill: Colour.heldOut,
                attributes: "stroke=\"#ffffff\" stroke-width=\"1.6\"")
        }
        var labelled: [Mark] = []
        for mark in marks.sorted(by: { ($0.priority, $0.x) < ($1.priority, $1.x) }) {
            if labelled.contains(where: { abs($0.x - mark.x) < 36 && abs($0.y - mark.y) < 18 }) { continue }
            labelled.append(mark)
            let above = min(mark.y, mark.interval.map { y($0.high) } ?? mark.y) - 8
            document.text(
                NumberText.fixed(mark.value, 2), at: (mark.x, max(above, top + 12)), size: 12, fill: Colour.heldOut,
                anchor: "middle",
                attributes: "font-weight=\"600\" stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\"")
        }
    }

    // MARK: Legend

    private mutating func drawLegend() {
        func has(_ name: String) -> Bool { frames.contains { !$0.panel.points(name).isEmpty } }
        var x = 28.0
        let y = 86.0
        if has("reward/mean") {
            document.rectangle(
                x: x, y: y - 6, width: 20, height: 12, fill: Colour.reward, radius: 2,
                attributes: "fill-opacity=\"0.16\"")
            document.line(from: (x, y), to: (x + 20, y), stroke: Colour.reward, width: 2.4)
            x = label("reward, mean ± std", x, y)
        }
        if has("accuracy") {
            document.line(from: (x, y), to: (x + 20, y), stroke: Colour.accuracy, width: 1.8)
            x = label("training accuracy", x, y)
        }
        if has("eval/accuracy") {
            document.line(
                from: (x + 10, y - 8), to: (x + 10, y + 8), stroke: Colour.heldOut, width: 1.4,
                attributes: "stroke-opacity=\"0.55\"")
            document.circle((x + 10, y), radius: 4.6, fill: Colour.heldOut)
            x = label(has("eval/accuracy_low") ? "held-out accuracy, 95% interval" : "held-out accuracy", x, y)
        }
        if frames.contains(where: { Self.showsLoss($0.panel) }) {
            document.line(from: (x, y), to: (x + 20, y), stroke: Colour.loss, width: 1.6)
            x = label("training loss, own scale", x, y)
        }
    }

    /// Writes a legend entry beside its symbol and returns where the next one begins.
    private mutating func label(_ text: String, _ x: Double, _ y: Double) -> Double {
        document.text(text, at: (x + 27, y + 4.5), size: 12.5, fill: Colour.ink)
        // Labels are set in the reader's font, whose widths are not known here: these are the widths of a wide one.
        let width = text.reduce(0.0) { $0 + (" ,.ijlt%".contains($1) ? 4.8 : 7.8) }
        return x + 27 + width + 20
    }
}
