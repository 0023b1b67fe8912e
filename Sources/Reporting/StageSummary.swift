import Training

/// What one stage reached, as its metrics tell it.
public struct StageSummary: Sendable, Equatable {
    public struct HeldOut: Sendable, Equatable {
        public var accuracy: Double
        /// The 95 % interval.
        public var low: Double?
        public var high: Double?
        public var questionCount: Int?
    }

    /// The stage, or "start" for the policy before the first one.
    public var name: String
    public var steps: Int
    /// The newest evaluation of the stage.
    public var heldOut: HeldOut?
    /// The mean reward over the last five steps that have one.
    public var reward: Double?
    /// Wall time of all steps, over all attempts.
    public var seconds: Double?
    /// Tokens that the policy wrote per second of rollouts.
    public var sampledTokensPerSecond: Double?
    /// Tokens that the trainer read per second of training.
    public var trainedTokensPerSecond: Double?

    /// One summary per stage that has rows, after one for the policy before the first stage where that was measured.
    public static func summaries(of rows: [StepMetrics]) -> [StageSummary] {
        let panels = CurvePanel.panels(of: rows)
        var summaries = panels.map(StageSummary.init)
        if let first = panels.first, let start = heldOut(first.rows.filter { $0.step == 0 }) {
            summaries.insert(StageSummary(name: "start", heldOut: start), at: 0)
        }
        return summaries
    }

    private init(name: String, heldOut: HeldOut) {
        self.name = name
        steps = 0
        self.heldOut = heldOut
    }

    private init(_ panel: CurvePanel) {
        name = CurvePanel.title(panel.stage)
        steps = panel.trainedSteps
        heldOut = Self.heldOut(panel.rows.filter { $0.step > 0 })
        let rewards = panel.points("reward/mean").suffix(5).map(\.value)
        if !rewards.isEmpty { reward = rewards.reduce(0, +) / Double(rewards.count) }
        func sum(_ name: String) -> Double? {
            let points = panel.points(name)
            return points.isEmpty ? nil : points.reduce(0) { $0 + $1.value }
        }
        func rate(_ tokens: String, _ time: String) -> Double? {
            guard let tokens = sum(tokens), let seconds = sum(time), tokens > 0, seconds > 0 else { return nil }
            return tokens / seconds
        }
        seconds = sum("time/step")
        sampledTokensPerSecond = rate("tokens/sampled", "time/rollout")
        trainedTokensPerSecond = rate("tokens/total", "time/train") ?? rate("tokens/trained", "time/train")
    }

    private static func heldOut(_ rows: [StepMetrics]) -> HeldOut? {
        guard let row = rows.last(where: { $0["eval/accuracy"] != nil }), let accuracy = row["eval/accuracy"] else {
            return nil
        }
        return HeldOut(
            accuracy: accuracy, low: row["eval/accuracy_low"], high: row["eval/accuracy_high"],
            questionCount: row["eval/questions"].map { Int($0) })
    }
}
