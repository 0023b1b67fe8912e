import Backends
import Evaluation

/// The settings of a supervised stage.
public struct SFTConfiguration: Sendable {
    public var steps: Int
    public var schedule: LearningRateSchedule
    /// The optimizer's settings; the learning rate is taken from `schedule`.
    public var optimizer: AdamParameters
    public var microBatching = MicroBatching.whole
    public var packing: ExamplePacking?
    public var evaluation: EvaluationPlan?
    public var heldOutLoss: HeldOutLoss?
    public var samples: SamplePlan?
    public var earlyStop: EarlyStop?

    public init(
        steps: Int, schedule: LearningRateSchedule, optimizer: AdamParameters, evaluation: EvaluationPlan? = nil
    ) {
        self.steps = steps
        self.schedule = schedule
        self.optimizer = optimizer
        self.evaluation = evaluation
    }

    func problem(of stage: StageName) -> TrainingError? {
        if steps <= 0 {
            return .invalidConfiguration(
                "stage \(stage.rawValue): the number of steps is \(steps); it must be positive")
        }
        if earlyStop != nil, heldOutLoss == nil {
            return .invalidConfiguration(
                "stage \(stage.rawValue): an early stop needs held-out examples to measure the evaluation loss on")
        }
        return nil
    }
}
