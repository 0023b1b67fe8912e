import Backends
import Primitives
import Synchronization

@testable import Training

/// Passes everything on to a fake trainer, may end at forward passes too, and remembers what every optimizer step was made of.
final class RecordingTrainer: PolicyTrainer {
    struct Step: Equatable {
        var passes: [[Datum]]
        var totals: [Int]
    }

    let base: FakeTrainer
    private let faults: FaultInjector
    private let waiting = Mutex(Step(passes: [], totals: []))
    private let record: Mutex<[Step]> = Mutex([])

    init(_ base: FakeTrainer, faults: FaultInjector) {
        self.base = base
        self.faults = faults
    }

    var profile: BackendProfile { base.profile }
    var steps: [Step] { record.withLock { $0 } }

    func trainStep(
        _ datums: [Datum], loss: LossFunction, optimizer: AdamParameters
    ) async throws -> TrainStepResult {
        let pass = try await forwardBackward(datums, loss: loss, ofTotal: datums.count)
        let step = try await optimizerStep(optimizer)
        return TrainStepResult(logprobs: pass.logprobs, loss: pass.loss, gradientNorm: step.gradientNorm)
    }

    func forwardBackward(_ datums: [Datum], loss: LossFunction, ofTotal total: Int) async throws -> GradientPass {
        let pass = try await base.forwardBackward(datums, loss: loss, ofTotal: total)
        waiting.withLock { waiting in
            waiting.passes.append(datums)
            waiting.totals.append(total)
        }
        return pass
    }

    func optimizerStep(_ optimizer: AdamParameters) async throws -> OptimizerStep {
        let step = waiting.withLock { waiting in
            defer { waiting = Step(passes: [], totals: []) }
            return waiting
        }
        record.withLock { $0.append(step) }
        return try await base.optimizerStep(optimizer)
    }

    func forward(_ datums: [Datum]) async throws -> [[Float]] {
        try faults.point()
        return try await base.forward(datums)
    }

    func saveState(named name: String) async throws -> String { try await base.saveState(named: name) }
    func loadState(from reference: String) async throws { try await base.loadState(from: reference) }

    func publishSampler(policyVersion: Int) async throws -> any PolicySampler {
        try await base.publishSampler(policyVersion: policyVersion)
    }

    func close() async {}
}

/// A run with a supervised stage that uses everything such a stage has, over fakes.
struct SupervisedRun {
    let run: SmallRun
    var steps = 9
    var batchSize = 4
    var bucketBatches = 2
    var microBatching = MicroBatching.tokens(10)
    var packing: ExamplePacking?
    var earlyStop: EarlyStop?
    /// Steps between manifests.
    var checkpointEvery = 2

    init(path: String) { run = SmallRun(path: path) }

    static let examples = (0..<10).map { number in
        SupervisedSequence(
            tokens: [1, 2, TokenID(100 + number)] + [TokenID](repeating: 9, count: number % 4),
            weights: [0, 0, 1] + [Float](repeating: 1, count: number % 4))
    }

    static let heldOut = (0..<5).map { SupervisedSequence(tokens: [1, 2, TokenID($0), 3], weights: [0, 0, 1, 0.5]) }

    func stage(_ name: StageName = .supervised) throws -> SFTStage {
        var configuration = SFTConfiguration(
            steps: steps, schedule: LearningRateSchedule(shape: .linear, peak: 0.01, totalSteps: steps),
            optimizer: AdamParameters(learningRate: 0))
        configuration.microBatching = microBatching
        configuration.packing = packing
        configuration.earlyStop = earlyStop
        configuration.heldOutLoss = try HeldOutLoss(examples: Self.heldOut, every: 1, batchSize: 2)
        configuration.samples = SamplePlan(
            prompts: Self.heldOut.prefix(2).enumerated().compactMap { SamplePlan.Prompt(example: $0, $1) }, every: 4,
            maximumTokens: 6, stopTokens: [9], text: { "\($0)" })
        return try SFTStage(
            stage: name, configuration: configuration,
            source: ShuffledExamples(
                examples: Self.examples, batchSize: batchSize, bucketBatches: bucketBatches, seed: 7, stage: name))
    }

    struct Launch {
        var weights: UInt64
        var outcomes: [StageOutcome]
        var steps: [RecordingTrainer.Step]
    }

    @discardableResult
    func launch(
        _ faults: FaultInjector = FaultInjector(), stages: [StageName] = [.supervised],
        reporter: any StageReporter = SilentReporter()
    ) async throws -> Launch {
        let directory = try await run.directory(faults)
        let trainer = RecordingTrainer(
            FakeTrainer(backend: run.backend, faults: faults, profile: run.profile), faults: faults)
        let context = StageContext(
            run: directory, trainer: trainer, checkpoints: CheckpointPolicy(every: checkpointEvery), stop: faults.stop,
            reporter: reporter)
        do {
            var outcomes: [StageOutcome] = []
            for stage in stages { outcomes.append(try await self.stage(stage).run(in: context)) }
            await directory.close()
            return Launch(weights: trainer.base.currentWeights, outcomes: outcomes, steps: trainer.steps)
        } catch {
            await directory.close()
            throw error
        }
    }
}
