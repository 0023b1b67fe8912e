import Training

/// The reward curve of a run as one self-contained SVG file: reward mean with its spread, training accuracy and held-out
/// accuracy, one panel per stage. It depends on the metrics only, never on a clock.
public struct RewardCurveSVG: Sendable {
    /// Stands above the chart, the name of the run say.
    public var title: String
    public var width: Double
    public var height: Double

    public init(title: String, width: Double = 960, height: Double = 470) {
        self.title = title
        self.width = width
        self.height = height
    }

    public func text(_ rows: [StepMetrics]) -> String {
        let panels = CurvePanel.panels(of: rows)
        let summary = Self.summary(panels)
        var drawing = RewardCurveDrawing(size: (width, height), panels: panels)
        return drawing.draw(title: title, summary: summary).text(title: title, description: summary)
    }

    /// What the curve says, in one sentence: the held-out accuracy before and after each stage.
    private static func summary(_ panels: [CurvePanel]) -> String {
        var parts: [String] = []
        for panel in panels {
            let points = panel.points("eval/accuracy")
            if parts.isEmpty, let first = points.first, first.step == 0 {
                parts.append("\(NumberText.fixed(first.value, 2)) at the start")
            }
            if let last = points.last, last.step > 0 {
                parts.append("\(NumberText.fixed(last.value, 2)) after \(CurvePanel.title(panel.stage))")
            }
        }
        if panels.isEmpty { return "no steps recorded yet" }
        return parts.isEmpty
            ? "held-out accuracy not measured yet" : "held-out accuracy " + parts.joined(separator: " → ")
    }
}
