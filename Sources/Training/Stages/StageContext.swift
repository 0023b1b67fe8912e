import Backends

/// What the stages of a run share.
public struct StageContext: Sendable {
    public var run: RunDirectory
    public var trainer: any PolicyTrainer
    public var checkpoints: CheckpointPolicy
    public var stop: StopSignal
    public var reporter: any StageReporter
    /// The policy that the reinforcement stage compares with, where it wants one.
    public var reference: (any ReferencePolicy)?

    public init(
        run: RunDirectory, trainer: any PolicyTrainer, checkpoints: CheckpointPolicy, stop: StopSignal = StopSignal(),
        reporter: any StageReporter = SilentReporter(), reference: (any ReferencePolicy)? = nil
    ) {
        self.run = run
        self.trainer = trainer
        self.checkpoints = checkpoints
        self.stop = stop
        self.reporter = reporter
        self.reference = reference
    }
}
