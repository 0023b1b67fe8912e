import Agents
import Primitives
import Storage
import Testing

@testable import Training

/// Overlapped runs are functions of the recipe, and a crash anywhere changes nothing.
@Suite struct OverlapTests {
    struct Scenario: Sendable, CustomTestStringConvertible {
        var name: String
        var configure: @Sendable (inout GRPOConfiguration) -> Void
        var testDescription: String { name }
    }

    static let scenarios = [
        Scenario(name: "staleness 1") { $0.overlap.maximumStaleness = 1 },
        Scenario(name: "staleness 2") { $0.overlap.maximumStaleness = 2 },
        Scenario(name: "staleness beyond the run") { $0.overlap.maximumStaleness = 9 },
        Scenario(name: "dynamic sampling") { $0.maximumCandidates = 5 },
        Scenario(name: "dynamic sampling at staleness 2") {
            $0.maximumCandidates = 5
            $0.overlap.maximumStaleness = 2
        },
        Scenario(name: "streamed minibatches") { $0.overlap.minibatches = 2 },
        Scenario(name: "streamed minibatches at staleness 1") {
            $0.overlap = OverlapConfiguration(maximumStaleness: 1, minibatches: 2)
        },
        Scenario(name: "two optimizer steps per step") { $0.substeps = 2 },
        Scenario(name: "partial rollouts") { $0.overlap.tokensPerVersion = 3 },
        Scenario(name: "partial rollouts at staleness 1") {
            $0.overlap = OverlapConfiguration(maximumStaleness: 1, tokensPerVersion: 2)
        },
        Scenario(name: "replay") { $0.curriculum.replay = ReplayPolicy(groupsPerStep: 1) },
        Scenario(name: "replay at staleness 2, balanced specialties") {
            $0.curriculum.replay = ReplayPolicy(groupsPerStep: 2, maximumStaleness: 3, maximumUses: 2)
            $0.curriculum.balance = .specialty
            $0.overlap.maximumStaleness = 2
        },
        Scenario(name: "pools, a window and dynamic sampling at staleness 1") {
            $0.curriculum = CurriculumConfiguration(
                pools: [
                    DifficultyPool(name: "easy", share: 1, difficultyBelow: 3, passRateAbove: 0.5),
                    DifficultyPool(name: "hard", share: 1),
                ], evidence: PassRateEvidence(minimumAttempts: 3, memory: 9),
                window: HardnessWindow(lower: 0.1, upper: 0.9))
            $0.overlap.maximumStaleness = 1
            $0.maximumCandidates = 4
        },
        Scenario(name: "partial rollouts, each of which fails once") {
            $0.overlap = OverlapConfiguration(maximumStaleness: 1, tokensPerVersion: 2)
        },
        Scenario(name: "partial rollouts and dynamic sampling") {
            $0.overlap = OverlapConfiguration(maximumStaleness: 1, tokensPerVersion: 3)
            $0.maximumCandidates = 4
        },
    ]

    private func run(_ scenario: Scenario, in directory: TemporaryDirectory, concurrency: Int = 3) -> SmallRun {
        var run = SmallRun(path: directory.path + "/run")
        run.concurrency = concurrency
        let configure = scenario.configure
        if scenario.name.contains("fails once") {
            run.environment.failure = { key, attempt in
                attempt % 2 == 1 && key.stage == .reinforcement
                    ? EpisodeFailure(.toolOutage, reason: "the library is closed") : nil
            }
        }
        run.configure = { configuration in
            configuration.steps = 7
            configuration.schedule.totalSteps = 7
            configure(&configuration)
        }
        return run
    }

    @Test(arguments: scenarios) func theOrderOfCompletionDoesNotMatter(scenario: Scenario) async throws {
        let directory = try TemporaryDirectory()
        let first = run(scenario, in: directory)
        let expected = try await first.launch()
        for concurrency in [1, 16] {
            let other = try TemporaryDirectory()
            let second = run(scenario, in: other, concurrency: concurrency)
            let result = try await second.launch()
            #expect(result.weights == expected.weights)
            #expect(try second.snapshot() == first.snapshot())
        }
    }

