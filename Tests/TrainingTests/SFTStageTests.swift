import Backends
import Evaluation
import Testing

@testable import Training

@Suite struct SFTStageTests {
    private let directory: TemporaryDirectory
    private let run: SmallRun

    init() throws {
        directory = try TemporaryDirectory()
        run = SmallRun(path: directory.path + "/run")
    }

    @Test func everyStepHasARowWithItsNumbers() async throws {
        try await run.launch()
        let rows = try run.rows().filter { $0.stage == .supervised }
        #expect(rows.map(\.step) == [0, 1, 2, 3])
        for row in rows.dropFirst() {
            #expect(row["learning_rate"] == 0.01)
            #expect(row["loss"] ?? 0 > 0)
            #expect(row["grad_norm"] != nil)
        }
        #expect(rows.map { $0["sequences"] } == [nil, 2, 2, 1])
        #expect(rows[3]["progress/examples"] == 5)
    }

    @Test func theStartAndTheEndAreEvaluated() async throws {
        let outcomes = try await run.launch().outcomes
        let rows = try run.rows().filter { $0.stage == .supervised }
        #expect(rows.map { $0["eval/questions"] } == [2, nil, nil, 2])
        #expect(outcomes[0].evaluation?.policyVersion == 3)
    }

    /// The launch in which numbers stop being finite records nothing of that step.
    @Test func aLossThatIsNotFiniteEndsTheRun() async throws {
        let opened = try await run.directory()
        let stage = try SFTStage(
            configuration: SFTConfiguration(
                steps: 3, schedule: LearningRateSchedule(peak: 1, totalSteps: 3),
                optimizer: AdamParameters(learningRate: 1)),
            source: ShuffledExamples(examples: SmallRun.examples, batchSize: 1, seed: 1))
        let trainer = FakeTrainer(backend: run.backend, faults: FaultInjector(), divergesAfter: 1)
        await #expect {
            _ = try await stage.run(
                in: StageContext(run: opened, trainer: trainer, checkpoints: CheckpointPolicy(every: 1)))
        } throws: { error in
            guard case TrainingError.diverged(_, let step, let quantity) = error else { return false }
            return step == 2 && quantity == "the loss"
        }
        await opened.close()
        #expect(try run.rows().map(\.step) == [1])
    }

    @Test func aStageWithoutStepsIsRefused() {
        #expect(throws: TrainingError.self) {
            try SFTStage(
                configuration: SFTConfiguration(
                    steps: 0, schedule: LearningRateSchedule(peak: 1, totalSteps: 0),
                    optimizer: AdamParameters(learningRate: 1)),
                source: ShuffledExamples(examples: SmallRun.examples, batchSize: 1, seed: 1))
        }
    }

    /// Base pre-training: the same stage over an endless stream, stopped between two steps and continued.
    @Test func aStreamIsReadOnInOrderAfterAStop() async throws {
        func launch(stopAfter: Int?) async throws -> UInt64 {
            let faults = FaultInjector()
            let directory = try await run.directory()
            let trainer = FakeTrainer(backend: run.backend, faults: faults)
            let stop = StopSignal()
            let stage = try SFTStage(
                stage: .pretraining,
                configuration: SFTConfiguration(
                    steps: 5, schedule: LearningRateSchedule(peak: 1, totalSteps: 5),
                    optimizer: AdamParameters(learningRate: 1)),
                source: ExampleStream(batchSize: 2) { index in
                    if index / 2 == stopAfter { stop.request() }
                    return SupervisedSequence(tokens: [1, Int32(index)], weights: [0, 1])
                })
            let context = StageContext(
                run: directory, trainer: trainer, checkpoints: CheckpointPolicy(every: 10), stop: stop)
            do {
                _ = try await stage.run(in: context)
            } catch TrainingError.interrupted(let manifest, _, _) {
                #expect(manifest == "000003.base.json")
            }
            await directory.close()
            return trainer.currentWeights
        }
        _ = try await launch(stopAfter: 2)
        let resumed = try await launch(stopAfter: nil)
        #expect(try run.rows().map(\.step) == [1, 2, 3, 4, 5])
        let other = try TemporaryDirectory()
        let whole = SmallRun(path: other.path + "/run")
        let directory = try await whole.directory()
        let trainer = FakeTrainer(backend: whole.backend, faults: FaultInjector())
        let stage = try SFTStage(
            stage: .pretraining,
            configuration: SFTConfiguration(
                steps: 5, schedule: LearningRateSchedule(peak: 1, totalSteps: 5),
                optimizer: AdamParameters(learningRate: 1)),
            source: ExampleStream(batchSize: 2) { SupervisedSequence(tokens: [1, Int32($0)], weights: [0, 1]) })
        _ = try await stage.run(
            in: StageContext(run: directory, trainer: trainer, checkpoints: CheckpointPolicy(every: 10)))
        await directory.close()
        #expect(trainer.currentWeights == resumed)
    }
}
