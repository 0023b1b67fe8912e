import Evaluation

/// Hears what a stage does, for progress lines and live charts. Calls come in order, from one task at a time, and must not
/// block. Every requirement has an empty default.
public protocol StageReporter: Sendable {
    /// The stage goes on after step `done` (0: from its start).
    func stageStarted(_ stage: StageName, after done: Int, of total: Int)
    func stepFinished(_ metrics: StepMetrics, of total: Int)
    /// An evaluation of the policy after step `step` (0: the policy that the stage started from).
    func evaluationFinished(_ report: EvaluationReport, stage: StageName, step: Int)
    func manifestWritten(_ manifest: CheckpointManifest)
    /// Something a user should know that is no error.
    func noticed(_ notice: String)
    func stageFinished(_ stage: StageName)
}

extension StageReporter {
    public func stageStarted(_ stage: StageName, after done: Int, of total: Int) {}
    public func stepFinished(_ metrics: StepMetrics, of total: Int) {}
    public func evaluationFinished(_ report: EvaluationReport, stage: StageName, step: Int) {}
    public func manifestWritten(_ manifest: CheckpointManifest) {}
    public func noticed(_ notice: String) {}
    public func stageFinished(_ stage: StageName) {}
}

/// A reporter that tells nobody.
public struct SilentReporter: StageReporter {
    public init() {}
}
