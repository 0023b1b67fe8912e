import Training

/// Where a stage stands, in one line.
public struct ProgressLine: Sendable, Equatable {
    public var stage: StageName
    public var step: Int
    public var total: Int
    public var reward: Double?
    public var loss: Double?
    /// Of the training questions of the newest step.
    public var accuracy: Double?
    /// The newest held-out accuracy.
    public var heldOutAccuracy: Double?
    public var tokensPerSecond: Double?
    /// The share of the newest step's episodes that could not be played to their end.
    public var failedFraction: Double?
    /// Seconds since the stage began in this launch.
    public var elapsed: Double
    /// Estimated seconds to the end of the stage; `nil` until a step was made.
    public var remaining: Double?

    public init(stage: StageName, step: Int, total: Int, elapsed: Double = 0, remaining: Double? = nil) {
        self.stage = stage
        self.step = step
        self.total = total
        self.elapsed = elapsed
        self.remaining = remaining
    }

    /// The line for a log.
    public var logText: String { ([heading] + measures + [times]).joined(separator: "  ") }

    /// The line for a terminal: with a bar where there is room, the least important parts left out where there is not.
    public func terminalText(columns: Int, encoding: TextEncoding) -> String {
        var parts = measures
        while true {
            let text = ([heading] + parts + [times]).joined(separator: "  ")
            let room = columns - text.count - 2
            if room >= 10 { return heading + "  " + bar(min(24, room), encoding) + text.dropFirst(heading.count) }
            if text.count <= columns { return text }
            if parts.isEmpty { return String(text.prefix(max(0, columns))) }
            parts.removeLast()
        }
    }

    private var heading: String {
        let width = String(total).count
        let step = String(repeating: " ", count: max(0, width - String(step).count)) + String(step)
        return "\(CurvePanel.title(stage)) \(step)/\(total)"
    }

    /// In the order of their importance.
    private var measures: [String] {
        [
            reward.map { "reward \(NumberText.fixed($0, 3))" },
            reward == nil ? loss.map { "loss \(NumberText.fixed($0, 3))" } : nil,
            failedFraction.flatMap { $0 > 0 ? "\(NumberText.fixed(100 * $0, 1))% failed" : nil },
            heldOutAccuracy.map { "held-out \(NumberText.fixed($0, 3))" },
            accuracy.map { "accuracy \(NumberText.fixed($0, 2))" },
            tokensPerSecond.map { "\(NumberText.short($0)) tok/s" },
        ].compactMap(\.self)
    }

    private var times: String {
        let elapsed = NumberText.clock(seconds: elapsed)
        return step >= total ? elapsed : elapsed + (remaining.map { ", \(NumberText.clock(seconds: $0)) left" } ?? "")
    }

    /// A bar of `width` characters.
    private func bar(_ width: Int, _ encoding: TextEncoding) -> String {
        ProgressBar.text(total > 0 ? Double(step) / Double(total) : 0, width: width, encoding: encoding)
    }
}
