import Agents
import Evaluation
import Storage
import Testing

@testable import Training

/// Episodes that could not be played to their end never count as wrong answers.
@Suite struct FailedEpisodesTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private static let outage = EpisodeFailure(.toolOutage, reason: "the library is closed")

    private func run(_ name: String = "run") -> SmallRun { SmallRun(path: directory.path + "/" + name) }

    private func rows(_ run: SmallRun) throws -> [StepMetrics] {
        try run.rows().filter { $0.stage == .reinforcement }
    }

    @Test func `a failure that passes leaves no trace`() async throws {
        let plain = try await run("plain").launch()
        var flaky = run("flaky")
        flaky.environment.failure = { key, attempt in key.sample == 1 && attempt == 1 ? Self.outage : nil }
        #expect(try await flaky.launch().weights == plain.weights)
        #expect(try flaky.snapshot() == run("plain").snapshot())
    }

    @Test func `a failed episode is recorded with its reason, has no advantage and does not lower the reward`()
        async throws
    {
        var broken = run()
        broken.environment.verdict = { _ in .correct }
        broken.environment.failure = { key, _ in
            key.stage == .reinforcement && key.sample == 0 ? Self.outage : nil
        }
        try await broken.launch()
        for row in try rows(broken) {
            #expect(row["episodes/failed_fraction"] == 1.0 / 3)
            #expect(row["accuracy"] == 1)
            #expect(row["reward/task/mean"] == 1)
            let rollouts = try JSONLines.read(broken.path + "/rollouts/" + RunLayout.padded(row.step) + ".jsonl.zst")
            let failed = rollouts.filter { $0["episode"]?["failure"] != nil }
            #expect(failed.count == 2)
            #expect(failed.allSatisfy { $0["advantage"]?.isNull == true && $0["trained"]?.boolValue == false })
            #expect(failed.allSatisfy { $0["episode"]?["failure"]?["reason"]?.stringValue == "the library is closed" })
        }
        #expect(
            broken.environment.record.attempts.withLock { $0 }.filter {
                $0.key.sample == 0 && $0.key.stage == .reinforcement
            }.values.allSatisfy { $0 == 2 })
    }

    @Test(arguments: [true, false])
    func `the rest of a group is trained on or dropped, as the policy says`(keeps: Bool) async throws {
        var broken = run()
        broken.failures = FailurePolicy(attempts: 1, keepsPartialGroups: keeps)
        broken.environment.verdict = { $0.reduce(0, +).isMultiple(of: 2) ? .correct : .incorrect }
        broken.environment.failure = { key, _ in
            key.stage == .reinforcement && key.sample == 0 ? Self.outage : nil
        }
        try await broken.launch()
        let trained = try rows(broken).reduce(0) { $0 + ($1["train/sequences"] ?? 0) }
        #expect((trained > 0) == keeps)
    }

    @Test func `a step of which too much failed stops the run with the reason`() async throws {
        var broken = run()
        broken.environment.failure = { key, _ in key.stage == .reinforcement && key.step == 2 ? Self.outage : nil }
        let error = await #expect(throws: TrainingError.self) { try await broken.launch() }
        let text = error?.description ?? ""
        #expect(text.contains("stage rl, step 2: 6 of 6 episodes failed, the first because the library is closed"))
        #expect(text.contains("rl.failures.maximum_share"))
    }

    @Test func `an evaluation says how many episodes failed`() async throws {
        var broken = run()
        broken.environment.failure = { key, _ in key.stage == .evaluation && key.group == 0 ? Self.outage : nil }
        let outcomes = try await broken.launch().outcomes
        #expect(outcomes.allSatisfy { $0.evaluation?.failedCount == 1 })
    }
}
