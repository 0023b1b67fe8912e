import Evaluation

/// How a stage ended.
public struct StageOutcome: Sendable {
    public var stage: StageName
    /// Steps that this launch made; 0 where the stage was complete before.
    public var stepsMade: Int
    /// The newest evaluation that this launch made.
    public var evaluation: EvaluationReport?
    /// Whether this launch ended the stage before its last step (``EarlyStop``).
    public var stoppedEarly = false

    public var wasAlreadyComplete: Bool { stepsMade == 0 }
}
