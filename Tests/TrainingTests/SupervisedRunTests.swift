import Backends
import Foundation
import Primitives
import Storage
import Synchronization
import Testing

@testable import Training

/// A supervised stage with accumulation, bucketing, evaluation losses, samples and early stop: killed, stopped, resumed.
@Suite struct SupervisedRunTests {
    enum Variant: String, CaseIterable, Sendable {
        case toTheEnd, stoppedEarly, packed
    }

    private static func run(_ variant: Variant = .toTheEnd, in directory: TemporaryDirectory) -> SupervisedRun {
        var run = SupervisedRun(path: directory.path + "/run")
        switch variant {
        case .toTheEnd: break
        case .stoppedEarly: run.earlyStop = EarlyStop(patience: 2)
        case .packed:
            run.packing = ExamplePacking(maximumTokens: 9)
            run.microBatching = .parts(2)
        }
        return run
    }

    private static func steps(of run: SupervisedRun) throws -> [Int] { try run.run.rows().map(\.step) }

    private func reference(
        _ variant: Variant
    ) async throws -> (snapshot: SmallRun.Snapshot, launch: SupervisedRun.Launch, points: Int, steps: [Int]) {
        let directory = try TemporaryDirectory()
        let run = Self.run(variant, in: directory)
        let faults = FaultInjector()
        let launch = try await run.launch(faults)
        return (try run.run.snapshot(), launch, faults.count, try Self.steps(of: run))
    }

    // MARK: Exactly once

