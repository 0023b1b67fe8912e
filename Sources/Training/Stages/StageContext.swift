import Backends

/// What the stages of a run share.
public struct StageContext: Sendable {
    public var run: RunDirectory
    public var trainer: any PolicyTrainer
    public var checkpoints: CheckpointPolicy
    public var stop: StopSignal
    public var reporter: any StageReporter

    public init(
        run: RunDirectory, trainer: any PolicyTrainer, checkpoints: CheckpointPolicy, stop: StopSignal = StopSignal(),
        reporter: any StageReporter = SilentReporter()
    ) {
        self.run = run
        self.trainer = trainer
        self.checkpoints = checkpoints
        self.stop = stop
        self.reporter = reporter
    }
}
