import Backends

/// What the stages of a run share.
public struct StageContext: Sendable {
    public var run: RunDirectory
    public var trainer: any PolicyTrainer
    public var checkpoints: CheckpointPolicy
    public var stop: StopSignal
    public var reporter: any StageReporter
    /// Opens the policy that the reinforcement stage compares with, where it wants one. It is told the trainer state that the
    /// stage starts from, `nil` for the base model.
    public var openReference: (@Sendable (_ stageStart: String?) async throws -> any ReferencePolicy)?

    public init(
        run: RunDirectory, trainer: any PolicyTrainer, checkpoints: CheckpointPolicy, stop: StopSignal = StopSignal(),
        reporter: any StageReporter = SilentReporter(),
        openReference: (@Sendable (_ stageStart: String?) async throws -> any ReferencePolicy)? = nil
    ) {
        self.run = run
        self.trainer = trainer
        self.checkpoints = checkpoints
        self.stop = stop
        self.reporter = reporter
        self.openReference = openReference
    }
}