    @Test(arguments: Variant.allCases) func aCrashAtAnyPointChangesNothing(variant: Variant) async throws {
        let expected = try await reference(variant)
        #expect(expected.points > 50)
        #expect(expected.launch.outcomes[0].stoppedEarly == (variant == .stoppedEarly))
        for point in 1...expected.points {
            let directory = try TemporaryDirectory()
            let run = Self.run(variant, in: directory)
            await #expect(throws: (any Error).self, "point \(point)") {
                try await run.launch(FaultInjector(.crash(at: point)))
            }
            let resumed = try await run.launch()
            try #require(try run.run.snapshot() == expected.snapshot, "point \(point)")
            if !resumed.outcomes.allSatisfy(\.wasAlreadyComplete) {
                try #require(resumed.weights == expected.launch.weights, "point \(point)")
            }
        }
    }

    @Test(arguments: Variant.allCases) func crashesOnTopOfCrashesChangeNothing(variant: Variant) async throws {
        let expected = try await reference(variant)
        let directory = try TemporaryDirectory()
        let run = Self.run(variant, in: directory)
        var launches = 0
        while true {
            launches += 1
            if (try? await run.launch(FaultInjector(.crash(at: 17 + 4 * launches)))) != nil { break }
            try #require(launches < 100)
        }
        #expect(launches > 2)
        #expect(try run.run.snapshot() == expected.snapshot)
    }

    /// tinker-cookbook#935: its checkpoint names the batch whose optimizer step was already taken as the next one.
    @Test(arguments: Variant.allCases) func aResumeAfterAStopMakesNoOptimizerStepTwice(variant: Variant) async throws {
        let expected = try await reference(variant)
        for point in stride(from: 1, through: expected.points, by: 5) {
            let directory = try TemporaryDirectory()
            let run = Self.run(variant, in: directory)
            var made: [RecordingTrainer.Step] = []
            // A stop lets a launch end by itself, so that what its trainer did is known from the rows.
            let faults = FaultInjector(.stop(at: point))
            do { made = try await run.launch(faults).steps } catch TrainingError.interrupted(_, _, let step) {
                made = Array(expected.launch.steps.prefix(step))
            }
            let resumed = try await run.launch()
            #expect(made + resumed.steps == expected.launch.steps, "point \(point)")
            #expect(run.run.backend.optimizers.withLock { $0.count } == expected.launch.steps.count, "point \(point)")
        }
    }

    /// verl#7401, verl#7974: a resume at the boundary of an epoch trains nothing and calls that success.
    @Test func aResumeAtTheBoundaryOfAnEpochTrainsTheNextOne() async throws {
        let expected = try await reference(.toTheEnd)
        let directory = try TemporaryDirectory()
        var first = Self.run(in: directory)
        first.checkpointEvery = 3
        let stepsPerEpoch = 3
        // The stop is asked for while the last step of the first epoch is under way.
        let reporter = StoppingReporter(after: stepsPerEpoch)
        let faults = FaultInjector()
        reporter.stop.withLock { $0 = faults.stop }
        await #expect(throws: TrainingError.self) { try await first.launch(faults, reporter: reporter) }
        let manifest = try #require(try RunDirectory.latestManifest(at: first.run.path))
        #expect(manifest.cursor == DataCursor(consumed: 10, epoch: 1, next: 0))

        let resumed = try await first.launch()
        #expect(resumed.outcomes[0].stepsMade == first.steps - stepsPerEpoch)
        #expect(resumed.steps == Array(expected.launch.steps[stepsPerEpoch...]))
        for epoch in 0..<3 {
            let steps = expected.launch.steps[epoch * stepsPerEpoch..<(epoch + 1) * stepsPerEpoch]
            let examples = steps.flatMap { $0.passes.flatMap { $0.map { $0.targetTokens[1] } } }
            #expect(examples.sorted() == (100..<110).map { TokenID($0) }, "epoch \(epoch)")
        }
    }

    private final class StoppingReporter: StageReporter {
        let step: Int
        let stop = Mutex<StopSignal?>(nil)
        let notices = Mutex<[String]>([])

        init(after step: Int) { self.step = step }

        func stepFinished(_ metrics: StepMetrics, of total: Int) {
            if metrics.step == step { stop.withLock { $0?.request() } }
        }

        func noticed(_ notice: String) { notices.withLock { $0.append(notice) } }
    }

    @Test func aCompleteStageTrainsNothingAndSaysSo() async throws {
        let directory = try TemporaryDirectory()
        let run = Self.run(.stoppedEarly, in: directory)
        try await run.launch()
        let before = try run.run.snapshot()
        let resumed = try await run.launch()
        #expect(resumed.outcomes[0].wasAlreadyComplete && resumed.steps.isEmpty)
        #expect(try run.run.snapshot() == before)
    }

    // MARK: Accumulation

    @Test func aDividedBatchIsOneOptimizerStepOfTheWholeBatch() async throws {
        let directory = try TemporaryDirectory()
        let run = Self.run(in: directory)
        let launch = try await run.launch()
        #expect(launch.steps.count == run.steps)
        #expect(launch.steps.contains { $0.passes.count > 1 })
        for step in launch.steps {
            let count = step.passes.reduce(0) { $0 + $1.count }
            #expect(step.totals == [Int](repeating: count, count: step.passes.count))
            let weight = step.passes.flatMap { $0.flatMap(\.weights) }.reduce(0) { $0 + Double($1) }
            #expect(abs(weight - 1) < 1e-6)
        }
        let rows = try run.run.rows().dropFirst()
        #expect(rows.map { $0["micro_batches"] } == launch.steps.map { Double($0.passes.count) })
        #expect(rows.allSatisfy { (0..<1).contains($0["tokens/padding_fraction"] ?? -1) })
    }

    // MARK: Evaluation loss, early stop and samples

    @Test func aStageEndsWhereTheLossStopsImproving() async throws {
        let directory = try TemporaryDirectory()
        let run = Self.run(.stoppedEarly, in: directory)
        let reporter = StoppingReporter(after: -1)
        let launch = try await run.launch(reporter: reporter)
        let rows = try run.run.rows()
        let losses = try rows.map { try #require($0["eval/loss"]) }
        #expect(rows.count < run.steps + 1)
        // Brute force: the first place where the two latest losses are no better than the best before them.
        let end = try #require(
            (2..<losses.count).first { (losses[..<($0 - 1)].min() ?? 0) <= losses[($0 - 1)...$0].min() ?? 0 })
        #expect(end == losses.count - 1)
        #expect(rows.allSatisfy { $0["eval/perplexity"] == exp($0["eval/loss"] ?? 0) })
        let manifest = try #require(try RunDirectory.latestManifest(at: run.run.path))
        #expect(manifest.isStageComplete && manifest.step == launch.outcomes[0].stepsMade)
        let notices = reporter.notices.withLock { $0 }
        #expect(notices.contains { $0.contains("ends early, after step \(manifest.step) of 9") })
    }

    @Test func theNextStageFollowsOneThatEndedEarly() async throws {
        let directory = try TemporaryDirectory()
        let run = Self.run(.stoppedEarly, in: directory)
        let first = try await run.launch(stages: [.pretraining])
        let both = try await run.launch(stages: [.pretraining, .supervised])
        #expect(first.outcomes[0].stoppedEarly)
        #expect(both.outcomes[0].wasAlreadyComplete && both.outcomes[1].stepsMade > 0)
    }

    @Test func samplesOfTheHeldOutBeginningsAreKept() async throws {
        let directory = try TemporaryDirectory()
        let run = Self.run(in: directory)
        try await run.launch()
        let layout = RunLayout(root: run.run.path)
        for step in [0, 4, 8, 9] {
            let rows = try JSONLines.read(layout.samples(stage: .supervised, step: step))
            #expect(rows.map { $0["example"]?.integerValue } == [0, 1])
            #expect(rows.map { $0["prompt"]?.stringValue } == ["[1, 2]", "[1, 2]"])
            #expect(rows.map { $0["reference"]?.stringValue } == ["[0, 3]", "[1, 3]"])
            #expect(rows.allSatisfy { $0["policy_version"]?.integerValue == step })
            #expect(
                rows.allSatisfy {
                    $0["continuation"]?.stringValue
                        == $0["tokens"].map { "[\($0.text.dropFirst().dropLast().replacing(",", with: ", "))]" }
                })
        }
        #expect(try FileStore.list(layout.evaluations).count == 4)
    }

    @Test func aPromptEndsWhereTheFirstWeightedStretchBegins() {
        func split(_ weights: [Float]) -> SamplePlan.Prompt? {
            SamplePlan.Prompt(
                example: 3, SupervisedSequence(tokens: (0..<weights.count).map { TokenID($0) }, weights: weights))
        }
        #expect(split([0, 0, 1, 1, 0, 1])?.tokens == [0, 1])
        #expect(split([0, 0, 1, 1, 0, 1])?.reference == [2, 3])
        #expect(split([1, 1, 0.5])?.tokens == [0])
        #expect(split([0, 0, 1])?.reference == [2])
        #expect(split([1, 0, 0]) == nil, "the first token is predicted from nothing")
    }

    @Test(arguments: [1, 2, 3, 100]) func theEvaluationLossDoesNotDependOnPasses(batchSize: Int) async throws {
        let trainer = FakeTrainer(backend: FakeBackend(), faults: FaultInjector())
        let examples = SupervisedRun.heldOut
        let whole = SupervisedBatch(examples)
        let expected = try #require(whole.meanLoss(logprobs: try await trainer.forward(whole.passes[0])))
        for division in [MicroBatching.whole, .tokens(7)] {
            let heldOut = try HeldOutLoss(examples: examples, every: 1, batchSize: batchSize, microBatching: division)
            let loss = try await heldOut.loss(trainer, stage: .supervised, step: 1)
            #expect(abs(loss - expected) < 1e-12)
        }
    }

    @Test func anEvaluationLossOfNothingIsRefused() {
        #expect(throws: TrainingError.self) {
            try HeldOutLoss(
                examples: [SupervisedSequence(tokens: [1, 2], weights: [1, 0])], every: 1, batchSize: 1)
        }
    }

    @Test func anEarlyStopWithoutAnEvaluationLossIsRefused() {
        var configuration = SFTConfiguration(
            steps: 1, schedule: LearningRateSchedule(peak: 1, totalSteps: 1), optimizer: AdamParameters(learningRate: 1)
        )
        configuration.earlyStop = EarlyStop(patience: 1)
        #expect(throws: TrainingError.self) {
            try SFTStage(
                configuration: configuration,
                source: ShuffledExamples(examples: SmallRun.examples, batchSize: 1, seed: 1))
        }
    }

    // MARK: The decision

    @Test(arguments: [0, 0.05, 0.3]) func theDecisionIsAFoldOverTheLosses(minimum: Double) {
        for trial in 0..<200 {
            var random = CounterRandom(seed: 3, stage: .supervised, sample: trial)
            let losses = (0..<12).map { _ in Double(random.integer(below: 20)) / 20 }
            let patience = 1 + random.integer(below: 4)
            let rule = EarlyStop(patience: patience, minimumImprovement: minimum)
            // Brute force: walk the record losses, count what follows the last.
            var (record, since): (Double?, Int) = (nil, 0)
            var judge = EarlyStopJudge(rule)
            for (index, loss) in losses.enumerated() {
                let improves = record.map { loss < $0 && loss <= $0 - minimum } ?? true
                (record, since) = improves ? (loss, 0) : (record, since + 1)
                judge.record(loss)
                #expect(judge.endsStage == (since >= patience))
                #expect(EarlyStopJudge(rule, losses: Array(losses[...index])) == judge, "resumed at any place")
            }
        }
    }
}
