import Agents
import Backends
import Evaluation
import Primitives
import Rewards
import Storage
import Testing

@testable import Training

@Suite struct GRPOStageTests {
    private let directory: TemporaryDirectory
    private var run: SmallRun

    init() throws {
        directory = try TemporaryDirectory()
        run = SmallRun(path: directory.path + "/run")
    }

    private func reinforcementRows() throws -> [StepMetrics] {
        try run.rows().filter { $0.stage == .reinforcement }
    }

    @Test func everyStepHasTheNamedMetrics() async throws {
        try await run.launch()
        let rows = try reinforcementRows()
        #expect(rows.map(\.step) == [1, 2, 3, 4])
        let names = [
            "reward/mean", "reward/std", "reward/min", "reward/max", "reward/task/mean", "reward/format/mean",
            "reward/efficiency/mean", "accuracy", "format/valid_fraction", "group/frac_zero_std",
            "group/frac_all_correct", "group/frac_none_correct", "advantage/abs_mean", "response_length/mean",
            "response_length/max", "response_length/clip_ratio", "turns/mean", "tool_calls/mean",
            "tool_calls/error_fraction", "kl/sampler_trainer_v1", "kl/sampler_trainer_v2", "entropy",
            "staleness/mean", "staleness/max", "loss", "grad_norm", "learning_rate", "tokens/sampled",
            "time/rollout", "time/reward", "time/train", "time/publish", "time/step",
            "throughput/sampled_tokens_per_second", "trainer/idle_ratio", "sampler/idle_ratio",
        ]
        for row in rows { for name in names { #expect(row.names.contains(name), "\(name)") } }
        #expect(rows.map { $0["learning_rate"] } == [0.01, 0.0075, 0.005, 0.0025])
    }

    @Test func evaluationsComeEveryFewStepsAndAtTheEnd() async throws {
        try await run.launch()
        #expect(try reinforcementRows().map { $0["eval/accuracy"] != nil } == [false, false, true, true])
        let files = try FileStore.list(run.path + "/evaluations").filter { $0.hasSuffix(".rl.json") }
        #expect(files.sorted() == ["000003.rl.json", "000004.rl.json"])
    }

    /// The sampler is the trainer's own policy, so their logprobs are equal on every step.
    @Test func aFreshSamplerDoesNotDiverge() async throws {
        try await run.launch()
        for row in try reinforcementRows() where row["train/updated"] == 1 {
            #expect(row["kl/sampler_trainer_v2"] == 0)
            #expect(row["staleness/max"] == 0)
        }
    }

    /// What a server reduces differently is compensated where it is sent; a second time here would weigh long sequences more.
    @Test func theServersReductionIsNoBusinessOfTheStage() async throws {
        let plain = try await run.launch()
        var other = SmallRun(path: directory.path + "/other")
        other.profile = .skyRL
        #expect(try await other.launch().weights == plain.weights)
    }

    @Test func metricsAreMeasuredOnAllEpisodes() async throws {
        try await run.launch()
        for row in try reinforcementRows() {
            let rollouts = try JSONLines.read(run.path + "/rollouts/" + RunLayout.padded(row.step) + ".jsonl.zst")
            let rewards = rollouts.compactMap { $0["reward"]?["total"]?.doubleValue }
            #expect(rewards.count == 6)
            #expect(abs((row["reward/mean"] ?? -1) - rewards.reduce(0, +) / 6) < 1e-12)
            let trained = rollouts.count { $0["trained"]?.boolValue == true }
            #expect(row["train/sequences"] == Double(trained))
        }
    }

    @Test func verdictsThatMustNotTrainAreLeftOut() async throws {
        try await run.launch()
        var excluded = 0
        for step in 1...SmallRun.reinforcementSteps {
            for row in try JSONLines.read(run.path + "/rollouts/" + RunLayout.padded(step) + ".jsonl.zst")
            where row["reward"]?["trains"]?.boolValue == false {
                excluded += 1
                #expect(row["trained"]?.boolValue == false)
                #expect(row["advantage"] == .null)
            }
        }
        #expect(excluded > 0)
    }

    @Test func aStepWithoutSignalTrainsNothingAndSaysSo() async throws {
        var flat = run
        flat.environment.verdict = { _ in .goldError }
        let result = try await flat.launch()
        let rows = try reinforcementRows()
        #expect(rows.map(\.step) == [1, 2, 3, 4])
        for row in rows {
            #expect(row["train/updated"] == 0)
            #expect(row["train/sequences"] == 0)
            #expect(row["group/frac_zero_std"] == 1)
            #expect(row.names.contains("loss") && row["loss"] == nil)
            #expect(row["policy_version"] == 0)
        }
        #expect(flat.backend.losses.withLock { $0 } == [.crossEntropy, .crossEntropy, .crossEntropy])
        let supervised = flat.backend.states.withLock { $0["fake://sft-000003-a1"] }
        #expect(result.weights == supervised)
    }

    @Test func clipFractionsAreThereForPPO() async throws {
        var clipped = run
        clipped.objective.loss = .ppo(clipLow: 0.8, clipHigh: 1.2)
        try await clipped.launch()
        #expect(try reinforcementRows().contains { $0["ratio/clip_fraction_low"] == 0 })
        #expect(clipped.backend.losses.withLock { $0.last } == .ppo(clipLow: 0.8, clipHigh: 1.2))
    }

    @Test func episodesReadBackFromTheWriteAheadLog() async throws {
        var found = false
        for point in stride(from: 60, to: 400, by: 7) where !found {
            let attempt = try TemporaryDirectory()
            let trial = SmallRun(path: attempt.path + "/run")
            _ = try? await trial.launch(FaultInjector(.crash(at: point)))
            for file in (try? FileStore.list(trial.path + "/groups")) ?? [] where !found {
                let rows = try JSONLines.read(trial.path + "/groups/" + file)
                guard rows.count > 1 else { continue }
                for row in rows.dropFirst() { #expect(try PlayedEpisode(json: row).json == row) }
                found = true
            }
        }
        #expect(found)
    }

    @Test func aStageThatSkipsAnUnfinishedOneIsRefused() async throws {
        let point = try await {
            // Stop in the middle of the supervised stage: after the manifest of its second step.
            for point in 10..<60 {
                let trialDirectory = try TemporaryDirectory()
                let trial = SmallRun(path: trialDirectory.path + "/run")
                _ = try? await trial.launch(FaultInjector(.crash(at: point)))
                if FileStore.exists(trial.path + "/manifests/000002.sft.json") { return point + 1 }
            }
            return 0
        }()
        _ = try? await run.launch(FaultInjector(.crash(at: point)))
        let opened = try await run.directory()
        let stage = try GRPOStage(
            configuration: GRPOConfiguration(
                steps: 1, questionsPerStep: 1, groupSize: 2, schedule: LearningRateSchedule(peak: 1, totalSteps: 1),
                optimizer: AdamParameters(learningRate: 1), seed: 1),
            environment: FakeEnvironment(), questions: SmallRun.questions)
        await #expect {
            _ = try await stage.run(
                in: StageContext(
                    run: opened, trainer: FakeTrainer(backend: run.backend, faults: FaultInjector()),
                    checkpoints: CheckpointPolicy(every: 1)))
        } throws: { error in
            if case TrainingError.stageOrder = error { true } else { false }
        }
        await opened.close()
    }

    @Test func aGroupOfOneIsRefused() {
        #expect {
            _ = try GRPOStage(
                configuration: GRPOConfiguration(
                    steps: 1, questionsPerStep: 1, groupSize: 1,
                    schedule: LearningRateSchedule(peak: 1, totalSteps: 1),
                    optimizer: AdamParameters(learningRate: 1), seed: 1),
                environment: FakeEnvironment(), questions: SmallRun.questions)
        } throws: { "\($0)".contains("group size") }
    }
}
