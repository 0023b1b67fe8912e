import Agents
import Testing

@testable import Training

/// Whatever fails, everybody hears of it and nobody waits.
@Suite struct EngineFailureTests {
    private func run(
        _ directory: TemporaryDirectory, staleness: Int, environment: FakeEnvironment
    ) -> SmallRun {
        var run = SmallRun(path: directory.path + "/run")
        run.environment = environment
        run.configure = { $0.overlap.maximumStaleness = staleness }
        return run
    }

    struct Outage: Error, Equatable { var step: Int }

    @Test(arguments: [(0, 1), (0, 3), (1, 2), (2, 4)])
    func anErrorOfAnEpisodeEndsTheRunAsThatError(staleness: Int, step: Int) async throws {
        let directory = try TemporaryDirectory()
        var environment = FakeEnvironment()
        environment.error = { $0.stage == .reinforcement && $0.step == step ? Outage(step: step) : nil }
        let broken = run(directory, staleness: staleness, environment: environment)
        await #expect(throws: Outage(step: step)) { try await broken.launch() }
        // Once the cause is gone the run goes on as if nothing had happened.
        var mended = broken
        mended.environment = FakeEnvironment()
        let result = try await mended.launch()
        let other = try TemporaryDirectory()
        let whole = run(other, staleness: staleness, environment: FakeEnvironment())
        #expect(try await whole.launch().weights == result.weights)
        #expect(try whole.snapshot() == mended.snapshot())
    }

    /// Cancelled tools let an episode look finished; it must not be taken for one that was.
    @Test func aCancelledRunEndsAndLeavesNoTrace() async throws {
        let directory = try TemporaryDirectory()
        var cancelled = run(directory, staleness: 1, environment: FakeEnvironment())
        cancelled.failures.attempts = 1
        cancelled.environment.failure = { _, _ in
            Task.isCancelled ? EpisodeFailure(.toolOutage, reason: "the call was cancelled") : nil
        }
        let played = cancelled.environment.record
        let task = Task { [cancelled] in try await cancelled.launch() }
        while played.keys.withLock({ $0.count }) < 5 { await Task.yield() }
        task.cancel()
        _ = await task.result
        try await cancelled.launch()
        let other = try TemporaryDirectory()
        let whole = run(other, staleness: 1, environment: FakeEnvironment())
        try await whole.launch()
        #expect(try cancelled.snapshot() == whole.snapshot())
    }
}