    @Test(arguments: scenarios) func aCrashAtAnyPointChangesNothing(scenario: Scenario) async throws {
        let reference = try TemporaryDirectory()
        let whole = run(scenario, in: reference)
        let faults = FaultInjector()
        let expected = try await whole.launch(faults)
        let snapshot = try whole.snapshot()
        for point in stride(from: 1, through: faults.count, by: 11) {
            let directory = try TemporaryDirectory()
            let trial = run(scenario, in: directory)
            _ = try? await trial.launch(FaultInjector(.crash(at: point)))
            let resumed = try await trial.launch()
            try #require(try trial.snapshot() == snapshot, "point \(point)")
            if !resumed.outcomes.allSatisfy(\.wasAlreadyComplete) {
                try #require(resumed.weights == expected.weights, "point \(point)")
            }
        }
    }

    @Test(arguments: scenarios) func aStopAnywhereChangesNothing(scenario: Scenario) async throws {
        let reference = try TemporaryDirectory()
        let whole = run(scenario, in: reference)
        let faults = FaultInjector()
        let expected = try await whole.launch(faults)
        let snapshot = try whole.snapshot()
        for point in stride(from: 5, through: faults.count, by: 45) {
            let directory = try TemporaryDirectory()
            let trial = run(scenario, in: directory)
            do { try await trial.launch(FaultInjector(.stop(at: point))) } catch TrainingError.interrupted {}
            let last = try await trial.launch()
            if !last.outcomes.allSatisfy(\.wasAlreadyComplete) { #expect(last.weights == expected.weights) }
            let resumed = try trial.snapshot()
            #expect(
                try FileStore.read(trial.path + "/outcomes.jsonl") == FileStore.read(whole.path + "/outcomes.jsonl"))
            #expect(resumed.metrics == snapshot.metrics, "point \(point)")
            #expect(resumed.rollouts == snapshot.rollouts, "point \(point)")
        }
    }

    @Test(arguments: [0, 1, 2, 4]) func everyEpisodeIsSampledByExactlyThePolicyThatTheRuleNames(
        staleness: Int
    ) async throws {
        let directory = try TemporaryDirectory()
        let small = run(Scenario(name: "") { $0.overlap.maximumStaleness = staleness }, in: directory, concurrency: 16)
        try await small.launch()
        let rows = try small.rows().filter { $0.stage == .reinforcement }
        var versions = [0]
        for row in rows { versions.append((versions.last ?? 0) + Int(row["train/updated"] ?? 0)) }
        for row in rows {
            let expected = versions[max(0, row.step - 1 - staleness)]
            let rollouts = try JSONLines.read(small.path + "/rollouts/" + RunLayout.padded(row.step) + ".jsonl.zst")
            #expect(Set(rollouts.compactMap { $0["policy_version"]?.integerValue }) == [expected])
            #expect(row["staleness/max"] == Double(versions[row.step - 1] - expected))
        }
    }

    @Test func stoppedWhileItWaitsARunEndsInAManifestOfItsLastStep() async throws {
        var stopped = 0
        for point in stride(from: 150, through: 330, by: 30) {
            let directory = try TemporaryDirectory()
            let trial = run(Scenario(name: "") { $0.overlap.maximumStaleness = 2 }, in: directory)
            do {
                try await trial.launch(FaultInjector(.stop(at: point)))
            } catch TrainingError.interrupted(let manifest, .reinforcement, let step) where step > 0 {
                #expect(manifest == CheckpointManifest.fileName(stage: .reinforcement, step: step))
                stopped += 1
            } catch TrainingError.interrupted {}
        }
        #expect(stopped > 0)
    }
}
