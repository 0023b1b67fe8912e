/// When a supervised stage ends before its last step: the evaluation loss has not improved for some time.
public struct EarlyStop: Sendable, Equatable {
    /// How many evaluation losses in a row may bring no improvement; the stage ends with the last of them.
    public var patience: Int
    /// By how much a loss has to be below the best one so far to count as an improvement, in nats per token.
    public var minimumImprovement: Double

    public init(patience: Int, minimumImprovement: Double = 0) {
        precondition(patience > 0 && minimumImprovement >= 0, "an early stop waits for at least one evaluation")
        self.patience = patience
        self.minimumImprovement = minimumImprovement
    }
}

/// The decision of ``EarlyStop`` as a fold over the evaluation losses of a stage, oldest first. It knows nothing else, so a
/// resumed stage that folds the losses in `metrics.jsonl` decides as the uninterrupted one.
struct EarlyStopJudge: Sendable, Equatable {
    let rule: EarlyStop
    private(set) var best: Double?
    /// Losses since the best one.
    private(set) var withoutImprovement = 0

    init(_ rule: EarlyStop, losses: [Double] = []) {
        self.rule = rule
        for loss in losses { record(loss) }
    }

    var endsStage: Bool { withoutImprovement >= rule.patience }

    mutating func record(_ loss: Double) {
        if let best, loss >= best || loss > best - rule.minimumImprovement {
            withoutImprovement += 1
        } else {
            best = loss
            withoutImprovement = 0
        }
    }
}
